//! The columns of the table of a metric: always those of estimate and effect, the others where the metric uses them.

use epstats_evaluate::experiment::stats::Better;
use epstats_evaluate::experiment::{Inference, Role};
use epstats_evaluate::{
    AdjustmentResult, BeliefResult, Decision, Effect, MarginResult, MetricResult, Scorecard, Value,
    VariantResult,
};

use super::{interval, long, name, prose_in_cell, shown};
use crate::{number, words};

/// Which groups of columns a metric has.
pub(super) struct Columns {
    has_adjustment: bool,
    has_absolute: bool,
    is_planned: bool,
    has_margin: bool,
    has_belief: bool,
    has_finding: bool,
}

impl Columns {
    pub(super) fn of(scorecard: &Scorecard, metric: &MetricResult) -> Self {
        let any = |has: fn(&VariantResult) -> bool| metric.variants.iter().any(has);
        let is_special = metric.role != Role::Primary || metric.better != Better::Higher;
        let has_margin = any(|row| row.effect.is_some_and(|effect| effect.margin.is_some()));
        Columns {
            has_adjustment: any(|row| row.adjustment.is_some()),
            has_absolute: scorecard.inference == Inference::Standard,
            is_planned: metric.minimum_effect.is_some(),
            has_margin,
            has_belief: any(|row| row.effect.is_some_and(|effect| effect.belief.is_some())),
            has_finding: (is_special || has_margin) && any(|row| row.decision.is_some()),
        }
    }

    pub(super) fn titles(&self) -> Vec<&'static str> {
        let groups: [(bool, &[&'static str]); 8] = [
            (true, &ESTIMATE),
            (self.has_adjustment, &ADJUSTMENT),
            (self.has_absolute, &ABSOLUTE),
            (true, &EFFECT),
            (self.is_planned, &PLANNING),
            (self.has_margin, &MARGIN),
            (self.has_belief, &BELIEF),
            (self.has_finding, &FINDING),
        ];
        let shown = groups.into_iter().filter(|(is_shown, _)| *is_shown);
        shown
            .flat_map(|(_, titles)| titles.iter().copied())
            .collect()
    }

    /// The cells of one row; `mark` follows the name of its variant.
    pub(super) fn cells(&self, row: &VariantResult, mark: &str) -> Vec<String> {
        let mut cells = estimate(row, mark);
        if self.has_adjustment {
            cells.extend(or_empty(row.adjustment, adjustment));
        }
        if self.has_absolute {
            cells.extend(or_empty(row.effect, absolute));
        }
        cells.extend(or_empty(row.effect, effect));
        if self.is_planned {
            cells.extend(planning(row));
        }
        if self.has_margin {
            cells.extend(or_empty(
                row.effect.and_then(|effect| effect.margin),
                margin,
            ));
        }
        if self.has_belief {
            cells.extend(or_empty(
                row.effect.and_then(|effect| effect.belief),
                belief,
            ));
        }
        if self.has_finding {
            cells.extend(or_empty(row.decision.as_ref(), finding));
        }
        cells
    }
}

const ESTIMATE: [&str; 7] = [
    "variant",
    "units",
    "sample size",
    "sum",
    "mean",
    "std. deviation",
    "std. error",
];

fn estimate(row: &VariantResult, mark: &str) -> Vec<String> {
    vec![
        name(&row.variant, row.is_control) + mark,
        number::count(row.n_units),
        shown(row.sample_size, number::count),
        shown(row.sum, long),
        shown(row.mean, long),
        shown(row.standard_deviation, long),
        shown(row.standard_error, long),
    ]
}

const ADJUSTMENT: [&str; 3] = ["adjusted mean", "std. error of it", "variance left"];

fn adjustment(adjusted: AdjustmentResult) -> [String; 3] {
    [
        shown(adjusted.mean, long),
        shown(adjusted.standard_error, long),
        shown(adjusted.variance_ratio, number::share),
    ]
}

const ABSOLUTE: [&str; 3] = ["absolute effect", "std. error of it", "interval of it"];

fn absolute(effect: Effect) -> [String; 3] {
    let limit = |value| words::limit(value, &effect, long);
    or_empty(effect.absolute, |absolute| {
        [
            shown(absolute.estimate, long),
            shown(absolute.standard_error, long),
            interval(absolute.lower, absolute.upper, limit),
        ]
    })
}

const EFFECT: [&str; 7] = [
    "relative effect",
    "interval",
    "statistic",
    "d.f.",
    "p",
    "adjusted p",
    "significant",
];

fn effect(effect: Effect) -> [String; 7] {
    let relative = effect.relative;
    let numbers = [relative.estimate, relative.lower, relative.upper];
    let decimals = number::percent_decimals(numbers.iter().filter_map(|value| value.ok()));
    let percent = |value| number::signed_percent(value, decimals);
    let limit = |value| words::limit(value, &effect, percent);
    [
        shown(relative.estimate, percent),
        interval(relative.lower, relative.upper, limit),
        shown(effect.statistic, long),
        shown(effect.degrees_of_freedom, long),
        shown(effect.p_value, |p| {
            number::p_value(p, effect.ln_p_value.ok())
        }),
        shown(effect.p_value_adjusted, |p| number::p_value(p, None)),
        match effect.significant {
            Some(true) => "**yes**".to_owned(),
            Some(false) => "no".to_owned(),
            None => String::new(),
        },
    ]
}

const PLANNING: [&str; 3] = ["required sample size", "power", "false positive risk"];

fn planning(row: &VariantResult) -> [String; 3] {
    let optional = |value: Option<Value>, text: fn(f64) -> String| {
        value.map_or(String::new(), |value| shown(value, text))
    };
    [
        optional(row.required_sample_size, number::count),
        optional(row.power, number::power),
        optional(row.false_positive_risk, number::share),
    ]
}

const MARGIN: [&str; 5] = [
    "margin",
    "limits against it",
    "p of it",
    "adjusted p of it",
    "p of the opposite",
];

fn margin(result: MarginResult) -> [String; 5] {
    let p_value = |value: Value| shown(value, |p| number::p_value(p, None));
    [
        match result.outcome {
            Ok(outcome) => outcome.as_str().to_owned(),
            Err(reason) => format!("*{}*", reason.code()),
        },
        words::limits_of_margin(&result).unwrap_or_default(),
        shown(result.p_value, |p| {
            number::p_value(p, result.ln_p_value.ok())
        }),
        p_value(result.p_value_adjusted),
        p_value(result.p_value_opposite),
    ]
}

const BELIEF: [&str; 6] = [
    "chance to win",
    "expected loss",
    "expected loss of control",
    "believed effect",
    "deviation of it",
    "credible interval",
];

fn belief(result: BeliefResult) -> [String; 6] {
    let posterior = match result.posterior {
        Ok(posterior) => posterior,
        Err(reason) => return std::array::from_fn(|_| format!("*{}*", reason.code())),
    };
    let effect = |value| words::on_scale(value, result.scale);
    let size = |value| words::loss(value, result.scale);
    [
        number::chance(posterior.chance_to_win),
        size(posterior.expected_loss_of_treatment),
        size(posterior.expected_loss_of_control),
        effect(posterior.mean),
        size(posterior.standard_deviation),
        format!("{} … {}", effect(posterior.lower), effect(posterior.upper)),
    ]
}

const FINDING: [&str; 2] = ["finding", "reason"];

fn finding(decision: &Decision) -> [String; 2] {
    [
        decision.finding.as_str().to_owned(),
        prose_in_cell(&decision.reason),
    ]
}

/// What stands in a group of columns, or as many empty cells.
fn or_empty<T, const N: usize>(value: Option<T>, cells: impl Fn(T) -> [String; N]) -> [String; N] {
    value.map_or_else(|| std::array::from_fn(|_| String::new()), cells)
}
