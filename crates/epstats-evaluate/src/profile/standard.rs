//! Profile `standard`: Welch's test on the absolute scale, Fieller's interval from the same pivot, Holm's correction.

mod planning;
mod test;

use std::sync::Arc;

use epstats_experiment::stats::{Undefined, holm_ln};
use epstats_experiment::{Experiment, Metric, Statistics, Sums};

use self::planning::{Judgement, Planning};
use self::test::Test;
use super::estimate::{Arm, Estimator};
use super::quantiles::Quantiles;
use crate::evaluate::Warnings;
use crate::variants::Variants;
use crate::{VariantResult, Warning, WarningCode, formulas, observations};

/// What all metrics of one scorecard share.
pub(crate) struct Standard<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    quantiles: Quantiles,
    judgement: Judgement,
    /// Room for gradients.
    scratch: Vec<f64>,
    /// Designed units of each variant per unit of control; 1 where the design does not say.
    per_control: Vec<f64>,
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
            quantiles: Quantiles::new(alpha),
            judgement: Judgement::new(alpha, variants.len(), experiment.null_hypothesis_rate),
            scratch: Vec::new(),
            per_control: weights.into_iter().map(per_control).collect(),
        }
    }

    /// The rows of one metric.
    pub(crate) fn rows(
        &mut self,
        position: usize,
        metric: &Metric,
        warnings: &mut Warnings,
    ) -> Vec<VariantResult> {
        let estimator = Estimator::new(metric, self.statistics, &self.experiment.unit_type);
        let scratch = &mut self.scratch;
        let arms: Vec<Arm> = self
            .variants
            .iter()
            .map(|(variant, _)| estimator.arm(variant.data, scratch))
            .collect();
        let control = arms[self.variants.control_position()];
        let tests: Vec<Test> = self
            .variants
            .iter()
            .zip(&arms)
            .map(|((_, is_control), arm)| Test::of(&control, arm, is_control))
            .collect();
        let ln_p_values: Vec<Option<f64>> = tests.iter().map(Test::ln_p_value).collect();
        let adjusted = holm_ln(&ln_p_values);
        self.warn(position, metric, &arms, warnings);
        let mut rows = Vec::with_capacity(arms.len());
        for (place, (variant, is_control)) in self.variants.iter().enumerate() {
            let arm = &arms[place];
            let effect = (!is_control)
                .then(|| tests[place].effect(&control, arm, adjusted[place], &mut self.quantiles));
            let planning = match (metric.minimum_effect, &effect) {
                (Some(minimum_effect), Some(effect)) => self.judgement.planning(
                    minimum_effect,
                    &control,
                    arm,
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
                effect,
                required_sample_size: planning.required_sample_size,
                power: planning.power,
                false_positive_risk: planning.false_positive_risk,
                adjustment: None,
                capped: Vec::new(),
                decision: None,
            });
        }
        warn_of_control(position, &rows, self.variants, warnings);
        rows
    }

    fn warn(&self, position: usize, metric: &Metric, arms: &[Arm], warnings: &mut Warnings) {
        let unit_type = &self.experiment.unit_type;
        let per_unit = formulas::is_per_unit(metric, unit_type);
        let is_marginal = matches!(self.statistics.sums, Sums::Marginal { .. });
        if is_marginal && !(per_unit && formulas::is_single_goal(&metric.ratio.numerator)) {
            warnings.push(observations::marginal_variance(position));
        }
        if !is_marginal && !per_unit {
            observations::warn_of_small_ratios(position, self.variants, warnings);
        }
        let variance = |place: usize| arms[place].unit_variance;
        observations::warn_of_variances(position, variance, self.variants, warnings);
        for ((variant, _), arm) in self.variants.iter().zip(arms) {
            if arm.precision_lost {
                warnings.push(observations::precision_lost(position, &variant.name));
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
