//! Corrections for many comparisons.

mod benjamini_hochberg;
mod benjamini_yekutieli;
mod bonferroni;
mod choice;
mod hochberg;
mod holm;
mod holm_sidak;
mod hommel;
mod interval_error;
mod sidak;
mod step;

pub use benjamini_hochberg::{benjamini_hochberg, benjamini_hochberg_ln};
pub use benjamini_yekutieli::{benjamini_yekutieli, benjamini_yekutieli_ln};
pub use bonferroni::{bonferroni, bonferroni_ln};
pub use choice::Correction;
pub use hochberg::{hochberg, hochberg_ln};
pub use holm::{holm, holm_ln};
pub use holm_sidak::{holm_sidak, holm_sidak_ln};
pub use hommel::{hommel, hommel_ln};
pub use interval_error::{false_coverage_errors, simultaneous_errors};
pub use sidak::{sidak, sidak_ln};

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

/// A logarithm of a p-value times a factor of at least 1.
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

/// An adjusted p-value with the logarithm of the p-value that it was made of.
#[derive(Debug, Clone, Copy)]
struct Decided {
    ln_p: f64,
    adjusted: Adjusted,
}

impl Decided {
    /// The same adjusted p-value as that of another p-value.
    ///
    /// The ratio is formed from the difference of the two logarithms, which keeps its digits however far both are from 0.
    fn seen_from(self, ln_p: f64) -> Adjusted {
        if ln_p == self.ln_p {
            self.adjusted
        } else if self.adjusted.ln_p_value >= 0.0 {
            capped(ln_p)
        } else {
            let ratio = self.adjusted.level_ratio * (ln_p - self.ln_p).exp();
            Adjusted {
                level_ratio: ratio.min(1.0),
                ..self.adjusted
            }
        }
    }
}

/// Is there a p-value? NaN is none.
fn given(p: Option<f64>) -> Option<f64> {
    p.filter(|p| !p.is_nan())
}

/// Number of p-values that are there.
fn count(values: &[Option<f64>]) -> f64 {
    let present = values.iter().filter(|&&value| given(value).is_some());
    present.count() as f64
}
