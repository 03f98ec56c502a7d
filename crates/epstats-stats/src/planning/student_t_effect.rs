//! The smallest effect that a test by Student's t finds.

use super::student_t::{PlannedVariant, Pooling, StudentTPower, student_t_power};
use super::{Design, minimum_detectable_effect_one_tail};
use crate::{Comparison, Undefined};

/// The smallest effect that is found with the power by Student's t: the inverse of [`student_t_power`].
///
/// **Formula, legend, assumptions**: those of [`student_t_power`], solved for D. **Range**: n ≥ 2, v ≥ 0, one of them above 0, power above the error of
/// one comparison and below 1. **Accuracy**: 1e-12 relative, by halving an interval; the power of the answer is as asked to 1e-12. **Source**: Chow, Shao
/// and Wang 2008, 3.2.
///
/// ```
/// use epstats_stats::{Alternative, Comparison, Design, PlannedVariant, Pooling, student_t_minimum_detectable_effect};
/// let variant = PlannedVariant { unit_variance: 1.0, n: 64.0 };
/// let planned = Comparison { control: variant, treatment: variant };
/// let design = Design { alpha: 0.05, alternative: Alternative::TwoSided, comparisons: 1 };
/// let effect = student_t_minimum_detectable_effect(0.8014595579222541, &planned, Pooling::Pooled, &design).unwrap();
/// assert!((effect - 0.5).abs() < 1e-12);
/// ```
///
/// # Errors
///
/// As [`student_t_power`]; [`Undefined::InvalidInput`] for a power out of range.
pub fn student_t_minimum_detectable_effect(
    power: f64,
    planned: &Comparison<PlannedVariant>,
    pooling: Pooling,
    design: &Design,
) -> Result<f64, Undefined> {
    let at = |effect: f64| student_t_power(effect, planned, pooling, design);
    let StudentTPower {
        power: without_effect,
        ..
    } = at(0.0)?;
    if !(power > without_effect && power < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    // An effect of one has as noncentrality the inverse of the standard error.
    let standard_error = 1.0 / at(1.0)?.noncentrality;
    let (mut below, mut above) = (
        0.0,
        minimum_detectable_effect_one_tail(power, standard_error, design)?,
    );
    while at(above)?.power < power {
        below = above;
        above *= 2.0;
        if !above.is_finite() {
            return Err(Undefined::InvalidInput);
        }
    }
    loop {
        let middle = below + 0.5 * (above - below);
        if above - below <= 1e-14 * above || middle <= below || middle >= above {
            return Ok(middle);
        }
        if at(middle)?.power < power {
            below = middle;
        } else {
            above = middle;
        }
    }
}
