//! The errors of intervals that keep a promise for a whole family.

use super::{benjamini_hochberg, count, given};

/// The error of each interval so that all intervals of the family cover their truths at once: alpha/m (Bonferroni).
///
/// **Legend**: m the number of p-values that are there; where one is missing there is no interval. **Assumptions**: none on dependence; all
/// intervals together cover with probability at least 1 − alpha. **Source**: Dunn 1961.
#[must_use]
pub fn simultaneous_errors(p_values: &[Option<f64>], alpha: f64) -> Vec<Option<f64>> {
    let error = alpha / count(p_values);
    let with_error = |&p: &Option<f64>| given(p).map(|_| error);
    p_values.iter().map(with_error).collect()
}

/// The error of each interval that is reported because Benjamini and Hochberg's correction selects it: R alpha/m.
///
/// **Estimates** the effects that were selected: of their intervals an expected share of no more than alpha misses its truth. **Legend**: m the
/// number of p-values that are there, R how many of them are selected, which means adjusted to no more than alpha. What is not selected has no interval.
/// **Assumptions**: as for [`benjamini_hochberg`]. A selected two-sided interval with this error excludes "no effect". **Edges**: nothing selected,
/// no interval. **Accuracy**: rounding. **Source**: Benjamini and Yekutieli 2005.
///
/// ```
/// use epstats_stats::false_coverage_errors;
/// let errors = false_coverage_errors(&[Some(0.01), Some(0.9), Some(0.02), None], 0.06);
/// assert_eq!(errors, [Some(0.04), None, Some(0.04), None]);
/// ```
#[must_use]
pub fn false_coverage_errors(p_values: &[Option<f64>], alpha: f64) -> Vec<Option<f64>> {
    let adjusted = benjamini_hochberg(p_values);
    let selected = |adjusted: &Option<f64>| adjusted.filter(|&adjusted| adjusted <= alpha);
    let error = alpha * adjusted.iter().filter_map(selected).count() as f64 / count(p_values);
    let with_error = |adjusted| selected(adjusted).map(|_| error);
    adjusted.iter().map(with_error).collect()
}
