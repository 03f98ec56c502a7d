//! The sum ratio: how much of one total there is beside another.

use crate::Undefined;
use crate::distribution::{chi_square_ln_sf, chi_square_sf};

/// Share of a numerator total among both totals, with a chi-square test of one against the rest of the other.
///
/// **Formula**: A/(D + A); X = (D − |D − A|)²/(D + |D − A|), the chi-square statistic of D and |D − A| against equal halves, one degree of freedom.
/// **Legend**: A numerator total, D denominator total, over all variants. **Assumptions**: none that give the p-value a sound meaning, since it
/// compares D with D − A; [`share_above_limit`](crate::share_above_limit) is the test of the share. **Range**: finite totals.
/// **Accuracy**: 1e-13 relative in p. **Edges**: D + A = 0 is undefined.
///
/// # Errors
///
/// [`Undefined::NoUnits`] for D + A = 0; [`Undefined::InvalidInput`].
pub fn sum_ratio(numerator: f64, denominator: f64) -> Result<SumRatio, Undefined> {
    let both = denominator + numerator;
    if !both.is_finite() {
        return Err(Undefined::InvalidInput);
    }
    if both == 0.0 {
        return Err(Undefined::NoUnits);
    }
    let rest = (denominator - numerator).abs();
    let half = 0.5 * (denominator + rest);
    let off = denominator - half;
    let statistic = if half == 0.0 {
        0.0
    } else {
        2.0 * (off / half) * off
    };
    let p_value = chi_square_sf(statistic, 1.0);
    let ln_p_value = chi_square_ln_sf(statistic, 1.0);
    let ratio = numerator / both;
    if p_value.is_nan() || !ratio.is_finite() {
        return Err(Undefined::InvalidInput);
    }
    Ok(SumRatio {
        sum_ratio: ratio,
        statistic,
        p_value,
        ln_p_value,
    })
}

/// Result of [`sum_ratio`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SumRatio {
    /// Numerator over numerator plus denominator.
    pub sum_ratio: f64,
    /// Chi-square statistic.
    pub statistic: f64,
    /// Its upper tail.
    pub p_value: f64,
    /// The natural logarithm of that.
    pub ln_p_value: f64,
}
