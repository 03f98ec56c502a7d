//! Covariate adjustment with slopes of its own for each variant.

use super::covariates::pool;
use super::cuped::AdjustedVariant;
use super::slopes::Slopes;
use crate::effect::{Contrast, ContrastVariances};
use crate::{Alternative, Moments, Undefined, absolute_effect};

/// Takes off the mean of each variant what its covariates explain, with slopes of its own.
///
/// **Estimates** the same means as [`cuped`](crate::cuped), never with more noise, also where the treatment changes how the outcome depends on the
/// covariates and variants differ in size. **Formula**: S_v θ_v = s_v from the co-moments of variant v; value y_v − θ_v·(x_v − x̄), unit variance
/// v_y − 2 θ_v·s_xy + θ_vᵀ S_xx θ_v; for a difference, e² = v_c/n_c + v_t/n_t + (θ_t − θ_c)ᵀ S (θ_t − θ_c)/N, since x̄ is itself an estimate.
/// **Legend**: as there; S covariance of the covariates over all N units. **Assumptions, edges, accuracy**: as there. **Source**: Lin 2013; the
/// last term as in Negi and Wooldridge 2021.
///
/// # Errors
///
/// [`Undefined::NoUnits`]; [`Undefined::InvalidInput`].
pub fn adjust_per_variant(variants: &[Moments]) -> Result<PerVariantAdjustment, Undefined> {
    let pooled = pool(variants)?;
    let covariates = pooled.quantities() - 1;
    let covariate_means: Vec<f64> = (1..=covariates).map(|at| pooled.mean(at)).collect();
    let adjust = |moments: &Moments| {
        let slopes = Slopes::solve(
            covariates,
            |one, other| moments.comoment(one + 1, other + 1),
            |covariate| moments.comoment(0, covariate + 1),
        )?;
        let variant = AdjustedVariant::of(moments, &slopes.values, &covariate_means)?;
        Ok(VariantWithSlopes { slopes, variant })
    };
    Ok(PerVariantAdjustment {
        variants: variants.iter().map(adjust).collect(),
        covariate_means,
        pooled,
    })
}

/// What [`adjust_per_variant`] gives.
#[derive(Debug, Clone)]
pub struct PerVariantAdjustment {
    /// Value of each covariate over all units.
    pub covariate_means: Vec<f64>,
    /// Each variant in the order given, or why it has no estimate.
    pub variants: Vec<Result<VariantWithSlopes, Undefined>>,
    pooled: Moments,
}

/// A variant with the slopes that were taken off it.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantWithSlopes {
    /// Its slopes, and the covariates that were dropped.
    pub slopes: Slopes,
    /// It before and after.
    pub variant: AdjustedVariant,
}

impl PerVariantAdjustment {
    /// The difference of two variants, relative to control as it was before the adjustment.
    ///
    /// **Formula**: covariance of difference d and base b = −v_c/n_c + (θ_t − θ_c)ᵀ S θ_c/N. Degrees of freedom as Welch's, from the adjusted
    /// variances.
    ///
    /// # Errors
    ///
    /// As [`absolute_effect`], of the variant that has no estimate, and [`Undefined::InvalidInput`] where there is no such variant.
    pub fn contrast(&self, control: usize, treatment: usize) -> Result<Contrast, Undefined> {
        let (control, treatment) = (self.variant(control)?, self.variant(treatment)?);
        let adjusted = crate::Comparison {
            control: control.variant.adjusted,
            treatment: treatment.variant.adjusted,
        };
        let effect = absolute_effect(&adjusted, Alternative::TwoSided)?;
        let own = &control.slopes.values;
        let apart = apart(control, treatment);
        let base = control.variant.unadjusted;
        let own_variance = adjusted.control.unit_variance / adjusted.control.n;
        let variances = ContrastVariances {
            difference: effect.standard_error * effect.standard_error
                + self.covariate_product(&apart, &apart)?,
            base: base.unit_variance / base.n,
            covariance: self.covariate_product(&apart, own)? - own_variance,
        };
        Contrast::new(
            effect.estimate,
            base.value,
            variances.errors(effect.degrees_of_freedom),
        )
    }

    /// The part of the variance of a difference that comes from the mean of the covariates over all units: (θ_t − θ_c)ᵀ S (θ_t − θ_c)/N.
    ///
    /// [`contrast`](Self::contrast) has it already; whoever compares the adjusted values in another way adds it.
    ///
    /// # Errors
    ///
    /// As [`contrast`](Self::contrast).
    pub fn covariate_variance(&self, control: usize, treatment: usize) -> Result<f64, Undefined> {
        let apart = apart(self.variant(control)?, self.variant(treatment)?);
        self.covariate_product(&apart, &apart)
    }

    fn variant(&self, at: usize) -> Result<&VariantWithSlopes, Undefined> {
        match self.variants.get(at) {
            Some(variant) => variant.as_ref().map_err(|reason| *reason),
            None => Err(Undefined::InvalidInput),
        }
    }

    /// Covariance of two linear functions of the mean of the covariates over all units.
    fn covariate_product(&self, one: &[f64], other: &[f64]) -> Result<f64, Undefined> {
        let mut product = 0.0;
        for (i, slope) in one.iter().enumerate() {
            for (j, other_slope) in other.iter().enumerate() {
                product += slope * other_slope * self.pooled.covariance(i + 1, j + 1)?;
            }
        }
        Ok(product / self.pooled.n() as f64)
    }
}

/// How much steeper the slopes of the treatment are.
fn apart(control: &VariantWithSlopes, treatment: &VariantWithSlopes) -> Vec<f64> {
    let pairs = treatment.slopes.values.iter().zip(&control.slopes.values);
    pairs
        .map(|(treatment, control)| treatment - control)
        .collect()
}
