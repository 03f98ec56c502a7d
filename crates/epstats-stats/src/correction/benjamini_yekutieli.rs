//! The correction of Benjamini and Yekutieli.

use super::step::{Place, step_up, step_up_ln};
use super::{Adjusted, adjusted, count};

/// Adjusted p-values of Benjamini and Yekutieli: with p₍₁₎ ≤ … ≤ p₍ₘ₎, min(1, min over j ≥ i of h (m/j) p₍ⱼ₎), h = 1 + 1/2 + … + 1/m.
///
/// **Controls** the expected share of false rejections among all rejections. **Legend**: m the number of p-values that are there; missing ones (and
/// NaN) stay missing and do not count. **Assumptions**: none on dependence; the price is the factor h, about ln m + 0.58.
/// **Range**: 0 ≤ p ≤ 1. **Accuracy**: rounding of h (m ulps at most, 2e-15 for 100 p-values) and of two products. **Edges**: equal p-values get
/// equal ones. **Source**: Benjamini and Yekutieli 2001, theorem 1.3.
#[must_use]
pub fn benjamini_yekutieli(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let factor = factor(p_values);
    step_up(p_values, |p, place| p * factor(place))
}

/// [`benjamini_yekutieli`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value.
#[must_use]
pub fn benjamini_yekutieli_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    let factor = factor(ln_p_values);
    step_up_ln(ln_p_values, |ln_p, place| adjusted(ln_p, factor(place)))
}

/// h m/j of a place.
fn factor(values: &[Option<f64>]) -> impl Fn(Place) -> f64 + use<> {
    // Summed from the smallest term on, which keeps the error of the sum small.
    let harmonic: f64 = (1..=count(values) as u64)
        .rev()
        .map(|k| 1.0 / k as f64)
        .sum();
    move |place| harmonic * (place.count() / place.rank())
}
