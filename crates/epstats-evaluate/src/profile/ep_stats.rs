//! Profile `ep-stats`: the rows of that system, from its arithmetic in [`crate::ep_stats`].

mod arm;
mod level;
mod planning;

use std::sync::Arc;

use epstats_experiment::stats::distribution::StudentTQuantile;
use epstats_experiment::stats::{Alternative, Comparison, Undefined};
use epstats_experiment::{
    Experiment, GoalSums, Metric, MetricNeeds, Quantity, Reading, RelativeMethod, Statistics,
};

use self::arm::{Arm, number, why};
use self::planning::{Judgement, Planning};
use super::estimate::Quantities;
use super::totals::Totals;
use crate::ep_stats::{HolmRow, SumProgram, Variant, Welch, holm_intervals, welch_at};
use crate::evaluate::Warnings;
use crate::formulas::{index_of, is_per_unit, is_single_goal, sums_values};
use crate::variants::{Data, Variants};
use crate::{
    Effect, MetricResult, RelativeDifference, Symmetric, VariantResult, Warning, WarningCode,
    observations,
};

/// What all metrics of one scorecard share.
pub(crate) struct EpStats<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    judgement: Judgement,
    quantile: StudentTQuantile,
    /// Sums of all goals in each variant.
    totals: Vec<Vec<GoalSums>>,
}

impl<'a> EpStats<'a> {
    pub(crate) fn new(
        experiment: &'a Experiment,
        statistics: &'a Statistics,
        variants: &'a Variants<'a>,
        warnings: &mut Warnings,
    ) -> Self {
        let asked = experiment.confidence_level.value();
        let level = level::in_force(asked, &experiment.dates, warnings);
        let totals = Totals::new(statistics, &experiment.unit_type);
        EpStats {
            experiment,
            statistics,
            variants,
            judgement: Judgement {
                level,
                n_variants: variants.len(),
                null_hypothesis_rate: experiment.null_hypothesis_rate,
            },
            quantile: StudentTQuantile::new((1.0 - level) / 2.0),
            totals: variants
                .iter()
                .map(|(variant, _)| totals.of(variant.data))
                .collect(),
        }
    }

    /// The confidence level in force.
    pub(crate) fn level(&self) -> f64 {
        self.judgement.level
    }

    /// Every metric, in the order of the definition.
    pub(crate) fn results(&self, warnings: &mut Warnings) -> Vec<MetricResult> {
        let metrics = self.experiment.metrics.iter().enumerate();
        metrics
            .map(|(position, metric)| MetricResult {
                id: metric.id.clone(),
                name: metric.name.clone(),
                numerator: metric.numerator().to_string(),
                denominator: metric.ratio.denominator.to_string(),
                minimum_effect: metric.minimum_effect,
                role: metric.role,
                better: metric.better,
                quantile: None,
                caps: Vec::new(),
                covariates: None,
                variants: self.rows(position, metric, warnings),
                uncapped: None,
            })
            .collect()
    }

    /// The rows of one metric; the control is compared with itself.
    fn rows(
        &self,
        position: usize,
        metric: &Metric,
        warnings: &mut Warnings,
    ) -> Vec<VariantResult> {
        let arms = self.arms(metric);
        let control = &arms[self.variants.control_position()];
        let tests: Vec<Welch> = arms
            .iter()
            .map(|arm| {
                let variants = Comparison {
                    control: control.numbers,
                    treatment: arm.numbers,
                };
                welch_at(&variants, &self.quantile)
            })
            .collect();
        let corrected = self.corrected(&tests);
        self.warn(position, metric, &arms, &tests, warnings);
        // A denominator that sums values counts nothing that could be required.
        let minimum_effect = metric
            .minimum_effect
            .filter(|_| !sums_values(&metric.ratio.denominator));
        let mut rows = Vec::with_capacity(arms.len());
        for (place, (variant, is_control)) in self.variants.iter().enumerate() {
            let arm = &arms[place];
            let (p_value, half_width) = corrected[place];
            let reason = why(control, arm);
            let planning = match minimum_effect {
                Some(minimum_effect) if !is_control => {
                    let judgement = &self.judgement;
                    judgement.planning(minimum_effect, control, arm, p_value, reason)
                }
                _ => Planning::default(),
            };
            let effect = effect(&tests[place], p_value, half_width, self.level(), reason);
            let Variant { n, sum, mean, std } = arm.numbers;
            rows.push(VariantResult {
                variant: Arc::clone(&variant.name),
                is_control,
                n_units: variant.n_units,
                sample_size: number(n, arm.reason),
                sum: number(sum, arm.reason),
                mean: number(mean, arm.reason),
                standard_deviation: number(std, arm.reason),
                standard_error: number(std / n.sqrt(), arm.reason),
                effect: Some(effect),
                required_sample_size: planning.required_sample_size,
                power: planning.power,
                false_positive_risk: planning.false_positive_risk,
                adjustment: None,
                capped: Vec::new(),
                decision: None,
            });
        }
        rows
    }

    /// The metric in each variant.
    fn arms(&self, metric: &Metric) -> Vec<Arm> {
        let goals = &self.statistics.goals;
        let mut index = |goal: &_| index_of(goals, goal);
        let needs = MetricNeeds::of(metric, &self.experiment.unit_type);
        let quantities = Quantities::of(self.statistics);
        let numerator = match &needs.numerator {
            reading @ (Reading::Goals(formula) | Reading::Replaced(formula, _)) => {
                let mut index = |goal: &_| quantities.stands_for(reading, goal);
                SumProgram::compile(formula, &mut index)
            }
            Reading::Goal(goal) => index(goal).map(SumProgram::place),
            Reading::Value(value) => quantities
                .index(&Quantity::Value(value.clone()))
                .map(SumProgram::place),
        };
        let denominator = SumProgram::compile(&metric.ratio.denominator, &mut index);
        let sums = |totals: &[GoalSums]| {
            let numerator = numerator.as_ref()?.evaluate(totals);
            let denominator = denominator.as_ref()?.evaluate(totals);
            Some((numerator, denominator.sum))
        };
        let variants = self.variants.iter().zip(&self.totals);
        variants
            .map(|((variant, _), totals)| {
                let missing = match variant.data {
                    Data::Nothing(reason) => Some(reason),
                    Data::Exact(_) | Data::Marginal(_) => None,
                };
                match sums(totals) {
                    Some((total, n)) => Arm::of(total, n, missing),
                    None => Arm::unanswered(),
                }
            })
            .collect()
    }

    /// Adjusted p-value and half-width of every row: Holm over the treatments, where there are more than two variants.
    fn corrected(&self, tests: &[Welch]) -> Vec<(f64, f64)> {
        let mut corrected: Vec<(f64, f64)> = tests
            .iter()
            .map(|test| (test.p_value, test.half_width))
            .collect();
        if tests.len() <= 2 {
            return corrected;
        }
        let control = self.variants.control_position();
        let treatments: Vec<usize> = (0..tests.len()).filter(|&place| place != control).collect();
        let rows: Vec<HolmRow> = treatments
            .iter()
            .map(|&place| HolmRow {
                p_value: tests[place].p_value,
                ln_p_value: tests[place].ln_p_value,
                standard_error: tests[place].standard_error,
                degrees_of_freedom: tests[place].degrees_of_freedom,
            })
            .collect();
        for (&place, interval) in treatments.iter().zip(holm_intervals(&rows, self.level())) {
            corrected[place] = (interval.p_value, interval.half_width);
        }
        corrected
    }

    fn warn(
        &self,
        position: usize,
        metric: &Metric,
        arms: &[Arm],
        tests: &[Welch],
        warnings: &mut Warnings,
    ) {
        if !(is_per_unit(metric, &self.experiment.unit_type)
            && is_single_goal(&metric.ratio.numerator))
        {
            warnings.push(observations::marginal_variance(position));
        }
        let variance = |place: usize| arms[place].unit_variance;
        observations::warn_of_variances(position, variance, self.variants, warnings);
        let control = arms[self.variants.control_position()].numbers.mean;
        if control < 0.0 {
            warnings.push(negative_control_mean(position).variant(&self.variants.control().name));
        }
        for (place, (variant, is_control)) in self.variants.iter().enumerate() {
            let (arm, test) = (&arms[place], &tests[place]);
            if arm.precision_lost {
                warnings.push(observations::precision_lost(position, &variant.name));
            }
            let no_events = arm.numbers.sum == 0.0 && test.standard_error == 0.0;
            if !is_control && no_events && test.p_value == 1.0 {
                warnings.push(
                    Warning::new(
                        WarningCode::NoEvents,
                        format!(
                            "variant `{}` has no event of this metric, and a p-value of 1 all the same",
                            variant.name
                        ),
                    )
                    .variant(&variant.name)
                    .metric(position),
                );
            }
        }
    }
}

/// A row's comparison with control; `reason` is behind every NaN.
fn effect(
    test: &Welch,
    p_value_adjusted: f64,
    half_width: f64,
    level: f64,
    reason: Undefined,
) -> Effect {
    let number = |value| number(value, reason);
    Effect {
        absolute: None,
        relative: RelativeDifference {
            estimate: number(test.estimate),
            lower: number(test.estimate - half_width.abs()),
            upper: number(test.estimate + half_width.abs()),
            method: RelativeMethod::Delta,
            symmetric: Some(Symmetric {
                standard_error: number(test.standard_error),
                half_width: number(half_width),
            }),
        },
        degrees_of_freedom: number(test.degrees_of_freedom),
        statistic: number(test.statistic),
        p_value: number(test.p_value),
        ln_p_value: number(test.ln_p_value),
        p_value_adjusted: number(p_value_adjusted),
        significant: (!p_value_adjusted.is_nan()).then_some(p_value_adjusted < 1.0 - level),
        alternative: Alternative::TwoSided,
        margin: None,
        belief: None,
    }
}

fn negative_control_mean(position: usize) -> Warning {
    Warning::new(
        WarningCode::NegativeControlMean,
        "the mean of control is below zero, so standard error, statistic and half-width have the opposite sign",
    )
    .metric(position)
}
