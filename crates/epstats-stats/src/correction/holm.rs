//! Holm's correction.

use super::{Adjusted, adjusted, capped, given};

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
    let mut result = vec![None; p_values.len()];
    let mut largest = 0.0_f64;
    for (factor, at, p) in ranked(p_values) {
        largest = largest.max((p * factor).min(1.0));
        result[at] = Some(largest);
    }
    result
}

/// [`holm`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value; the ratio is exactly 1/(m − j + 1) where the p-value's own factor decides.
#[must_use]
pub fn holm_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    let mut result = vec![None; ln_p_values.len()];
    let mut largest: Option<Adjusted> = None;
    for (factor, at, ln_p) in ranked(ln_p_values) {
        let own = adjusted(ln_p, factor);
        let decided = match largest {
            Some(before) if before.ln_p_value >= 0.0 => capped(ln_p),
            Some(before) if before.ln_p_value > own.ln_p_value => Adjusted {
                level_ratio: (ln_p - before.ln_p_value).exp(),
                ..before
            },
            _ => own,
        };
        largest = Some(decided);
        result[at] = Some(decided);
    }
    result
}

/// The values that are there, smallest first: (m − j + 1, place, value).
fn ranked(values: &[Option<f64>]) -> impl Iterator<Item = (f64, usize, f64)> {
    let mut present: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, &value)| Some((at, given(value)?)))
        .collect();
    present.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let count = present.len();
    present
        .into_iter()
        .enumerate()
        .map(move |(rank, (at, value))| ((count - rank) as f64, at, value))
}
