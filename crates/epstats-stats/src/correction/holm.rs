//! Holm's correction.

use super::step::{step_down, step_down_ln};
use super::{Adjusted, adjusted};

/// Adjusted p-values of Holm: with p₍₁₎ ≤ … ≤ p₍ₘ₎, min(1, max over j ≤ i of (m − j + 1) p₍ⱼ₎).
///
/// **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and do not count. **Assumptions**: none on dependence;
/// never less powerful than Bonferroni. **Range**: 0 ≤ p ≤ 1. **Accuracy**: rounding of one product. **Edges**: equal p-values get equal ones.
/// **Source**: Holm 1979.
///
/// ```
/// use epstats_stats::holm;
/// assert_eq!(holm(&[Some(0.01), Some(0.04), None, Some(0.03)]), [Some(0.03), Some(0.06), None, Some(0.06)]);
/// ```
#[must_use]
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    step_down(p_values, |p, place| p * place.remaining())
}

/// [`holm`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value; the ratio is exactly 1/(m − j + 1) where the p-value's own factor decides.
#[must_use]
pub fn holm_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    step_down_ln(ln_p_values, |ln_p, place| adjusted(ln_p, place.remaining()))
}
