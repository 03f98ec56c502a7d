//! The variance of a smooth function of means.

use crate::{Estimate, Undefined};

/// Estimate of a smooth function of per-unit means, such as a ratio of two means.
///
/// **Estimates** θ = g(m), with unit variance ∇g(m)ᵀ S ∇g(m). **Legend**: m means, S covariance matrix per unit, n units.
/// **Assumptions**: units are independent, g is smooth at m, and n is large enough for its curvature not to matter (for ratios: 50 units).
/// A linear g is exact. **Edges**: fewer than two units, a value or variance that is not finite: undefined. **Accuracy**: rounding only.
/// **Source**: Deng, Knoblich and Lu 2018, section 2.
///
/// ```
/// // Clicks per view: means 2 and 4, variances 3 and 5, covariance 1.
/// let covariance = [[3.0, 1.0], [1.0, 5.0]];
/// let gradient = [1.0 / 4.0, -2.0 / 16.0];
/// let ratio = epstats_stats::delta_method(2.0 / 4.0, &gradient, |i, j| covariance[i][j], 100.0).unwrap();
/// assert_eq!(ratio.unit_variance, (3.0 - 2.0 * 0.5 * 1.0 + 0.25 * 5.0) / 16.0);
/// ```
///
/// # Errors
///
/// [`Undefined::TooFewUnits`], [`Undefined::InvalidInput`].
pub fn delta_method(
    value: f64,
    gradient: &[f64],
    covariance: impl Fn(usize, usize) -> f64,
    n: f64,
) -> Result<Estimate, Undefined> {
    if !value.is_finite() || n.is_nan() {
        return Err(Undefined::InvalidInput);
    }
    if n < 2.0 {
        return Err(Undefined::TooFewUnits);
    }
    Ok(Estimate {
        value,
        unit_variance: delta_variance(gradient, covariance)?,
        n,
    })
}

/// The quadratic form ∇gᵀ S ∇g, the variance of one unit of g; never below zero.
///
/// Where its terms cancel to less than their own rounding (four ulps of the sum of their sizes), as for a ratio that is the same for every
/// unit, it is zero; below zero it could only be by rounding, since S is a covariance matrix.
///
/// # Errors
///
/// [`Undefined::InvalidInput`] where it is not a finite number.
pub fn delta_variance(
    gradient: &[f64],
    covariance: impl Fn(usize, usize) -> f64,
) -> Result<f64, Undefined> {
    let mut variance = 0.0;
    let mut size = 0.0;
    let mut add = |term: f64| {
        variance += term;
        size += term.abs();
    };
    for (i, &slope) in gradient.iter().enumerate() {
        if slope == 0.0 {
            continue;
        }
        add(slope * slope * covariance(i, i));
        for (j, &other) in gradient.iter().enumerate().skip(i + 1) {
            if other != 0.0 {
                add(2.0 * slope * other * covariance(i, j));
            }
        }
    }
    if !variance.is_finite() {
        Err(Undefined::InvalidInput)
    } else if variance <= 4.0 * f64::EPSILON * size {
        Ok(0.0)
    } else {
        Ok(variance)
    }
}
