//! Covariates take noise off a metric.

use epstats_experiment::stats::{
    AdjustedVariant, Comparison, Contrast, Moments, OutcomeWithCovariates, PerVariantAdjustment,
    SlopeScope, Undefined, adjust_per_variant,
};
use epstats_experiment::{CovariateScope, Covariates, MetricNeeds};

use crate::profile::estimate::Affine;
use crate::{CovariateResult, CovariatesResult};

/// A metric with the noise taken off that its covariates explain, in every variant.
pub(super) struct Adjusted {
    /// Each variant before and after.
    pub(super) variants: Vec<Result<AdjustedVariant, Undefined>>,
    /// The slopes of each variant that has any.
    pub(super) slopes: Vec<Vec<f64>>,
    per_variant: Option<PerVariant>,
    dropped: Vec<Option<Undefined>>,
}

/// Each variant with slopes of its own.
struct PerVariant {
    adjustment: PerVariantAdjustment,
    /// Place of each variant in the adjustment.
    places: Vec<Option<usize>>,
}

impl Adjusted {
    /// From the quantities of each variant, and the moments of the metric and its covariates that [`Affine::moments`] makes of them.
    pub(super) fn of(
        affine: &Affine<'_>,
        quantities: &[Result<Moments, Undefined>],
        functions: &[Result<Moments, Undefined>],
        scope: CovariateScope,
    ) -> Result<Self, Undefined> {
        match scope {
            CovariateScope::Within => {
                Self::shared(affine, quantities, functions, SlopeScope::Within)
            }
            CovariateScope::Total => Self::shared(affine, quantities, functions, SlopeScope::Total),
            CovariateScope::PerVariant => Self::per_variant(functions, affine.n_covariates()),
        }
    }

    fn shared(
        affine: &Affine<'_>,
        quantities: &[Result<Moments, Undefined>],
        functions: &[Result<Moments, Undefined>],
        scope: SlopeScope,
    ) -> Result<Self, Undefined> {
        let mut all: Option<Moments> = None;
        for own in quantities.iter().flatten() {
            match &mut all {
                None => all = Some(own.clone()),
                Some(all) => all.merge(own),
            }
        }
        let units = OutcomeWithCovariates {
            pooled: affine.moments(&all.ok_or(Undefined::NoUnits)?)?,
            variants: functions.to_vec(),
        };
        let adjustment = units.adjusted(units.slopes(scope)?)?;
        let mut dropped = vec![None; affine.n_covariates()];
        for one in &adjustment.slopes.dropped {
            dropped[one.covariate] = Some(one.reason);
        }
        Ok(Adjusted {
            slopes: vec![adjustment.slopes.values; adjustment.variants.len()],
            variants: adjustment.variants,
            per_variant: None,
            dropped,
        })
    }

    fn per_variant(
        functions: &[Result<Moments, Undefined>],
        n_covariates: usize,
    ) -> Result<Self, Undefined> {
        let mut places = Vec::with_capacity(functions.len());
        let mut known = Vec::new();
        for own in functions {
            places.push(own.is_ok().then_some(known.len()));
            known.extend(own.iter().cloned());
        }
        let adjustment = adjust_per_variant(&known)?;
        let variant = |(own, place): (&Result<Moments, Undefined>, &Option<usize>)| {
            let place = match (own, place) {
                (Err(reason), _) => return Err(*reason),
                (Ok(_), place) => place.ok_or(Undefined::InvalidInput)?,
            };
            adjustment.variants[place].clone()
        };
        let variants: Vec<_> = functions.iter().zip(&places).map(variant).collect();
        // A covariate is named as dropped where no variant could use it.
        let reason = |covariate: usize| {
            let mut all = variants.iter().flatten().map(|variant| {
                let mut dropped = variant.slopes.dropped.iter();
                dropped.find(|one| one.covariate == covariate)
            });
            let first = all.next()??.reason;
            all.all(|one| one.is_some()).then_some(first)
        };
        Ok(Adjusted {
            dropped: (0..n_covariates).map(reason).collect(),
            slopes: variants
                .iter()
                .map(|variant| match variant {
                    Ok(variant) => variant.slopes.values.clone(),
                    Err(_) => vec![0.0; n_covariates],
                })
                .collect(),
            variants: variants
                .into_iter()
                .map(|variant| variant.map(|variant| variant.variant))
                .collect(),
            per_variant: Some(PerVariant { adjustment, places }),
        })
    }

    /// A treatment beside control.
    pub(super) fn contrast(&self, control: usize, treatment: usize) -> Result<Contrast, Undefined> {
        let pair = self.comparison(control, treatment)?;
        let Some(own) = &self.per_variant else {
            return Contrast::of_adjusted(&pair);
        };
        match (own.places[control], own.places[treatment]) {
            (Some(control), Some(treatment)) => own.adjustment.contrast(control, treatment),
            _ => Err(Undefined::InvalidInput),
        }
    }

    /// The variance that slopes of their own add to a difference, however adjusted values are compared.
    pub(super) fn covariate_variance(
        &self,
        control: usize,
        treatment: usize,
    ) -> Result<f64, Undefined> {
        let Some(own) = &self.per_variant else {
            return Ok(0.0);
        };
        match (own.places[control], own.places[treatment]) {
            (Some(control), Some(treatment)) => {
                own.adjustment.covariate_variance(control, treatment)
            }
            _ => Err(Undefined::InvalidInput),
        }
    }

    /// The same two as they are.
    pub(super) fn comparison(
        &self,
        control: usize,
        treatment: usize,
    ) -> Result<Comparison<AdjustedVariant>, Undefined> {
        Ok(Comparison {
            control: self.variants[control]?,
            treatment: self.variants[treatment]?,
        })
    }

    /// What the scorecard tells of the covariates.
    pub(super) fn result(
        &self,
        covariates: &Covariates,
        needs: &MetricNeeds<'_>,
    ) -> CovariatesResult {
        let slope = |covariate: usize| {
            let slopes = self.slopes.first().filter(|_| self.per_variant.is_none())?;
            Some(slopes[covariate])
        };
        let names = needs.covariates.iter().enumerate();
        CovariatesResult {
            scope: covariates.scope,
            covariates: names
                .map(|(at, covariate)| CovariateResult {
                    name: covariate.name.clone(),
                    slope: slope(at).filter(|_| self.dropped[at].is_none()),
                    dropped: self.dropped[at],
                })
                .collect(),
        }
    }
}
