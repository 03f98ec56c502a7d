//! Special functions behind the tails: logarithms of gamma and beta, and the incomplete beta function.

use std::f64::consts::PI;

use cdflib::special::beta_log;
use cdflib::special::internal::{bcorr, dstrem, rlog1};

/// Logarithm of the gamma function of x > 0.
///
/// **Accuracy**: 1e-15 relative; 1e-15 absolute near its zeros at 1 and 2. **Source**: libm (FreeBSD msun). NaN for other x.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { libm::lgamma(x) } else { f64::NAN }
}

/// Logarithm of the beta function B(a, b) of a, b > 0.
///
/// **Accuracy**: 1e-15 relative, without cancellation for large arguments. **Source**: DiDonato and Morris 1992 through cdflib.
/// NaN for other arguments.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() {
        beta_log(a, b)
    } else {
        f64::NAN
    }
}

/// Regularized incomplete beta function I(x; a, b), and 1 − I with its own digits.
///
/// **Range**: a, b > 0, 0 ≤ x ≤ 1; NaN otherwise. **Accuracy**: 1e-14 relative in both parts in everyday use, 2e-12 at worst, for a, b up to 1e5 and
/// parts down to 1e-300. **Source**: DiDonato and Morris 1992 (TOMS 708) through cdflib; below 1e-200, where that can underflow on its way, DLMF 8.17.8
/// with a continued fraction.
#[must_use]
pub fn beta_inc(a: f64, b: f64, x: f64) -> (f64, f64) {
    let undefined = (f64::NAN, f64::NAN);
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) {
        return undefined;
    }
    match try_beta_inc(a, b, x, 1.0 - x) {
        Some((lower, upper)) if lower < SMALLEST_BETA_TAIL => {
            (ln_far_beta_tail(a, b, x).exp(), upper)
        }
        Some((lower, upper)) if upper < SMALLEST_BETA_TAIL => {
            (lower, ln_far_beta_tail(b, a, 1.0 - x).exp())
        }
        tails => tails.unwrap_or(undefined),
    }
}

/// Below this the tails of [`try_beta_inc`] are not to be trusted: with a or b between 20 and 40 it loses them from about 1e-260 on.
pub(crate) const SMALLEST_BETA_TAIL: f64 = 1e-200;

/// [`beta_inc`] with both x and 1 − x given, each with its own digits, for parts above [`SMALLEST_BETA_TAIL`] (for a or b up to 1, above 1e-290).
pub(crate) fn try_beta_inc(a: f64, b: f64, x: f64, y: f64) -> Option<(f64, f64)> {
    cdflib::special::try_beta_inc(a, b, x, y).ok()
}

/// Regularized incomplete gamma functions P(a, x) and Q(a, x).
pub(crate) fn gamma_inc(a: f64, x: f64) -> Option<(f64, f64)> {
    cdflib::special::try_gamma_inc(a, x).ok()
}

/// Logarithm of I(x; a, b) for x far below a/(a + b).
///
/// **Formula**: ln( xᵃ yᵇ/(a B(a, b)) · F(a + b, 1; a + 1; x) ). **Source**: DLMF 8.17.8.
pub(crate) fn ln_far_beta_tail(a: f64, b: f64, x: f64) -> f64 {
    let fraction = gauss_fraction(a + b, a + 1.0, x);
    ln_beta_power(a, b, x) - a.ln() + fraction.ln()
}

/// Logarithm of Q(a, x) for x far above a.
///
/// **Formula**: ln( xᵃ e⁻ˣ/Γ(a) ) + ln of the continued fraction 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)). **Source**: DLMF 8.9.2.
pub(crate) fn ln_far_gamma_tail(a: f64, x: f64) -> f64 {
    if x.is_infinite() {
        return f64::NEG_INFINITY;
    }
    let fraction = lentz(x + 1.0 - a, |n| (n * (a - n), x + 1.0 - a + 2.0 * n));
    let power = if a < 10.0 {
        a * x.ln() - x - ln_gamma(a)
    } else {
        // Centred at a, where both parts of the difference are small.
        let rest = ln_gamma(a) - (a - 0.5) * a.ln() + a - LN_SQRT_2_PI;
        0.5 * a.ln() - LN_SQRT_2_PI - a * rlog1((x - a) / a) - rest
    };
    power - fraction.ln()
}

/// x − ln(1 + x) for x > −1, with 1 + x given too: near −1 and far from 0 it has digits that x has not.
pub(crate) fn x_minus_ln_1p(x: f64, one_plus_x: f64) -> f64 {
    if (-0.3..0.5).contains(&x) {
        rlog1(x)
    } else {
        x - one_plus_x.ln()
    }
}

/// ln Γ(x) less Stirling's formula (x − ½) ln x − x + ½ ln 2π, about 1/(12 x); for x > 0.
///
/// **Accuracy**: 1e-14 absolute. **Source**: DLMF 5.11.1 through cdflib. NaN for other x.
pub(crate) fn stirling_remainder(x: f64) -> f64 {
    if x > 0.0 && x.is_finite() {
        dstrem(x)
    } else {
        f64::NAN
    }
}

/// Logarithm of xᵃ yᵇ/B(a, b), y = 1 − x, without cancellation for large a and b.
///
/// For x near 1 swap a with b and x with y, since y is formed from x here.
pub(crate) fn ln_beta_power(a: f64, b: f64, x: f64) -> f64 {
    if a < 10.0 || b < 10.0 {
        return a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b);
    }
    let sum = a + b;
    let shift = x.mul_add(sum, -a);
    let away = a * x_minus_ln_1p(shift / a, x * sum / a)
        + b * x_minus_ln_1p(-shift / b, (1.0 - x) * sum / b);
    0.5 * (a / sum * (b / (2.0 * PI))).ln() - away - bcorr(a, b)
}

/// The hypergeometric function F(a, 1; c; z) by Gauss's continued fraction, for z < 0 or z well below 1.
///
/// **Formula**: 1/(1 − u₁z/(1 − u₂z/(1 − …))), u₁ = a/c, u₂ₙ = n(c − a + n − 1)/((c + 2n − 2)(c + 2n − 1)),
/// u₂ₙ₊₁ = (a + n)(c + n − 1)/((c + 2n − 1)(c + 2n)). **Accuracy**: with z < 0 < a < c all terms are positive and nothing cancels.
/// **Source**: DLMF 15.7.5.
pub(crate) fn gauss_fraction(a: f64, c: f64, z: f64) -> f64 {
    let denominator = lentz(1.0, |step| {
        let n = (step / 2.0).floor();
        let u = if step % 2.0 == 0.0 {
            n / (c + 2.0 * n - 2.0) * ((c - a + n - 1.0) / (c + 2.0 * n - 1.0))
        } else if step == 1.0 {
            a / c
        } else {
            (a + n) / (c + 2.0 * n - 1.0) * ((c + n - 1.0) / (c + 2.0 * n))
        };
        (-u * z, 1.0)
    });
    1.0 / denominator
}

/// b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the modified method of Lentz; `terms(n)` gives (aₙ, bₙ) for n = 1, 2, …
///
/// **Source**: Thompson and Barnett 1986. Stops when a step changes less than 1 ulp, at the latest after 10,000 steps.
pub(crate) fn lentz(first: f64, mut terms: impl FnMut(f64) -> (f64, f64)) -> f64 {
    let away_from_zero = |x: f64| if x == 0.0 { f64::MIN_POSITIVE } else { x };
    let mut value = away_from_zero(first);
    let mut above = value;
    let mut below = 0.0;
    for step in 1..10_000_u32 {
        let (a, b) = terms(f64::from(step));
        below = 1.0 / away_from_zero(a.mul_add(below, b));
        above = away_from_zero(b + a / above);
        let change = above * below;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

pub(crate) const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_8;
