//! Šidák's correction.

use std::f64::consts::LN_2;

use super::{Adjusted, capped, count, given};

/// Adjusted p-values of Šidák: 1 − (1 − p)ᵐ.
///
/// **Controls** the probability of any false rejection. **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and
/// do not count. **Assumptions**: test statistics independent, or those of two-sided tests that are jointly normal; then it is exact or safe, and
/// slightly more powerful than Bonferroni. **Range**: 0 ≤ p ≤ 1. **Accuracy**: 3e-16 relative; formed by the logarithm and the exponential near 1,
/// so that small p-values keep their digits. **Source**: Šidák 1967.
///
/// ```
/// let adjusted = epstats_stats::sidak(&[Some(0.5), None, Some(1e-20)]);
/// assert_eq!(adjusted, [Some(0.75), None, Some(2e-20)]);
/// ```
#[must_use]
pub fn sidak(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let count = count(p_values);
    let adjust = |&p: &Option<f64>| given(p).map(|p| at_least_one(p, count));
    p_values.iter().map(adjust).collect()
}

/// [`sidak`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 3e-16 · |ln p| relative in the p-value, 4e-16 relative in the ratio.
#[must_use]
pub fn sidak_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    let count = count(ln_p_values);
    let adjust = |&ln_p: &Option<f64>| given(ln_p).map(|ln_p| at_least_one_ln(ln_p, count));
    ln_p_values.iter().map(adjust).collect()
}

/// The probability that at least one of `count` independent p-values is not above p.
pub(super) fn at_least_one(p: f64, count: f64) -> f64 {
    -(count * (-p).ln_1p()).exp_m1()
}

/// [`at_least_one`] on the logarithm of p.
pub(super) fn at_least_one_ln(ln_p: f64, count: f64) -> Adjusted {
    if ln_p >= 0.0 {
        return capped(ln_p);
    }
    let p = ln_p.exp();
    let ln_none = count * ln_one_minus_exp(ln_p);
    // Adjusted p over p: from m for tiny p down to 1. Below 1e-300 it is m to all digits, while the quotient would lose them.
    let growth = if p < 1e-300 {
        count
    } else {
        -ln_none.exp_m1() / p
    };
    let ln_p_value = if ln_none > -LN_2 {
        ln_p + growth.ln()
    } else {
        ln_one_minus_exp(ln_none)
    };
    Adjusted {
        p_value: ln_p_value.exp(),
        ln_p_value,
        level_ratio: growth.recip().min(1.0),
    }
}

/// ln(1 − eˣ) for x ≤ 0, with digits at both ends.
fn ln_one_minus_exp(x: f64) -> f64 {
    if x > -LN_2 {
        (-x.exp_m1()).ln()
    } else {
        (-x.exp()).ln_1p()
    }
}
