//! A metric in all variants, before anything is corrected.

use epstats_experiment::stats::{Comparison, Estimate, Moments, Shares, Undefined, post_stratify};
use epstats_experiment::{Experiment, Margin, Metric, MetricNeeds, Statistics, Stratum, Sums};

use super::adjust::Adjusted;
use super::compare::Compared;
use super::margin::MarginTests;
use super::suspicion::{CovariateValues, of_covariates};
use crate::evaluate::Warnings;
use crate::profile::estimate::{Affine, Arm, Estimator, Quantities, Tangent};
use crate::scorecard::finite;
use crate::variants::{Data, Variants};
use crate::{AdjustmentResult, CovariatesResult};

/// A metric in every variant, in their order.
pub(super) struct Measured {
    /// The estimates as they are.
    pub(super) arms: Vec<Arm>,
    /// Each treatment beside control; missing for control itself.
    pub(super) compared: Vec<Option<Compared>>,
    /// Each treatment against the margin; empty where there is none.
    pub(super) margins: Vec<Option<Result<MarginTests, (Margin, Undefined)>>>,
    adjusted: Option<Result<Adjusted, Undefined>>,
    /// Moments of the metric and its covariates, where it has any.
    functions: Vec<Result<Moments, Undefined>>,
}

/// What measuring any metric of a scorecard takes.
pub(super) struct Measuring<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    /// Room for gradients.
    scratch: Vec<f64>,
}

impl<'a> Measuring<'a> {
    pub(super) fn new(
        experiment: &'a Experiment,
        statistics: &'a Statistics,
        variants: &'a Variants<'a>,
    ) -> Self {
        Measuring {
            experiment,
            statistics,
            variants,
            scratch: Vec::new(),
        }
    }

    pub(super) fn measure(&mut self, metric: &Metric, needs: &MetricNeeds<'_>) -> Measured {
        let unit_type = &self.experiment.unit_type;
        let numerator = &needs.numerator;
        let estimator = Estimator::new(metric, needs, numerator, self.statistics, unit_type);
        let scratch = &mut self.scratch;
        let arms: Vec<Arm> = self
            .variants
            .iter()
            .map(|(variant, _)| estimator.arm(variant, scratch))
            .collect();
        let mut measured = Measured {
            compared: Vec::new(),
            margins: Vec::new(),
            adjusted: None,
            functions: Vec::new(),
            arms,
        };
        let stratified = self.experiment.post_stratification.as_ref();
        let stratified = stratified.filter(|_| needs.quantile.is_none());
        if needs.covariates.is_empty() && stratified.is_none() {
            let arms = &measured.arms;
            let control = &arms[self.variants.control_position()];
            measured.compared =
                self.each(|place| Compared::independent(metric, control, &arms[place]));
        } else {
            self.compare_adjusted(metric, needs, stratified, &mut measured);
        }
        if let Some(margin) = metric.margin {
            let alpha = self.experiment.confidence_level.alpha();
            let tests = |compared: &Option<Compared>| {
                let tests = MarginTests::of(margin, metric.better, compared.as_ref()?, alpha);
                Some(tests.map_err(|reason| (margin, reason)))
            };
            measured.margins = measured.compared.iter().map(tests).collect();
        }
        measured
    }

    /// Something of each treatment, and nothing of control.
    fn each<T>(&self, of: impl Fn(usize) -> T) -> Vec<Option<T>> {
        let variants = self.variants.iter().enumerate();
        variants
            .map(|(place, (_, is_control))| (!is_control).then(|| of(place)))
            .collect()
    }

    fn compare_adjusted(
        &self,
        metric: &Metric,
        needs: &MetricNeeds<'_>,
        stratified: Option<&String>,
        measured: &mut Measured,
    ) {
        let control = self.variants.control_position();
        let undefined = |reason: Undefined| Compared::stratified(metric, Err(reason));
        let affine = match &self.statistics.sums {
            Sums::Exact { pairs, .. } => {
                let quantities = Quantities::of(self.statistics);
                Affine::new(needs, quantities, pairs, &self.experiment.unit_type)
            }
            Sums::Marginal { .. } => None,
        };
        let Some(affine) = affine else {
            measured.compared = self.each(|_| undefined(Undefined::InvalidInput));
            return;
        };
        let quantities: Vec<Result<Moments, Undefined>> = self
            .variants
            .iter()
            .map(|(variant, _)| match variant.data {
                Data::Exact(moments) => affine.quantities(moments),
                Data::Nothing(reason) => Err(reason),
                Data::Marginal(_) => Err(Undefined::InvalidInput),
            })
            .collect();
        if let Some(covariates) = &metric.covariates
            && !needs.covariates.is_empty()
        {
            measured.functions = quantities
                .iter()
                .map(|own| affine.moments(own.as_ref().map_err(|reason| *reason)?))
                .collect();
            measured.adjusted = Some(Adjusted::of(
                &affine,
                &quantities,
                &measured.functions,
                covariates.scope,
            ));
        }
        let adjusted = match &measured.adjusted {
            Some(Err(reason)) => {
                measured.compared = self.each(|_| undefined(*reason));
                return;
            }
            Some(Ok(adjusted)) => Some(adjusted),
            None => None,
        };
        measured.compared = match (stratified, adjusted) {
            (Some(dimension), _) => {
                let strata = self.statistics.strata.get(dimension);
                let tangent = |place: usize| -> Result<Tangent, Undefined> {
                    let own = quantities[place].as_ref().map_err(|reason| *reason)?;
                    match adjusted {
                        Some(adjusted) => affine.tangent(
                            own,
                            adjusted.variants[place]?.adjusted.value,
                            &adjusted.slopes[place],
                        ),
                        None => affine.tangent(own, measured.arms[place].mean?, &[]),
                    }
                };
                self.each(|place| {
                    let contrast = strata.ok_or(Undefined::InvalidInput).and_then(|strata| {
                        let pair = Comparison {
                            control: tangent(control)?,
                            treatment: tangent(place)?,
                        };
                        let strata = self.strata(strata, &affine, &pair, control, place)?;
                        let found = post_stratify(&strata, Shares::Random)?.contrast;
                        match adjusted {
                            Some(adjusted) => found
                                .with_more_variance(adjusted.covariate_variance(control, place)?),
                            None => Ok(found),
                        }
                    });
                    Compared::stratified(metric, contrast)
                })
            }
            (None, Some(adjusted)) => self.each(|place| {
                let pair = adjusted.comparison(control, place);
                Compared::adjusted(
                    metric,
                    adjusted.contrast(control, place),
                    pair.map(|pair| pair.map(|variant| variant.adjusted)),
                )
            }),
            (None, None) => Vec::new(),
        };
    }

    /// The two estimates in each stratum.
    fn strata(
        &self,
        strata: &[Stratum],
        affine: &Affine<'_>,
        pair: &Comparison<Tangent>,
        control: usize,
        treatment: usize,
    ) -> Result<Vec<Comparison<Estimate>>, Undefined> {
        let name = |place: usize| {
            let variant = self.variants.iter().nth(place);
            variant.map(|(variant, _)| variant.name.clone())
        };
        let (control, treatment) = (name(control), name(treatment));
        let estimate =
            |stratum: &Stratum, name: &Option<std::sync::Arc<str>>, tangent: &Tangent| {
                let moments = name.as_ref().and_then(|name| stratum.variants.get(&**name));
                match moments {
                    Some(moments) if moments.n_units > 0 => {
                        tangent.estimate(&affine.quantities(moments)?)
                    }
                    _ => Ok(Estimate {
                        value: 0.0,
                        unit_variance: 0.0,
                        n: 0.0,
                    }),
                }
            };
        let both = strata.iter().map(|stratum| {
            Ok(Comparison {
                control: estimate(stratum, &control, &pair.control)?,
                treatment: estimate(stratum, &treatment, &pair.treatment)?,
            })
        });
        // A stratum of other variants says nothing of these two.
        let both = both.filter(|pair: &Result<Comparison<Estimate>, Undefined>| {
            pair.as_ref()
                .map_or(true, |pair| pair.control.n + pair.treatment.n > 0.0)
        });
        both.collect()
    }
}

impl Measured {
    /// Logarithms of the p-values of the effects.
    pub(super) fn ln_p_values(&self) -> Vec<Option<f64>> {
        let ln_p_value = |compared: &Option<Compared>| compared.as_ref()?.ln_p_value();
        self.compared.iter().map(ln_p_value).collect()
    }

    /// Logarithms of the p-values of the margins.
    pub(super) fn ln_p_values_of_margins(&self) -> Vec<Option<f64>> {
        self.of_margins(MarginTests::ln_p_value)
    }

    /// The same of the opposite tests.
    pub(super) fn ln_p_values_of_opposites(&self) -> Vec<Option<f64>> {
        self.of_margins(MarginTests::ln_p_value_opposite)
    }

    fn of_margins(&self, ln_p_value: fn(&MarginTests) -> f64) -> Vec<Option<f64>> {
        let tests = |place: usize| self.margins.get(place)?.as_ref()?.as_ref().ok();
        let variants = 0..self.arms.len();
        variants.map(|place| tests(place).map(ln_p_value)).collect()
    }

    /// The estimate of one variant with the variance that its effect has.
    pub(super) fn planned(&self, place: usize) -> Arm {
        let arm = self.arms[place];
        match &self.adjusted {
            Some(Ok(adjusted)) => Arm {
                unit_variance: adjusted.variants[place].map(|own| own.adjusted.unit_variance),
                ..arm
            },
            _ => arm,
        }
    }

    /// One variant with the noise taken off, where the metric has covariates.
    pub(super) fn adjustment(&self, place: usize) -> Option<AdjustmentResult> {
        let own = match self.adjusted.as_ref()? {
            Ok(adjusted) => adjusted.variants[place],
            Err(reason) => Err(*reason),
        };
        Some(AdjustmentResult {
            mean: own.and_then(|own| finite(own.adjusted.value)),
            standard_error: own
                .and_then(|own| finite((own.adjusted.unit_variance / own.adjusted.n).sqrt())),
            variance_ratio: own.and_then(|own| finite(own.variance_ratio()?)),
        })
    }

    /// What took the noise off.
    pub(super) fn covariates(
        &self,
        metric: &Metric,
        needs: &MetricNeeds<'_>,
    ) -> Option<CovariatesResult> {
        let adjusted = self.adjusted.as_ref()?.as_ref().ok()?;
        Some(adjusted.result(metric.covariates.as_ref()?, needs))
    }
}

/// Says where variants differed before the exposure, each covariate once.
pub(super) fn warn_of_covariates(
    metrics: &[Metric],
    needs: &[MetricNeeds<'_>],
    measured: &[Measured],
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    let mut all: Vec<CovariateValues> = Vec::new();
    for (position, _) in metrics.iter().enumerate() {
        let functions = &measured[position].functions;
        if functions.is_empty() {
            continue;
        }
        for (at, covariate) in needs[position].covariates.iter().enumerate() {
            let name = match &covariate.denominator {
                // Ratios of different metrics may have the same numerator.
                Some(_) => format!(
                    "{} per {}",
                    covariate.name, metrics[position].ratio.denominator
                ),
                None => covariate.name.clone(),
            };
            if all.iter().all(|known| known.name != name) {
                all.push(CovariateValues::new(position, &name, at + 1, functions));
            }
        }
    }
    of_covariates(&all, variants, warnings);
}
