//! Tests of the data's health.

mod clopper_pearson;
mod covariate_imbalance;
mod outlier_dominance;
mod rejection_rate;
mod share_above_limit;
mod skewness;
mod srm;
mod srm_sequential;
mod sum_ratio;
mod twyman;
mod uniformity;

pub use clopper_pearson::clopper_pearson;
pub use covariate_imbalance::{CovariateImbalance, covariate_imbalance};
pub use outlier_dominance::{
    Extremes, OutlierDominance, outlier_dominance, outlier_dominance_of_extremes,
};
pub use rejection_rate::{RejectionRate, rejection_rate};
pub use share_above_limit::share_above_limit;
pub use skewness::{UnitsForSkewness, enough_successes_and_failures, units_for_skewness};
pub use srm::{Srm, sample_ratio_mismatch, srm_degrees_of_freedom};
pub use srm_sequential::{SequentialSrm, SequentialSrmDesign, sequential_srm, sequential_srm_path};
pub use sum_ratio::{SumRatio, sum_ratio};
pub use twyman::{Striking, Twyman, TwymanLimits, twyman};
pub use uniformity::{Uniformity, uniformity};

/// A probability with its logarithm, which does not underflow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// The probability.
    pub p_value: f64,
    /// Its natural logarithm.
    pub ln_p_value: f64,
}
