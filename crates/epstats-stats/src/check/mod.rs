//! Tests of the data's health.

mod rejection_rate;
mod share_above_limit;
mod srm;
mod sum_ratio;
mod uniformity;

pub use rejection_rate::{RejectionRate, rejection_rate};
pub use share_above_limit::share_above_limit;
pub use srm::{Srm, sample_ratio_mismatch};
pub use sum_ratio::{SumRatio, sum_ratio};
pub use uniformity::{Uniformity, uniformity};

/// A probability with its logarithm, which does not underflow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// The probability.
    pub p_value: f64,
    /// Its natural logarithm.
    pub ln_p_value: f64,
}
