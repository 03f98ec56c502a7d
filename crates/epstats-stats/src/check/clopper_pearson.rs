//! The exact interval of a share.

use crate::distribution::beta_isf;
use crate::{Interval, Undefined};

/// Interval of a probability from k successes in N trials.
///
/// **Formula**: lower limit the quantile of Beta(k, N − k + 1) with alpha/2 below it, upper limit that of Beta(k + 1, N − k) with alpha/2 above it.
/// **Assumptions**: independent trials with one probability; covers at least with probability 1 − alpha, mostly more.
/// **Range**: 0 ≤ k ≤ N, N > 0; 0 < alpha < 1. **Accuracy**: 7e-14 relative, that of [`beta_isf`]. **Edges**: k = 0 gives 0 as lower limit, k = N gives
/// 1 as upper. **Source**: Clopper and Pearson 1934.
///
/// # Errors
///
/// [`Undefined::NoUnits`] for N = 0; [`Undefined::InvalidInput`].
pub fn clopper_pearson(successes: f64, trials: f64, alpha: f64) -> Result<Interval, Undefined> {
    let counts = successes >= 0.0 && successes <= trials && trials.is_finite();
    if !(counts && alpha > 0.0 && alpha < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    if trials == 0.0 {
        return Err(Undefined::NoUnits);
    }
    let failures = trials - successes;
    let tail = alpha / 2.0;
    let lower = if successes == 0.0 {
        0.0
    } else {
        beta_isf(tail, failures + 1.0, successes).1
    };
    let upper = if failures == 0.0 {
        1.0
    } else {
        beta_isf(tail, successes + 1.0, failures).0
    };
    if lower <= upper {
        Ok(Interval { lower, upper })
    } else {
        Err(Undefined::InvalidInput)
    }
}
