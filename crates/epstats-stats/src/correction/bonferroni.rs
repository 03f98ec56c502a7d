//! Bonferroni's correction.

use super::{Adjusted, adjusted, count, given};

/// Adjusted p-values of Bonferroni: min(1, m p).
///
/// **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and do not count. **Assumptions**: none on dependence.
/// **Range**: 0 ≤ p ≤ 1. **Accuracy**: rounding of one product. **Source**: Dunn 1961.
#[must_use]
pub fn bonferroni(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let count = count(p_values);
    p_values
        .iter()
        .map(|&p| given(p).map(|p| (p * count).min(1.0)))
        .collect()
}

/// [`bonferroni`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
#[must_use]
pub fn bonferroni_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    let count = count(ln_p_values);
    ln_p_values
        .iter()
        .map(|&ln_p| given(ln_p).map(|ln_p| adjusted(ln_p, count)))
        .collect()
}
