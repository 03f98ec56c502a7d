//! Student's t distribution with any number of degrees of freedom above zero, fractions included.

use std::f64::consts::LN_2;

use super::{SMALLEST_DIRECT, normal};
use crate::special::{LN_SQRT_2_PI, gauss_fraction, ln_beta, try_beta_inc};

/// Upper tail of Student's t distribution with `df` degrees of freedom, P(T > x).
///
/// **Formula**: ½ I(df/(df + x²); df/2, ½) for x ≥ 0, I the regularized incomplete beta function. **Range**: every x, df > 0 (infinite: normal);
/// NaN otherwise. **Accuracy**: 1e-14 relative in everyday use, 5e-13 at worst, for 1 ≤ df ≤ 1e12 and tails down to 1e-300.
/// **Source**: DiDonato and Morris 1992 (TOMS 708) through cdflib; below 1e-290 the logarithm of [`student_t_ln_sf`].
#[must_use]
pub fn student_t_sf(x: f64, df: f64) -> f64 {
    student_t_tail(x, df).0
}

/// Lower tail of Student's t distribution, P(T ≤ x); accuracy as [`student_t_sf`].
#[must_use]
pub fn student_t_cdf(x: f64, df: f64) -> f64 {
    student_t_sf(-x, df)
}

/// Logarithm of the upper tail of Student's t distribution.
///
/// **Formula**: the logarithm of [`student_t_sf`]; below 1e-290, with a = df/2, u = x²/df,
/// −a ln(1+u) − ½ ln(u/(1+u)) − ln(2 a B(a, ½)) + ln F(½, 1; a+1; −1/u), F by Gauss's continued fraction, whose terms are all positive here.
/// **Range**: every x, df > 0. **Accuracy**: 1e-14 relative, or absolute where it is near 0. **Source**: DLMF 8.17.8, 15.8.1, 15.7.
#[must_use]
pub fn student_t_ln_sf(x: f64, df: f64) -> f64 {
    student_t_tail(x, df).1
}

/// [`student_t_sf`] and [`student_t_ln_sf`] together, for the price of one.
#[must_use]
pub fn student_t_tail(x: f64, df: f64) -> (f64, f64) {
    let Some(tails) = Tails::at(x.abs(), df) else {
        return (f64::NAN, f64::NAN);
    };
    if x < 0.0 {
        return (0.5 + tails.central, (-tails.upper).ln_1p());
    }
    if tails.upper >= SMALLEST_DIRECT {
        return (tails.upper, tails.upper.ln());
    }
    let ln_upper = ln_far_tail(x, df);
    (ln_upper.exp(), ln_upper)
}

/// Density of Student's t distribution: (1 + x²/df)^(−(df+1)/2) / (√df B(df/2, ½)); 1e-13 relative.
#[must_use]
pub fn student_t_pdf(x: f64, df: f64) -> f64 {
    ln_density(x, df).exp()
}

/// Logarithm of the density, which does not underflow.
pub(super) fn ln_density(x: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if df >= AS_NORMAL {
        return -0.5 * x * x - LN_SQRT_2_PI;
    }
    let ratio = x.abs() / df.sqrt();
    -0.5 * (df + 1.0) * ln_1p_square(ratio) - ln_beta(0.5 * df, 0.5) - 0.5 * df.ln()
}

/// The probability beyond x and between 0 and x, for x ≥ 0.
pub(super) struct Tails {
    pub(super) upper: f64,
    pub(super) central: f64,
}

impl Tails {
    /// Both parts, each with its own digits; `None` outside the range.
    pub(super) fn at(x: f64, df: f64) -> Option<Self> {
        if !(df > 0.0 && x >= 0.0) {
            return None;
        }
        if df >= AS_NORMAL {
            let upper = normal::normal_sf(x);
            let central = 0.5 * libm::erf(x / std::f64::consts::SQRT_2);
            return Some(Self { upper, central });
        }
        let ratio = x / df.sqrt();
        if ratio > 1e150 {
            return Some(Self {
                upper: 0.0,
                central: 0.5,
            });
        }
        let square = ratio * ratio;
        let scale = 1.0 + square;
        let (upper, central) = try_beta_inc(0.5 * df, 0.5, 1.0 / scale, square / scale)?;
        Some(Self {
            upper: 0.5 * upper,
            central: 0.5 * central,
        })
    }
}

/// Logarithm of the tail at x > 0, for tails so small that the continued fraction converges in a few steps.
fn ln_far_tail(x: f64, df: f64) -> f64 {
    if df >= AS_NORMAL {
        return normal::normal_ln_sf(x);
    }
    let a = 0.5 * df;
    let ratio = x / df.sqrt();
    let inverse_square = (1.0 / ratio) * (1.0 / ratio);
    // ln(u / (1 + u)) with u the square of the ratio.
    let ln_share = -inverse_square.ln_1p();
    let fraction = gauss_fraction(0.5, a + 1.0, -inverse_square);
    -a * ln_1p_square(ratio) - 0.5 * ln_share - LN_2 - a.ln() - ln_beta(a, 0.5) + fraction.ln()
}

/// ln(1 + r²) without overflow.
fn ln_1p_square(ratio: f64) -> f64 {
    if ratio > 1e150 {
        2.0 * ratio.ln()
    } else {
        (ratio * ratio).ln_1p()
    }
}

/// From here on t and normal agree to 1e-14 relative wherever the tail is above 1e-300: they differ by x⁴/(4 df), x < 38.
const AS_NORMAL: f64 = 1e20;
