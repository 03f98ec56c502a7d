//! The correction of Benjamini and Hochberg.

use super::step::{step_up, step_up_ln};
use super::{Adjusted, adjusted};

/// Adjusted p-values of Benjamini and Hochberg: with p₍₁₎ ≤ … ≤ p₍ₘ₎, min over j ≥ i of (m/j) p₍ⱼ₎.
///
/// **Controls** the expected share of false rejections among all rejections, not the probability of any. **Legend**: m the number of p-values that
/// are there; missing ones (and NaN) stay missing and do not count. **Assumptions**: test statistics independent or positively dependent
/// ([`benjamini_yekutieli`](crate::benjamini_yekutieli) needs neither). **Range**: 0 ≤ p ≤ 1. **Accuracy**: rounding of a quotient and a product.
/// **Edges**: equal p-values get equal ones. **Source**: Benjamini and Hochberg 1995.
///
/// ```
/// use epstats_stats::benjamini_hochberg;
/// let adjusted = benjamini_hochberg(&[Some(0.01), Some(0.04), None, Some(0.03)]);
/// assert_eq!(adjusted, [Some(0.03), Some(0.04), None, Some(0.04)]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    step_up(p_values, |p, place| p * (place.count() / place.rank()))
}

/// [`benjamini_hochberg`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value.
#[must_use]
pub fn benjamini_hochberg_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    step_up_ln(ln_p_values, |ln_p, place| {
        adjusted(ln_p, place.count() / place.rank())
    })
}
