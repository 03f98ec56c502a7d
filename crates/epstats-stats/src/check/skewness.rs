//! Are there enough units for means to be nearly normal?

use crate::Undefined;

/// Units that a variant needs for the mean of a skewed metric to be nearly normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitsForSkewness {
    /// 355 g², not rounded.
    pub raw: f64,
    /// The same as a whole number of units.
    pub by_skewness: f64,
    /// What is asked for: at least 30, whatever the skewness.
    pub required: f64,
}

/// The rule of thumb for skewed metrics: n ≥ 355 g² units per variant, at least 30.
///
/// **Legend**: g skewness of one unit, (M₃/n)/(M₂/n)^{3/2} with Mₖ the centred sum of k-th powers. **Assumptions**: units are independent. At this number
/// the two ends of a 95% interval of one mean miss with about 2.05% and 2.95% in place of 2.5% each (the first term of Edgeworth's expansion,
/// g (2z² + 1) φ(z)/(6√n)). Between equally large variants skewness largely cancels, and fewer units do. **Range**: any finite g.
/// **Accuracy**: rounding. **Source**: Kohavi, Deng, Longbotham and Xu 2014, rule 7; Hall 1992.
///
/// ```
/// assert_eq!(epstats_stats::units_for_skewness(2.0).unwrap().required, 1420.0);
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn units_for_skewness(skewness: f64) -> Result<UnitsForSkewness, Undefined> {
    let raw = 355.0 * (skewness * skewness);
    if !raw.is_finite() {
        return Err(Undefined::InvalidInput);
    }
    let by_skewness = raw.ceil();
    Ok(UnitsForSkewness {
        raw,
        by_skewness,
        required: by_skewness.max(30.0),
    })
}

/// Has a rate at least 10 successes and 10 failures, as its normal approximation asks?
///
/// A rule of thumb beside [`units_for_skewness`], for rates alone. **Range**: 0 ≤ successes ≤ n, n finite.
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn enough_successes_and_failures(successes: f64, n: f64) -> Result<bool, Undefined> {
    if !(successes >= 0.0 && successes <= n && n.is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    Ok(successes >= 10.0 && n - successes >= 10.0)
}
