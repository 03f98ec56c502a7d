//! The standard normal distribution.

use std::f64::consts::{LN_2, SQRT_2};

use cdflib::special::{cumnor, error_fc_scaled};

/// Upper tail of the standard normal distribution, P(Z > x).
///
/// **Formula**: ½ erfc(x/√2). **Range**: every x; ±∞ give 0 and 1. **Accuracy**: 4e-16 relative for x ≤ 37.6, beyond 3e-13 down to the
/// smallest normal number. **Source**: Cody 1969 through cdflib; erfc of libm beyond x = 37.6, where cdflib's tail ends.
#[must_use]
pub fn normal_sf(x: f64) -> f64 {
    if x > CDFLIB_ENDS {
        0.5 * libm::erfc(x / SQRT_2)
    } else if x < -CDFLIB_ENDS {
        1.0
    } else {
        cumnor(x).1
    }
}

/// Lower tail of the standard normal distribution, P(Z ≤ x); accuracy as [`normal_sf`].
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    normal_sf(-x)
}

/// Logarithm of the upper tail of the standard normal distribution.
///
/// **Formula**: for x > 5, ln(½ M) − x²/2 with M = exp(x²/2) erfc(x/√2); for x < −1, ln(1 − Φ(x)) by the logarithm near one.
/// **Range**: every x; above 1e154 it is −∞. **Accuracy**: 1e-15 relative, or absolute where it is near 0.
/// **Source**: DLMF 7.12; scaled erfc of cdflib (Cody 1969).
#[must_use]
pub fn normal_ln_sf(x: f64) -> f64 {
    if x > 5.0 {
        (error_fc_scaled(x / SQRT_2)).ln() - LN_2 - 0.5 * x * x
    } else if x < -1.0 {
        (-normal_sf(-x)).ln_1p()
    } else {
        normal_sf(x).ln()
    }
}

/// Density of the standard normal distribution, exp(−x²/2)/√(2π); 1 ulp of exp per unit of x²/2.
#[must_use]
pub fn normal_pdf(x: f64) -> f64 {
    INVERSE_SQRT_2_PI * (-0.5 * x * x).exp()
}

/// Mills' ratio of the standard normal distribution, P(Z > x)/φ(x).
///
/// **Formula**: √(π/2) exp(x²/2) erfc(x/√2). **Range**: every x; infinite below −37.6. **Accuracy**: 1.3e-15 relative for x ≥ −1, below 2e-16 · x².
/// **Source**: scaled erfc of cdflib (Cody 1969).
#[must_use]
pub fn normal_mills_ratio(x: f64) -> f64 {
    SQRT_HALF_PI * error_fc_scaled(x / SQRT_2)
}

/// The x with upper tail q: the inverse of [`normal_sf`].
///
/// **Range**: 0 ≤ q ≤ 1; 0 and 1 give ±∞, anything else outside gives NaN. **Accuracy**: 2e-16 relative for 1e-300 ≤ q ≤ 0.05, 3e-16 up
/// to 0.11, else 5e-16 (relative to x also near q = ½); at 1 − q exactly the negative. **Source**: inverse erfc of statrs; for small q one
/// step of Newton on the tail after it, which corrects the last bits.
#[must_use]
pub fn normal_isf(q: f64) -> f64 {
    if !(0.0..=1.0).contains(&q) {
        return f64::NAN;
    }
    if q > 0.5 {
        // The distribution is symmetric, and this difference is exact.
        return -normal_isf(1.0 - q);
    }
    let x = SQRT_2 * statrs::function::erf::erfc_inv(2.0 * q);
    if NEWTON_HELPS.contains(&x) {
        x + (normal_sf(x) - q) / normal_pdf(x)
    } else {
        x
    }
}

/// Where the tail is so exact that it tells the last bits of its quantile: not near the median, where an ulp of the tail is many of x,
/// nor beyond cdflib's range.
const NEWTON_HELPS: std::ops::Range<f64> = 1.2..37.2;

/// cdflib's normal tail becomes zero a little beyond.
const CDFLIB_ENDS: f64 = 37.5;
const SQRT_HALF_PI: f64 = 1.253_314_137_315_500_3;
const INVERSE_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
