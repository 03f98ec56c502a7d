//! Hochberg's correction.

use super::step::{step_up, step_up_ln};
use super::{Adjusted, adjusted};

/// Adjusted p-values of Hochberg: with p₍₁₎ ≤ … ≤ p₍ₘ₎, min over j ≥ i of (m − j + 1) p₍ⱼ₎.
///
/// **Controls** the probability of any false rejection. **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and
/// do not count. **Assumptions**: test statistics independent, or positively dependent (Simes' inequality holds), as those of treatments that share a
/// control are; never less powerful than Holm. **Range**: 0 ≤ p ≤ 1. **Accuracy**: rounding of one product. **Edges**: equal p-values get equal ones.
/// **Source**: Hochberg 1988.
///
/// ```
/// use epstats_stats::hochberg;
/// assert_eq!(hochberg(&[Some(0.01), Some(0.04), None, Some(0.03)]), [Some(0.03), Some(0.04), None, Some(0.04)]);
/// ```
#[must_use]
pub fn hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    step_up(p_values, |p, place| p * place.remaining())
}

/// [`hochberg`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value.
#[must_use]
pub fn hochberg_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    step_up_ln(ln_p_values, |ln_p, place| adjusted(ln_p, place.remaining()))
}
