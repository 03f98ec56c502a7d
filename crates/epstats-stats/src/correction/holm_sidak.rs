//! Holm's steps with Šidák's formula.

use super::Adjusted;
use super::sidak::{at_least_one, at_least_one_ln};
use super::step::{step_down, step_down_ln};

/// Adjusted p-values of Holm and Šidák: with p₍₁₎ ≤ … ≤ p₍ₘ₎, max over j ≤ i of 1 − (1 − p₍ⱼ₎)ᵐ⁻ʲ⁺¹.
///
/// **Controls** the probability of any false rejection. **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and
/// do not count. **Assumptions**: those of [`sidak`](crate::sidak); then slightly more powerful than Holm. **Range**: 0 ≤ p ≤ 1.
/// **Accuracy**: 3e-16 relative. **Edges**: equal p-values get equal ones. **Source**: Holland and Copenhaver 1987.
#[must_use]
pub fn holm_sidak(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    step_down(p_values, |p, place| at_least_one(p, place.remaining()))
}

/// [`holm_sidak`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value.
#[must_use]
pub fn holm_sidak_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    step_down_ln(ln_p_values, |ln_p, place| {
        at_least_one_ln(ln_p, place.remaining())
    })
}
