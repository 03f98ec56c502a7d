//! Planning: how many units an experiment needs, what it can see, and what its results are worth.

mod aim;
mod duration;
mod false_positive_risk;
mod normal;
mod required_units;
mod sign_and_size;
mod student_t;
mod student_t_effect;
mod unit_variance;
mod whole;

pub use aim::Aim;
pub use duration::{Traffic, duration_days, up_to_whole_weeks};
pub use false_positive_risk::{Evidence, false_positive_risk};
pub use normal::{
    Design, PlannedTest, minimum_detectable_effect, minimum_detectable_effect_one_tail, power,
    required_sample_size,
};
pub use required_units::{Reference, RequiredUnits, Requirement, required_units};
pub use sign_and_size::{SignAndSize, sign_and_size};
pub use student_t::{PlannedVariant, Pooling, StudentTPower, student_t_power};
pub use student_t_effect::student_t_minimum_detectable_effect;
pub use unit_variance::{rate_variances, variance_after_covariates};
