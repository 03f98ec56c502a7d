//! The beta distribution on the scale of ln(x/(1 − x)), where its density and its tails are log-concave.

use crate::special::{SMALLEST_BETA_TAIL, gauss_fraction, ln_beta_power, try_beta_inc};

/// x and y = 1 − x, each with its own digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    /// The point with this ln(x/y).
    pub(crate) fn at_logit(logit: f64) -> Self {
        Self {
            x: 1.0 / (1.0 + (-logit).exp()),
            y: 1.0 / (1.0 + logit.exp()),
        }
    }
}

/// Logarithm of the density of ln(x/y): xᵃ yᵇ/B(a, b).
pub(crate) fn ln_density(a: f64, b: f64, point: Point) -> f64 {
    let Point { x, y } = point;
    if x < 0.5 {
        ln_beta_power(a, b, x)
    } else {
        ln_beta_power(b, a, y)
    }
}

/// Logarithm of the lower tail I(x; a, b), with digits at both ends; `None` outside the range of arguments.
pub(crate) fn ln_lower_tail(a: f64, b: f64, point: Point) -> Option<f64> {
    let Point { x, y } = point;
    if x == 0.0 {
        return Some(f64::NEG_INFINITY);
    }
    let (lower, upper) = try_beta_inc(a, b, x, y)?;
    Some(if upper < 0.5 {
        (-upper).ln_1p()
    } else if lower >= SMALLEST_BETA_TAIL {
        lower.ln()
    } else {
        // The tail is this small only far from the centre, where the continued fraction converges at once.
        ln_density(a, b, point) - a.ln() + gauss_fraction(a + b, a + 1.0, x).ln()
    })
}
