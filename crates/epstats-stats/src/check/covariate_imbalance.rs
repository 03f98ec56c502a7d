//! Did the variants differ before the experiment began?

use crate::correction::{Adjusted, holm_ln};
use crate::{AbsoluteEffect, Alternative, Comparison, Estimate, Undefined, absolute_effect};

/// The difference of one covariate between control and treatment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CovariateImbalance {
    /// Difference of the covariate with its test.
    pub effect: AbsoluteEffect,
    /// Its p-value after Holm's correction over all covariates.
    pub adjusted: Adjusted,
}

impl CovariateImbalance {
    /// The adjusted p-value below which there is an alarm where nobody says otherwise.
    pub const LEVEL: f64 = 0.001;

    /// Is the adjusted p-value below the level?
    #[must_use]
    pub fn is_imbalanced(&self, level: f64) -> bool {
        self.adjusted.ln_p_value < level.ln()
    }
}

/// Test of each covariate that was measured before exposure, where chance alone can make a difference.
///
/// **Formula**: [`absolute_effect`] of each covariate, two-sided, with [`holm`](crate::holm) over all of them. **Assumptions**: a covariate is measured
/// before exposure, so the treatment cannot move it. An alarm says that units were not split by chance, or that the covariate is affected after all: then
/// an adjustment by it is not valid. **Range, accuracy**: as there. **Edges**: a covariate without an answer has its reason and does not count in the
/// correction.
#[must_use]
pub fn covariate_imbalance(
    covariates: &[Comparison<Estimate>],
) -> Vec<Result<CovariateImbalance, Undefined>> {
    let effects: Vec<Result<AbsoluteEffect, Undefined>> = covariates
        .iter()
        .map(|variants| absolute_effect(variants, Alternative::TwoSided))
        .collect();
    let ln_p_values: Vec<Option<f64>> = effects
        .iter()
        .map(|effect| effect.ok().map(|effect| effect.ln_p_value))
        .collect();
    let corrected = holm_ln(&ln_p_values);
    let pairs = effects.into_iter().zip(corrected);
    pairs
        .map(|(effect, adjusted)| {
            Ok(CovariateImbalance {
                effect: effect?,
                adjusted: adjusted.ok_or(Undefined::InvalidInput)?,
            })
        })
        .collect()
}
