//! Covariate adjustment with one slope for all variants.

use super::covariates::OutcomeWithCovariates;
use super::slopes::Slopes;
use crate::effect::{Contrast, ContrastErrors, Split};
use crate::{Comparison, Estimate, Moments, Undefined, absolute_effect, delta_variance};

/// Where the slopes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlopeScope {
    /// Differences from the means of each variant, over all variants: untouched by what the treatment does.
    #[default]
    Within,
    /// Differences from the means of all units together, as some other systems take it.
    Total,
}

/// Takes off the mean of each variant what its covariates explain.
///
/// **Estimates** the same means with less noise. **Formula**: S θ = s with S and s the co-moments of the covariates and with the outcome, summed
/// as `scope` says; value y_v − θ·(x_v − x̄), unit variance v_y − 2 θ·s_xy + θᵀ S_xx θ of that variant. **Legend**: y outcome (quantity 0), x
/// covariates (the others), v variant, x̄ mean over all units. **Assumptions**: independent units; covariates known before the exposure, or
/// untouched by the treatment; many more units than covariates. **Range**: any number of variants and covariates. **Edges**: a covariate without
/// variance, or one that follows from those before it, is dropped and named; without any, the results are those without adjustment. A variant of
/// fewer than two units is undefined, the others are not. **Accuracy**: 1e-14 relative; for covariates that nearly follow from each other the
/// slopes lose digits, the adjusted values do not. **Source**: Deng, Xu, Kohavi and Walker 2013.
///
/// ```
/// use epstats_stats::{Alternative, Comparison, Moments, SlopeScope, absolute_effect, cuped};
/// let mut variants = [Moments::new(2), Moments::new(2)];
/// for (unit, before) in [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0].into_iter().enumerate() {
///     let after = 2.0 * before + [0.0, 0.5][unit / 4] + [0.1, -0.1][unit % 2];
///     variants[unit / 4].update(&[after, before]);
/// }
/// let adjustment = cuped(&variants, SlopeScope::Within).unwrap();
/// let adjusted = adjustment.comparison(0, 1).unwrap().map(|variant| variant.adjusted);
/// let effect = absolute_effect(&adjusted, Alternative::TwoSided).unwrap();
/// assert!((effect.estimate - 0.5).abs() < 0.1 && effect.standard_error < 0.1);
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`]; [`Undefined::InvalidInput`].
pub fn cuped(variants: &[Moments], scope: SlopeScope) -> Result<Adjustment, Undefined> {
    let units = OutcomeWithCovariates::of_means(variants)?;
    units.adjusted(units.slopes(scope)?)
}

/// [`cuped`] for a ratio of means with the same ratio before the experiment as covariate.
///
/// **Formula**: the quantities N, D, N′, D′ of each unit become r = R + (N − R D)/mean(D) and q = P + (N′ − P D′)/mean(D′), with R and P the
/// ratios of means of the variant (with scope `Total`, of all units, for the slope); then as [`cuped`], x̄ being the ratio of the means of N′ and
/// D′ over all units. **Assumptions**: as there, and 50 units or more per variant, so that the curvature of the ratio does not matter.
///
/// # Errors
///
/// As [`cuped`]; [`Undefined::DenominatorZero`].
pub fn cuped_ratio(variants: &[Moments], scope: SlopeScope) -> Result<Adjustment, Undefined> {
    let units = OutcomeWithCovariates::of_ratios(variants)?;
    units.adjusted(units.slopes(scope)?)
}

/// What an adjustment gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// The slopes, and the covariates that were dropped.
    pub slopes: Slopes,
    /// Value of each covariate over all units.
    pub covariate_means: Vec<f64>,
    /// Each variant in the order given, or why it has no estimate.
    pub variants: Vec<Result<AdjustedVariant, Undefined>>,
}

impl Adjustment {
    /// Two of the variants beside each other.
    ///
    /// # Errors
    ///
    /// The reason of the variant that has no estimate; [`Undefined::InvalidInput`] where there is no such variant.
    pub fn comparison(
        &self,
        control: usize,
        treatment: usize,
    ) -> Result<Comparison<AdjustedVariant>, Undefined> {
        let variant = |at: usize| {
            *self
                .variants
                .get(at)
                .unwrap_or(&Err(Undefined::InvalidInput))
        };
        Ok(Comparison {
            control: variant(control)?,
            treatment: variant(treatment)?,
        })
    }
}

/// One variant before and after the adjustment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedVariant {
    /// The estimate as it was.
    pub unadjusted: Estimate,
    /// The estimate with what the covariates explain taken off.
    pub adjusted: Estimate,
    /// Covariance of the two values of one unit.
    pub unit_covariance: f64,
}

impl AdjustedVariant {
    /// Takes slopes off a variant.
    pub(super) fn of(
        moments: &Moments,
        slopes: &[f64],
        covariate_means: &[f64],
    ) -> Result<Self, Undefined> {
        let n = moments.n() as f64;
        let unadjusted = Estimate {
            value: moments.mean(0),
            unit_variance: moments.covariance(0, 0)?,
            n,
        };
        let mut gradient = vec![1.0];
        let (mut explained, mut unit_covariance) = (0.0, unadjusted.unit_variance);
        for (at, (slope, mean)) in slopes.iter().zip(covariate_means).enumerate() {
            explained += slope * (moments.mean(at + 1) - mean);
            unit_covariance -= slope * moments.covariance(0, at + 1)?;
            gradient.push(-slope);
        }
        let degrees = n - 1.0;
        let adjusted = Estimate {
            value: unadjusted.value - explained,
            unit_variance: delta_variance(&gradient, |i, j| moments.comoment(i, j) / degrees)?,
            n,
        };
        if adjusted.value.is_finite() && unit_covariance.is_finite() {
            Ok(Self {
                unadjusted,
                adjusted,
                unit_covariance,
            })
        } else {
            Err(Undefined::InvalidInput)
        }
    }

    /// The part of the variance that is left.
    ///
    /// # Errors
    ///
    /// [`Undefined::ZeroVariance`] where there was none.
    pub fn variance_ratio(&self) -> Result<f64, Undefined> {
        if self.unadjusted.unit_variance == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        Ok(self.adjusted.unit_variance / self.unadjusted.unit_variance)
    }
}

impl Contrast {
    /// The difference of adjusted values, relative to control as it was before the adjustment.
    ///
    /// **Formula**: with G = 1 + l, Var(d − l b) = v_t/n_t + (G² v_y − 2 G θ·s_xy + θᵀ S_xx θ)/n_c. **Legend**: d difference of the adjusted
    /// values, b value of control, v_t unit variance of the adjusted treatment, the rest that of control as in [`cuped`]. For a difference
    /// relative to *adjusted* control use the adjusted estimates as any others.
    ///
    /// # Errors
    ///
    /// As [`absolute_effect`].
    pub fn of_adjusted(variants: &Comparison<AdjustedVariant>) -> Result<Self, Undefined> {
        let adjusted = variants.map(|variant| variant.adjusted);
        let effect = absolute_effect(&adjusted, crate::Alternative::TwoSided)?;
        let control = variants.control;
        let spread = control.unadjusted.unit_variance;
        let pull = if spread > 0.0 {
            control.unit_covariance / spread
        } else {
            0.0
        };
        // What is left of the adjusted variance of control once its unadjusted value is known; below 0 only by rounding.
        let left = (adjusted.control.unit_variance - pull * control.unit_covariance).max(0.0);
        let error = |variance: f64, n: f64| variance.sqrt() / n.sqrt();
        let treatment = adjusted.treatment;
        let split = Split {
            control: error(left, adjusted.control.n),
            treatment: error(treatment.unit_variance, treatment.n),
            df: (adjusted.control.n - 1.0, treatment.n - 1.0),
        };
        Self::new(
            effect.estimate,
            control.unadjusted.value,
            ContrastErrors {
                base: error(spread, control.unadjusted.n),
                pull,
                rest: libm::hypot(split.control, split.treatment),
                degrees_of_freedom: effect.degrees_of_freedom,
                split: Some(split),
            },
        )
    }
}
