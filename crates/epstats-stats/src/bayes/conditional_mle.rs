//! The winner's curse: estimates that are told because they are significant are too large.

use crate::Undefined;
use crate::distribution::normal_mills_ratio;

/// A significant statistic, corrected for having been selected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionalEstimate {
    /// The true effect in standard errors under which this statistic is the likeliest of all significant ones; of the sign of the statistic.
    pub mean: f64,
    /// What is left of the estimate: mean over statistic, above 0 and at most 1.
    pub shrink_factor: f64,
}

/// Maximum-likelihood estimate of an effect given that its test rejected.
///
/// **Formula**: given |z| > c, the μ that maximizes −(z − μ)²/2 − ln(P(Z > c − μ) + P(Z < −c − μ)). **Legend**: z statistic, c critical value, both in
/// standard errors. The logarithm of that probability plus μ²/2 is convex, so there is one solution: the μ under which significant statistics are
/// z on average. **Assumptions**: the estimate is normal; it is told only where it is significant. **Range**: |z| > c ≥ 0.
/// **Accuracy**: 7e-15 relative for c up to 5, 6e-13 up to 30; all terms are quotients by φ(c − μ), so none underflows. **Edges**: c = 0 leaves z
/// as it is. **Source**: Zöllner and Pritchard 2007; Ghosh, Zou and Wright 2008.
///
/// ```
/// let estimate = epstats_stats::conditional_mle(2.1, 1.959963984540054).unwrap();
/// assert!((estimate.shrink_factor - 0.2679080663991773).abs() < 1e-12);
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`], also where the statistic is not beyond the critical value.
pub fn conditional_mle(statistic: f64, critical: f64) -> Result<ConditionalEstimate, Undefined> {
    let z = statistic.abs();
    if !(critical >= 0.0 && z > critical && z.is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let (mut lower, mut upper) = (0.0, z);
    let mut mean = z;
    for _ in 0..MOST_STEPS {
        let shift = expected_shift(mean, critical);
        let excess = mean + shift.value - z;
        if excess > 0.0 {
            upper = mean;
        } else {
            lower = mean;
        }
        let newton = mean - excess / (1.0 + shift.slope);
        let next = if lower <= newton && newton <= upper {
            newton
        } else {
            lower + 0.5 * (upper - lower)
        };
        let moved = (next - mean).abs();
        mean = next;
        if moved <= 2.0 * f64::EPSILON * mean {
            break;
        }
    }
    Ok(ConditionalEstimate {
        mean: mean.copysign(statistic),
        shrink_factor: mean / z,
    })
}

/// By how much significant statistics exceed the true effect on average, and how that changes with it.
struct Shift {
    value: f64,
    slope: f64,
}

/// (φ(c − μ) − φ(c + μ))/(P(Z > c − μ) + P(Z > c + μ)) with numerator and denominator over φ(c − μ).
fn expected_shift(mean: f64, critical: f64) -> Shift {
    let (near, far) = (critical - mean, critical + mean);
    let ln_quotient = -2.0 * critical * mean;
    let quotient = ln_quotient.exp();
    let probability = normal_mills_ratio(near) + quotient * normal_mills_ratio(far);
    let value = -ln_quotient.exp_m1() / probability;
    let slope = (near + far * quotient) / probability - value * value;
    Shift { value, slope }
}

/// Newton's steps square the error; halving alone, where they fail, takes 60.
const MOST_STEPS: u32 = 200;
