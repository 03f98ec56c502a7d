//! Profile `ep-stats`: the rows of that system, from its arithmetic in [`crate::ep_stats`].

use std::sync::Arc;

use epstats_experiment::stats::distribution::StudentTQuantile;
use epstats_experiment::stats::{Comparison, Undefined, false_positive_risk, from_sums};
use epstats_experiment::{Dates, Experiment, GoalSums, Metric, Statistics};

use super::REQUIRED_POWER;
use super::totals::Totals;
use crate::ep_stats::{
    HolmRow, SumProgram, Variant, Welch, actual_day, holm_intervals, level, power_from_required,
    round_sample_size, sample_size, welch_at,
};
use crate::evaluate::Warnings;
use crate::formulas::{index_of, is_per_unit, is_single_goal, sums_values};
use crate::variants::{Data, Variants};
use crate::{
    Effect, RelativeDifference, Symmetric, Value, VariantResult, Warning, WarningCode, observations,
};

/// What all metrics of one scorecard share.
pub(crate) struct EpStats<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    level: f64,
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
        let level = match days(&experiment.dates) {
            Some((day, total)) => {
                if total > 1 {
                    warnings.push(sequential_level());
                }
                level(asked, day, total)
            }
            None => asked,
        };
        let totals = Totals::new(statistics, &experiment.unit_type);
        let n_goals = statistics.goals.len();
        EpStats {
            experiment,
            statistics,
            variants,
            level,
            quantile: StudentTQuantile::new((1.0 - level) / 2.0),
            totals: variants
                .iter()
                .map(|(variant, _)| totals.of(variant.data, n_goals))
                .collect(),
        }
    }

    /// The confidence level in force.
    pub(crate) fn level(&self) -> f64 {
        self.level
    }

    /// The rows of one metric; the control is compared with itself.
    pub(crate) fn rows(
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
        let parts = self
            .variants
            .iter()
            .zip(&arms)
            .zip(tests.iter().zip(&corrected));
        parts
            .map(
                |(((variant, is_control), arm), (test, &(p_value, half_width)))| {
                    let reason = why(control, arm);
                    let effect = self.effect(test, p_value, half_width, reason);
                    let planning = self.planning(metric, control, arm, is_control, p_value, reason);
                    let Variant { n, sum, mean, std } = arm.numbers;
                    VariantResult {
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
                    }
                },
            )
            .collect()
    }

    /// The metric in each variant.
    fn arms(&self, metric: &Metric) -> Vec<Arm> {
        let goals = &self.statistics.goals;
        let mut index = |goal: &_| index_of(goals, goal);
        let numerator = SumProgram::compile(&metric.ratio.numerator, &mut index);
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
        for (&place, interval) in treatments.iter().zip(holm_intervals(&rows, self.level)) {
            corrected[place] = (interval.p_value, interval.half_width);
        }
        corrected
    }

    fn effect(
        &self,
        test: &Welch,
        p_value_adjusted: f64,
        half_width: f64,
        reason: Undefined,
    ) -> Effect {
        let number = |value| number(value, reason);
        Effect {
            absolute: None,
            relative: RelativeDifference {
                estimate: number(test.estimate),
                lower: number(test.estimate - half_width.abs()),
                upper: number(test.estimate + half_width.abs()),
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
            significant: (!p_value_adjusted.is_nan())
                .then_some(p_value_adjusted < 1.0 - self.level),
        }
    }

    fn planning(
        &self,
        metric: &Metric,
        control: &Arm,
        arm: &Arm,
        is_control: bool,
        p_value: f64,
        reason: Undefined,
    ) -> Planning {
        let sums_values = sums_values(&metric.ratio.denominator);
        let Some(minimum) = metric
            .minimum_effect
            .filter(|_| !is_control && !sums_values)
        else {
            return Planning::default();
        };
        let deviations = (control.numbers.std, Some(arm.numbers.std));
        let mean = control.numbers.mean;
        let n_variants = self.variants.len();
        let required = sample_size(
            n_variants,
            minimum,
            mean,
            deviations,
            self.level,
            REQUIRED_POWER,
        )
        .map_or(f64::NAN, round_sample_size);
        let power = power_from_required(
            n_variants,
            arm.numbers.n,
            required,
            REQUIRED_POWER,
            self.level,
        );
        let risk = self
            .experiment
            .null_hypothesis_rate
            .filter(|_| p_value < 1.0 - self.level)
            .map(|rate| {
                let power = number(power, reason)?;
                false_positive_risk(p_value, power, rate.value())
            });
        Planning {
            required_sample_size: Some(number(required, reason)),
            power: Some(number(power, reason)),
            false_positive_risk: risk,
        }
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

/// A metric in one variant.
struct Arm {
    numbers: Variant,
    unit_variance: Value,
    precision_lost: bool,
    /// What is missing where one of the numbers is NaN.
    reason: Undefined,
}

impl Arm {
    fn of(total: GoalSums, n: f64, missing: Option<Undefined>) -> Self {
        let sums = from_sums(n, total.sum, total.sum_of_squares);
        let reason = missing.unwrap_or(match sums.variance {
            _ if n == 0.0 => Undefined::DenominatorZero,
            Err(reason) => reason,
            Ok(_) => Undefined::InvalidInput,
        });
        Arm {
            numbers: Variant::from_sums(n, total.sum, total.sum_of_squares),
            unit_variance: sums.variance,
            precision_lost: sums.precision_lost(),
            reason,
        }
    }

    fn unanswered() -> Self {
        Arm::of(
            GoalSums {
                sum: f64::NAN,
                sum_of_squares: f64::NAN,
            },
            f64::NAN,
            Some(Undefined::InvalidInput),
        )
    }
}

#[derive(Default)]
struct Planning {
    required_sample_size: Option<Value>,
    power: Option<Value>,
    false_positive_risk: Option<Value>,
}

/// Why numbers of a comparison are NaN.
fn why(control: &Arm, treatment: &Arm) -> Undefined {
    for arm in [control, treatment] {
        if arm.unit_variance.is_err() {
            return arm.reason;
        }
    }
    if control.numbers.mean == 0.0 {
        Undefined::ControlMeanZero
    } else if control.numbers.std == 0.0 && treatment.numbers.std == 0.0 {
        Undefined::ZeroVariance
    } else {
        Undefined::InvalidInput
    }
}

/// A number of `ep-stats`, infinities included; its NaN is undefined.
fn number(value: f64, reason: Undefined) -> Value {
    if value.is_nan() {
        Err(reason)
    } else {
        Ok(value)
    }
}

/// The day that is evaluated and the planned number of days, where both ends are given.
fn days(dates: &Dates) -> Option<(u32, u32)> {
    let (from, to) = (dates.from?, dates.to?);
    let days_after_start = |date| i64::from(from.until(date).map_or(0, |span| span.get_days()));
    let total = u32::try_from(days_after_start(to) + 1).unwrap_or(1).max(1);
    let looked_at = dates.evaluated_for.unwrap_or(to);
    Some((actual_day(days_after_start(looked_at), total), total))
}

fn sequential_level() -> Warning {
    Warning::new(
        WarningCode::SequentialLevelExceedsError,
        "with a look every day, the sequential level of ep-stats errs more often than one minus the confidence level",
    )
}

fn negative_control_mean(position: usize) -> Warning {
    Warning::new(
        WarningCode::NegativeControlMean,
        "the mean of control is below zero, so standard error, statistic and half-width have the opposite sign",
    )
    .metric(position)
}
