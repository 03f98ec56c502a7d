//! How often a test rejects, and how well that is known.

use crate::special::beta_inc;
use crate::{ConfidenceLevel, Interval, Undefined};

/// The share of runs in which a test rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RejectionRate {
    /// Rejections over runs.
    pub rate: f64,
    /// Standard error of the rate.
    pub standard_error: f64,
    /// The interval of Clopper and Pearson, which covers the true rate at least as often as the level says.
    pub interval: Interval,
}

/// Rate of rejections among independent runs, with an exact interval.
///
/// **Formula**: r = k/N, e = √(r(1 − r)/N); the limits are the rates for which k or more, and k or fewer, rejections have half the error each:
/// I(lower; k, N − k + 1) = a/2, I(upper; k + 1, N − k) = 1 − a/2, I the regularized incomplete beta function. **Legend**: k rejections, N runs, a
/// error of the interval. **Assumptions**: independent runs. **Edges**: k = 0 has lower limit 0, k = N upper limit 1. **Accuracy**: 1e-13
/// relative. **Source**: Clopper and Pearson 1934.
///
/// ```
/// use epstats_stats::{ConfidenceLevel, rejection_rate};
/// let found = rejection_rate(60, 1000, ConfidenceLevel::DEFAULT).unwrap();
/// assert!(found.interval.contains(0.05) && !found.interval.contains(0.04));
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`] without runs; [`Undefined::InvalidInput`] for more rejections than runs.
pub fn rejection_rate(
    rejections: u64,
    runs: u64,
    level: ConfidenceLevel,
) -> Result<RejectionRate, Undefined> {
    if runs == 0 {
        return Err(Undefined::NoUnits);
    }
    if rejections > runs {
        return Err(Undefined::InvalidInput);
    }
    let (k, n) = (rejections as f64, runs as f64);
    let rate = k / n;
    let tail = 0.5 * level.alpha();
    let lower = if rejections == 0 {
        0.0
    } else {
        first_where(|x| beta_inc(k, n - k + 1.0, x).0 >= tail)
    };
    let upper = if rejections == runs {
        1.0
    } else {
        first_where(|x| beta_inc(k + 1.0, n - k, x).1 <= tail)
    };
    Ok(RejectionRate {
        rate,
        standard_error: (rate * (1.0 - rate) / n).sqrt(),
        interval: Interval { lower, upper },
    })
}

/// The smallest number between 0 and 1 from which on a condition holds, by halving until no number is left between.
fn first_where(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut above) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (below + above);
        if middle <= below || middle >= above {
            return above;
        }
        if holds(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
}
