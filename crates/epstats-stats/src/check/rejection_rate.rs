//! How often a test rejects in repeated runs.

use super::clopper_pearson;
use crate::{ConfidenceLevel, Interval, Undefined};

/// Share of runs in which a test rejected, with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RejectionRate {
    /// Rejections over runs.
    pub rate: f64,
    /// Standard error √(r(1 − r)/N) by the draw of the runs (Monte Carlo); 0 where all runs agree.
    pub standard_error: f64,
    /// The rates that the runs are compatible with.
    pub interval: Interval,
}

/// The rejection rate of k of N runs, such as that of A/A tests, whose rate should be alpha.
///
/// **Formula**: r = k/N, standard error √(r(1 − r)/N), interval of [`clopper_pearson`](crate::clopper_pearson).
/// **Assumptions**: independent runs. **Range**: 0 ≤ k ≤ N, N > 0. **Accuracy**: as there.
///
/// ```
/// use epstats_stats::{ConfidenceLevel, rejection_rate};
/// let rate = rejection_rate(60, 1000, ConfidenceLevel::DEFAULT).unwrap();
/// assert!((rate.interval.lower - 0.04609503542248433).abs() < 1e-15);
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`] without a run; [`Undefined::InvalidInput`].
pub fn rejection_rate(
    rejections: u64,
    runs: u64,
    level: ConfidenceLevel,
) -> Result<RejectionRate, Undefined> {
    let (rejections, runs) = (rejections as f64, runs as f64);
    let interval = clopper_pearson(rejections, runs, level.alpha())?;
    let rate = rejections / runs;
    Ok(RejectionRate {
        rate,
        standard_error: (rate * ((runs - rejections) / runs) / runs).sqrt(),
        interval,
    })
}
