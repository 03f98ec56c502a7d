//! Profile `standard`: Welch's test on the absolute scale, Fieller's interval from the same pivot, Holm's correction.

use std::sync::Arc;

use epstats_experiment::stats::{
    AbsoluteEffect, Adjusted, Alternative, Comparison, Design, Estimate, Undefined,
    absolute_effect, false_positive_risk, fieller_interval_at, holm_ln, power,
    required_sample_size,
};
use epstats_experiment::{Experiment, Metric, Statistics, Sums};

use super::REQUIRED_POWER;
use super::estimate::{Arm, Estimator};
use super::quantiles::Quantiles;
use crate::evaluate::Warnings;
use crate::scorecard::finite;
use crate::variants::Variants;
use crate::{
    AbsoluteDifference, Effect, RelativeDifference, Value, VariantResult, Warning, WarningCode,
    formulas, observations,
};

/// What all metrics of one scorecard share.
pub(crate) struct Standard<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    alpha: f64,
    quantiles: Quantiles,
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
            alpha,
            quantiles: Quantiles::new(alpha),
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
            let effect =
                (!is_control).then(|| self.effect(&control, arm, &tests[place], adjusted[place]));
            let planning = self.planning(metric, &control, arm, place, effect.as_ref());
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
            });
        }
        warn_of_control(position, &rows, self.variants, warnings);
        rows
    }

    /// The effect of one treatment, with intervals at the level of its adjusted p-value.
    fn effect(
        &mut self,
        control: &Arm,
        arm: &Arm,
        test: &Test,
        adjusted: Option<Adjusted>,
    ) -> Effect {
        let difference = difference(control, arm);
        let (variants, welch) = match (&test.variants, &test.welch) {
            (Ok(variants), Ok(welch)) => (variants, welch),
            (Err(reason), _) | (_, Err(reason)) => {
                return without_test(difference, relative(difference, control), *reason);
            }
        };
        let ratio = adjusted.map_or(1.0, |adjusted| adjusted.level_ratio);
        let quantile = self.quantiles.at(ratio);
        let interval = welch.interval_at(quantile);
        let fieller = fieller_interval_at(variants, quantile);
        Effect {
            absolute: Some(AbsoluteDifference {
                estimate: difference,
                standard_error: finite(welch.standard_error),
                lower: finite(interval.lower),
                upper: finite(interval.upper),
            }),
            relative: RelativeDifference {
                estimate: relative(difference, control),
                lower: fieller.map(|interval| interval.lower),
                upper: fieller.map(|interval| interval.upper),
                symmetric: None,
            },
            degrees_of_freedom: finite(welch.degrees_of_freedom),
            statistic: finite(welch.statistic),
            p_value: Ok(welch.p_value),
            ln_p_value: finite(welch.ln_p_value),
            // By way of logarithms, so that the last digits could fall below the p-value itself.
            p_value_adjusted: Ok(adjusted.map_or(welch.p_value, |adjusted| {
                adjusted.p_value.max(welch.p_value)
            })),
            significant: adjusted.map(|adjusted| adjusted.p_value <= self.alpha),
        }
    }

    /// Required sample size, power and risk of a treatment, where they are asked for.
    fn planning(
        &self,
        metric: &Metric,
        control: &Arm,
        arm: &Arm,
        place: usize,
        effect: Option<&Effect>,
    ) -> Planning {
        let (Some(minimum), Some(effect)) = (metric.minimum_effect, effect) else {
            return Planning::default();
        };
        let comparisons = u32::try_from(self.variants.len() - 1).unwrap_or(u32::MAX);
        let design = Design {
            alpha: self.alpha,
            alternative: Alternative::TwoSided,
            comparisons,
        };
        let to_find = to_find(minimum, control);
        let power = to_find.and_then(|to_find| {
            let error = effect
                .absolute
                .map_or(Err(Undefined::InvalidInput), |absolute| {
                    absolute.standard_error
                })?;
            power(to_find, error, &design)
        });
        let required = to_find.and_then(|to_find| {
            let variances = Comparison {
                control: control.unit_variance?,
                treatment: arm.unit_variance?,
            };
            let per_control = self.per_control[place];
            let of_control =
                required_sample_size(&variances, to_find, REQUIRED_POWER, per_control, &design)?;
            finite((of_control * per_control).ceil().max(2.0))
        });
        let risk = match (self.experiment.null_hypothesis_rate, effect.significant) {
            (Some(rate), Some(true)) => Some(
                effect
                    .p_value
                    .and_then(|p_value| false_positive_risk(p_value, power?, rate.value())),
            ),
            _ => None,
        };
        Planning {
            required_sample_size: Some(required),
            power: Some(power),
            false_positive_risk: risk,
        }
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

/// A treatment tested against control.
struct Test {
    variants: Result<Comparison<Estimate>, Undefined>,
    welch: Result<AbsoluteEffect, Undefined>,
}

impl Test {
    fn of(control: &Arm, treatment: &Arm, is_control: bool) -> Self {
        if is_control {
            return Test {
                variants: Err(Undefined::InvalidInput),
                welch: Err(Undefined::InvalidInput),
            };
        }
        let variants = control.estimate().and_then(|control| {
            let treatment = treatment.estimate()?;
            Ok(Comparison { control, treatment })
        });
        Test {
            welch: variants.and_then(|variants| absolute_effect(&variants, Alternative::TwoSided)),
            variants,
        }
    }

    fn ln_p_value(&self) -> Option<f64> {
        self.welch.ok().map(|welch| welch.ln_p_value)
    }
}

#[derive(Default)]
struct Planning {
    required_sample_size: Option<Value>,
    power: Option<Value>,
    false_positive_risk: Option<Value>,
}

/// The minimum effect on the absolute scale.
fn to_find(minimum_effect: f64, control: &Arm) -> Value {
    let mean = control.mean?;
    if mean == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    finite(minimum_effect * mean.abs())
}

fn difference(control: &Arm, arm: &Arm) -> Value {
    finite(arm.mean? - control.mean?)
}

fn relative(difference: Value, control: &Arm) -> Value {
    let (difference, control) = (difference?, control.mean?);
    if control == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    finite(difference / control.abs())
}

/// What is left of an effect that cannot be tested.
fn without_test(difference: Value, relative: Value, reason: Undefined) -> Effect {
    Effect {
        absolute: Some(AbsoluteDifference {
            estimate: difference,
            standard_error: Err(reason),
            lower: Err(reason),
            upper: Err(reason),
        }),
        relative: RelativeDifference {
            estimate: relative,
            lower: Err(reason),
            upper: Err(reason),
            symmetric: None,
        },
        degrees_of_freedom: Err(reason),
        statistic: Err(reason),
        p_value: Err(reason),
        ln_p_value: Err(reason),
        p_value_adjusted: Err(reason),
        significant: None,
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
