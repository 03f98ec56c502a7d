//! Profile `standard`: Welch's test on the absolute scale, relative limits from the same pivot, and one correction for all of them.
//!
//! Every metric is measured first, then p-values are corrected family by family, and only then is it known how wide intervals are.

mod adjust;
mod belief;
mod compare;
pub(crate) mod decision;
mod family;
mod margin;
mod measure;
mod planning;
mod suspicion;

use std::sync::Arc;

use epstats_experiment::stats::{Probability, Undefined};
use epstats_experiment::{
    CorrectionRule, Experiment, Family, Metric, MetricNeeds, Quantity, Role, Statistics, Sums,
};

use self::belief::Believed;
use self::family::{Corrected, LnPValues, correct};
use self::measure::{Measured, Measuring};
use self::planning::{Judgement, Planning};
use super::estimate::{Arm, Quantities};
use super::quantiles::Quantiles;
use crate::evaluate::Warnings;
use crate::variants::{Data, Variants};
use crate::{
    CapsResult, MarginResult, MetricResult, PriorResult, VariantResult, Warning, WarningCode,
    formulas, observations,
};

/// What all metrics of one scorecard share.
pub(crate) struct Standard<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    alpha: f64,
    quantiles: Quantiles,
    judgement: Judgement,
    believed: Option<Believed>,
    /// Designed units of each variant per unit of control; 1 where the design does not say.
    per_control: Vec<f64>,
}

/// What the families of a scorecard give one metric: by variant, and of margins only where there is any.
struct CorrectedMetric<'c> {
    effects: &'c [Option<Corrected>],
    margins: &'c [Option<Corrected>],
    opposites: &'c [Option<Corrected>],
}

impl<'a> Standard<'a> {
    pub(crate) fn new(
        experiment: &'a Experiment,
        statistics: &'a Statistics,
        variants: &'a Variants<'a>,
    ) -> Self {
        let alpha = experiment.confidence_level.alpha();
        let weights = variants.weights(experiment);
        let of_control = weights[variants.control_position()];
        let per_control = |weight: f64| {
            let ratio = weight / of_control;
            if ratio > 0.0 && ratio.is_finite() {
                ratio
            } else {
                1.0
            }
        };
        Standard {
            experiment,
            statistics,
            variants,
            alpha,
            quantiles: Quantiles::default(),
            judgement: Judgement::new(alpha, variants.len(), experiment.null_hypothesis_rate),
            believed: experiment.belief.as_ref().map(Believed::of),
            per_control: weights.into_iter().map(per_control).collect(),
        }
    }

    /// What is believed before the data, where a Bayesian view is asked for.
    pub(crate) fn prior(&self) -> Option<Result<PriorResult, Undefined>> {
        self.believed.as_ref().map(Believed::result)
    }

    /// Every metric, in the order of the definition.
    pub(crate) fn results(&mut self, warnings: &mut Warnings) -> Vec<MetricResult> {
        let metrics = &self.experiment.metrics;
        let needs: Vec<MetricNeeds<'_>> = metrics
            .iter()
            .map(|metric| MetricNeeds::of(metric, &self.experiment.unit_type))
            .collect();
        let mut measuring = Measuring::new(self.experiment, self.statistics, self.variants);
        let measured: Vec<Measured> = metrics
            .iter()
            .zip(&needs)
            .map(|(metric, needs)| measuring.measure(metric, needs))
            .collect();
        let effects = self.correct(&measured, Measured::ln_p_values);
        let (margins, opposites) = if metrics.iter().any(|metric| metric.margin.is_some()) {
            (
                self.correct(&measured, Measured::ln_p_values_of_margins),
                self.correct(&measured, Measured::ln_p_values_of_opposites),
            )
        } else {
            let none = vec![Vec::new(); metrics.len()];
            (none.clone(), none)
        };
        let mut results = Vec::with_capacity(metrics.len());
        for (position, metric) in metrics.iter().enumerate() {
            let own = &measured[position];
            self.warn(position, metric, &needs[position], own, warnings);
            let corrected = CorrectedMetric {
                effects: &effects[position],
                margins: &margins[position],
                opposites: &opposites[position],
            };
            let mut variants = self.rows(metric, own, &corrected);
            self.warn_of_rows(position, own, &variants, warnings);
            let caps = match metric.caps {
                Some(_) => self.caps(&needs[position], &mut variants),
                None => Vec::new(),
            };
            results.push(MetricResult {
                id: metric.id.clone(),
                name: metric.name.clone(),
                numerator: metric.numerator().to_string(),
                denominator: metric.ratio.denominator.to_string(),
                minimum_effect: metric.minimum_effect,
                role: metric.role,
                better: metric.better,
                quantile: metric.quantile.map(Probability::value),
                caps,
                covariates: own.covariates(metric, &needs[position]),
                variants,
                uncapped: self.uncapped(metric, &needs[position], &mut measuring),
            });
        }
        measure::warn_of_covariates(metrics, &needs, &measured, self.variants, warnings);
        results
    }

    fn correct(
        &self,
        measured: &[Measured],
        ln_p_values: fn(&Measured) -> Vec<Option<f64>>,
    ) -> Vec<Vec<Option<Corrected>>> {
        let all: LnPValues = measured.iter().map(ln_p_values).collect();
        let Experiment {
            correction,
            metrics,
            ..
        } = self.experiment;
        correct(*correction, self.alpha, metrics, &all)
    }

    /// The rows of one metric.
    fn rows(
        &mut self,
        metric: &Metric,
        own: &Measured,
        corrected: &CorrectedMetric<'_>,
    ) -> Vec<VariantResult> {
        let control = self.variants.control_position();
        let mut rows = Vec::with_capacity(own.arms.len());
        for (place, (variant, is_control)) in self.variants.iter().enumerate() {
            let arm = &own.arms[place];
            let effect = own.compared[place].as_ref().map(|compared| {
                let mut effect = compared.effect(
                    metric,
                    corrected.effects[place],
                    self.alpha,
                    &mut self.quantiles,
                );
                effect.margin = self.margin(metric, own, corrected, place);
                effect.belief = self
                    .believed
                    .map(|believed| believed.after(metric, compared, self.alpha));
                effect
            });
            let planning = match (metric.minimum_effect, &effect) {
                (Some(minimum_effect), Some(effect)) => self.judgement.planning(
                    minimum_effect,
                    metric.alternative,
                    &own.planned(control),
                    &own.planned(place),
                    self.per_control[place],
                    effect,
                ),
                _ => Planning::default(),
            };
            rows.push(VariantResult {
                variant: Arc::clone(&variant.name),
                is_control,
                n_units: variant.n_units,
                sample_size: arm.sample_size,
                sum: arm.sum,
                mean: arm.mean,
                standard_deviation: arm.unit_variance.map(f64::sqrt),
                standard_error: arm.standard_error(),
                decision: effect
                    .as_ref()
                    .map(|effect| decision::of_metric(metric, effect)),
                effect,
                required_sample_size: planning.required_sample_size,
                power: planning.power,
                false_positive_risk: planning.false_positive_risk,
                adjustment: own.adjustment(place),
                capped: Vec::new(),
            });
        }
        rows
    }

    /// One treatment against the margin of the metric, where there is one.
    fn margin(
        &self,
        metric: &Metric,
        own: &Measured,
        corrected: &CorrectedMetric<'_>,
        place: usize,
    ) -> Option<MarginResult> {
        let tests = own.margins.get(place)?.as_ref()?;
        Some(match tests {
            // All guardrails must hold, so each is tested at the full level.
            Ok(tests) if metric.role == Role::Guardrail => tests.result(None, None, self.alpha),
            Ok(tests) => tests.result(
                corrected.margins[place],
                corrected.opposites[place],
                self.alpha,
            ),
            Err((margin, reason)) => margin::without_test(*margin, *reason),
        })
    }

    /// The same metric without caps, corrected by itself.
    fn uncapped(
        &mut self,
        metric: &Metric,
        needs: &MetricNeeds<'_>,
        measuring: &mut Measuring<'_>,
    ) -> Option<Vec<VariantResult>> {
        let needs = MetricNeeds {
            numerator: needs.uncapped.clone()?,
            uncapped: None,
            ..needs.clone()
        };
        let own = measuring.measure(metric, &needs);
        let rule = CorrectionRule {
            family: Family::Variants,
            ..self.experiment.correction
        };
        let alone = |ln_p_values: Vec<Option<f64>>| {
            let mut of_metric = correct(
                rule,
                self.alpha,
                std::slice::from_ref(metric),
                &vec![ln_p_values],
            );
            of_metric.pop().unwrap_or_default()
        };
        let corrected = CorrectedMetric {
            effects: &alone(own.ln_p_values()),
            margins: &alone(own.ln_p_values_of_margins()),
            opposites: &alone(own.ln_p_values_of_opposites()),
        };
        Some(self.rows(metric, &own, &corrected))
    }

    /// The caps of a metric, with the units beyond them in every row.
    fn caps(&self, needs: &MetricNeeds<'_>, rows: &mut [VariantResult]) -> Vec<CapsResult> {
        let quantities = Quantities::of(self.statistics);
        let n_goals = self.statistics.goals.len();
        let mut caps = Vec::new();
        for quantity in needs.numerator.quantities() {
            let Some(index) = quantities.index(&quantity) else {
                continue;
            };
            let Quantity::Value(value) = quantity else {
                continue;
            };
            let Some(limits) = self.statistics.caps.get(index - n_goals) else {
                continue;
            };
            caps.push(CapsResult {
                of: value.formula.to_string(),
                limits: *limits,
            });
            for ((variant, _), row) in self.variants.iter().zip(&mut *rows) {
                let beyond = match variant.data {
                    Data::Exact(moments) => moments.capped.get(index - n_goals).copied(),
                    _ => None,
                };
                row.capped.push(beyond.unwrap_or_default());
            }
        }
        caps
    }

    fn warn(
        &self,
        position: usize,
        metric: &Metric,
        needs: &MetricNeeds<'_>,
        own: &Measured,
        warnings: &mut Warnings,
    ) {
        let unit_type = &self.experiment.unit_type;
        let arms: &[Arm] = &own.arms;
        let per_unit = formulas::is_per_unit(metric, unit_type);
        let is_marginal = matches!(self.statistics.sums, Sums::Marginal { .. });
        if is_marginal && !(per_unit && formulas::is_single_goal(&metric.ratio.numerator)) {
            warnings.push(observations::marginal_variance(position));
        }
        if !is_marginal && !per_unit && metric.quantile.is_none() {
            observations::warn_of_small_ratios(position, self.variants, warnings);
        }
        let variance = |place: usize| arms[place].unit_variance;
        observations::warn_of_variances(position, variance, self.variants, warnings);
        for ((variant, _), arm) in self.variants.iter().zip(arms) {
            if arm.precision_lost {
                warnings.push(observations::precision_lost(position, &variant.name));
            }
        }
        suspicion::of_shape(
            position,
            metric,
            needs,
            self.statistics,
            self.variants,
            warnings,
        );
    }

    fn warn_of_rows(
        &self,
        position: usize,
        own: &Measured,
        rows: &[VariantResult],
        warnings: &mut Warnings,
    ) {
        warn_of_control(position, rows, self.variants, warnings);
        let control = &own.arms[self.variants.control_position()];
        for (row, arm) in rows.iter().zip(&own.arms) {
            if let Some(effect) = &row.effect {
                suspicion::of_effect(position, control, arm, &row.variant, effect, warnings);
            }
        }
    }
}

/// Says that the relative effects of a metric have no limits.
fn warn_of_control(
    position: usize,
    rows: &[VariantResult],
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    let not_separated = rows.iter().any(|row| {
        row.effect.is_some_and(|effect| {
            effect.relative.lower == Err(Undefined::ControlNotSeparatedFromZero)
        })
    });
    if not_separated {
        warnings.push(
            Warning::new(
                WarningCode::ControlNotSeparatedFromZero,
                "the mean of control cannot be told from zero, so relative effects have no interval",
            )
            .variant(&variants.control().name)
            .metric(position),
        );
    }
}
