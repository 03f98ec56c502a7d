//! Corrections for many comparisons.

mod bonferroni;
mod holm;

pub use bonferroni::{bonferroni, bonferroni_ln};
pub use holm::{holm, holm_ln};

/// A p-value after correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjusted {
    /// The adjusted p-value, at most 1.
    pub p_value: f64,
    /// Its natural logarithm, which does not underflow.
    pub ln_p_value: f64,
    /// r = p/adjusted p, above 0 and at most 1. An interval with error r · alpha excludes "no effect" exactly where the adjusted p-value is below
    /// alpha; such intervals do not cover all truths at once.
    pub level_ratio: f64,
}

/// A logarithm of a p-value times a factor.
fn adjusted(ln_p: f64, factor: f64) -> Adjusted {
    let ln_adjusted = ln_p + factor.ln();
    if ln_adjusted < 0.0 {
        Adjusted {
            p_value: ln_adjusted.exp(),
            ln_p_value: ln_adjusted,
            level_ratio: 1.0 / factor,
        }
    } else {
        capped(ln_p)
    }
}

/// Where the adjusted p-value is 1.
fn capped(ln_p: f64) -> Adjusted {
    Adjusted {
        p_value: 1.0,
        ln_p_value: 0.0,
        level_ratio: ln_p.exp(),
    }
}

/// Is there a p-value? NaN is none.
fn given(p: Option<f64>) -> Option<f64> {
    p.filter(|p| !p.is_nan())
}
