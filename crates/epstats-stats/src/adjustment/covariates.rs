//! An outcome and covariates of each variant: what an adjustment works on.

use super::cuped::{AdjustedVariant, Adjustment, SlopeScope};
use super::slopes::Slopes;
use crate::{Linear, Moments, Undefined, linearize};

/// Moments of an outcome (quantity 0) and its covariates (quantities 1, 2, …), per variant and over all units.
///
/// Outcome and covariates may be means or linearized formulas; see [`linearize`].
#[derive(Debug, Clone)]
pub struct OutcomeWithCovariates {
    /// Each variant, or why it has no such moments.
    pub variants: Vec<Result<Moments, Undefined>>,
    /// All units of all variants together.
    pub pooled: Moments,
}

impl OutcomeWithCovariates {
    /// The mean of quantity 0 as outcome, those of the others as covariates.
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`]; [`Undefined::InvalidInput`] where variants have different quantities, or none.
    pub fn of_means(variants: &[Moments]) -> Result<Self, Undefined> {
        Ok(Self {
            variants: variants.iter().cloned().map(Ok).collect(),
            pooled: pool(variants)?,
        })
    }

    /// The ratio of quantities 0 and 1 as outcome, that of quantities 2 and 3 as its covariate.
    ///
    /// Where the denominator of the covariate is 0 for all units together, there is nothing to explain with, and its values are taken as 0.
    ///
    /// # Errors
    ///
    /// As [`of_means`](Self::of_means), and [`Undefined::DenominatorZero`].
    pub fn of_ratios(variants: &[Moments]) -> Result<Self, Undefined> {
        let pooled = pool(variants)?;
        if pooled.quantities() != 4 {
            return Err(Undefined::InvalidInput);
        }
        let has_covariate = pooled.mean(3) != 0.0;
        let linear = |moments: &Moments| {
            let outcome = ratio(moments, 0, 1)?;
            let covariate = if has_covariate {
                ratio(moments, 2, 3)?
            } else {
                Linear {
                    value: 0.0,
                    gradient: vec![0.0; 4],
                }
            };
            linearize(moments, &[outcome, covariate])
        };
        Ok(Self {
            variants: variants.iter().map(linear).collect(),
            pooled: linear(&pooled)?,
        })
    }

    /// Number of covariates.
    #[must_use]
    pub fn covariates(&self) -> usize {
        self.pooled.quantities().saturating_sub(1)
    }

    /// The slopes of the outcome on the covariates, by least squares.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] where a number is not finite.
    pub fn slopes(&self, scope: SlopeScope) -> Result<Slopes, Undefined> {
        let product = |i: usize, j: usize| match scope {
            SlopeScope::Total => self.pooled.comoment(i, j),
            SlopeScope::Within => {
                let variants = self.variants.iter().flatten();
                variants.map(|moments| moments.comoment(i, j)).sum()
            }
        };
        Slopes::solve(
            self.covariates(),
            |one, other| product(one + 1, other + 1),
            |covariate| product(0, covariate + 1),
        )
    }

    /// The variants with these slopes taken off.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for another number of slopes than there are covariates.
    pub fn adjusted(&self, slopes: Slopes) -> Result<Adjustment, Undefined> {
        if slopes.values.len() != self.covariates() {
            return Err(Undefined::InvalidInput);
        }
        let covariate_means: Vec<f64> = (1..=slopes.values.len())
            .map(|quantity| self.pooled.mean(quantity))
            .collect();
        let adjust = |variant: &Result<Moments, Undefined>| {
            let moments = variant.as_ref().map_err(|reason| *reason)?;
            AdjustedVariant::of(moments, &slopes.values, &covariate_means)
        };
        Ok(Adjustment {
            variants: self.variants.iter().map(adjust).collect(),
            covariate_means,
            slopes,
        })
    }
}

/// A covariate that some units lack, as two that all have: its value or 0, and whether it is there.
///
/// Units that are new since the period before the experiment are never left out: an adjustment by both covariates gives them the mean of
/// their kind. Where no unit lacks it, the second has no variance and is dropped.
///
/// ```
/// use epstats_stats::present_or_zero;
/// assert_eq!(present_or_zero(Some(2.5)), [2.5, 1.0]);
/// assert_eq!(present_or_zero(None), [0.0, 0.0]);
/// ```
#[must_use]
pub fn present_or_zero(covariate: Option<f64>) -> [f64; 2] {
    covariate.map_or([0.0, 0.0], |value| [value, 1.0])
}

/// All units of all variants together.
pub(super) fn pool(variants: &[Moments]) -> Result<Moments, Undefined> {
    let quantities = variants.first().map_or(0, Moments::quantities);
    let alike = |moments: &Moments| moments.quantities() == quantities;
    if quantities == 0 || !variants.iter().all(alike) {
        return Err(Undefined::InvalidInput);
    }
    let mut pooled = Moments::new(quantities);
    for moments in variants {
        pooled.merge(moments);
    }
    if pooled.n() == 0 {
        return Err(Undefined::NoUnits);
    }
    Ok(pooled)
}

/// The ratio of two means.
fn ratio(moments: &Moments, numerator: usize, denominator: usize) -> Result<Linear, Undefined> {
    if moments.n() == 0 {
        return Err(Undefined::NoUnits);
    }
    let divisor = moments.mean(denominator);
    if divisor == 0.0 {
        return Err(Undefined::DenominatorZero);
    }
    let value = moments.mean(numerator) / divisor;
    let mut gradient = vec![0.0; moments.quantities()];
    gradient[numerator] = 1.0 / divisor;
    gradient[denominator] = -value / divisor;
    Ok(Linear { value, gradient })
}
