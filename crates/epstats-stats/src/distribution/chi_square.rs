//! The chi-square distribution.

use super::SMALLEST_DIRECT;
use crate::special::{gamma_inc, ln_far_gamma_tail};

/// Upper tail of the chi-square distribution with `df` degrees of freedom, P(X > x).
///
/// **Formula**: Q(df/2, x/2), Q the regularized upper incomplete gamma function. **Range**: x ≥ 0 (below: 1), df > 0; NaN otherwise.
/// **Accuracy**: 1e-14 relative in everyday use, 2e-13 at worst, for df up to 1000 and tails down to 1e-300.
/// **Source**: DiDonato and Morris 1986 (TOMS 654) through cdflib; below 1e-290 the logarithm of [`chi_square_ln_sf`].
#[must_use]
pub fn chi_square_sf(x: f64, df: f64) -> f64 {
    match tails(x, df) {
        None => f64::NAN,
        Some((_, upper)) if upper >= SMALLEST_DIRECT => upper,
        Some(_) => ln_far_gamma_tail(0.5 * df, 0.5 * x).exp(),
    }
}

/// Lower tail of the chi-square distribution, P(X ≤ x); accuracy as [`chi_square_sf`].
#[must_use]
pub fn chi_square_cdf(x: f64, df: f64) -> f64 {
    tails(x, df).map_or(f64::NAN, |(lower, _)| lower)
}

/// Logarithm of the upper tail of the chi-square distribution.
///
/// **Formula**: the logarithm of [`chi_square_sf`], by the lower tail where that is small; below 1e-290 the continued fraction of Γ(a, z).
/// **Range**: as there. **Accuracy**: 1e-14 relative, or absolute where it is near 0. **Source**: DLMF 8.9.2.
#[must_use]
pub fn chi_square_ln_sf(x: f64, df: f64) -> f64 {
    match tails(x, df) {
        None => f64::NAN,
        Some((lower, _)) if lower < 0.5 => (-lower).ln_1p(),
        Some((_, upper)) if upper >= SMALLEST_DIRECT => upper.ln(),
        Some(_) => ln_far_gamma_tail(0.5 * df, 0.5 * x),
    }
}

fn tails(x: f64, df: f64) -> Option<(f64, f64)> {
    if !(df > 0.0 && df.is_finite()) || x.is_nan() {
        None
    } else if x <= 0.0 {
        Some((0.0, 1.0))
    } else {
        gamma_inc(0.5 * df, 0.5 * x)
    }
}
