//! Planning: how many units an experiment needs, and what it can see.

mod false_positive_risk;
mod normal;

pub use false_positive_risk::false_positive_risk;
pub use normal::{
    Design, minimum_detectable_effect, minimum_detectable_effect_one_tail, power,
    required_sample_size,
};
