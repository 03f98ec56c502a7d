//! Scorecards as columns, in the order and the words of ep-stats.

use epstats_evaluate::{CheckResult, Outcome, Scorecard, Value, VariantResult, Warning};
use epstats_experiment::formula::{Formula, Function, Goal};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::definition::MetricDefinition;

/// Columns of metrics, values of checks, exposures and warnings, as a dict.
pub(crate) fn answer<'py>(
    py: Python<'py>,
    scorecard: &Scorecard,
    metrics: &[MetricDefinition],
    counts: &[bool],
) -> PyResult<Bound<'py, PyDict>> {
    let answer = PyDict::new(py);
    answer.set_item(
        "metrics",
        columns_of_metrics(py, scorecard, metrics, counts)?,
    )?;
    let checks: Vec<_> = scorecard.checks.iter().map(values_of_check).collect();
    answer.set_item("checks", checks)?;
    let variants: Vec<&str> = scorecard.variants.iter().map(|row| &*row.name).collect();
    answer.set_item("variants", variants)?;
    let exposures: Vec<f64> = scorecard.variants.iter().map(|row| row.n_units).collect();
    answer.set_item("exposures", exposures)?;
    let warnings = scorecard.warnings.iter();
    let warnings: Vec<_> = warnings.map(|warning| words_of_warning(warning)).collect();
    answer.set_item("warnings", warnings)?;
    Ok(answer)
}

/// Which metrics' denominators count observations, as opposed to adding up values only.
pub(crate) fn count_observations(denominator: &Formula) -> bool {
    let is_value = |goal: &&Goal| goal.function == Function::Value;
    let goals = denominator.goals();
    goals.is_empty() || !goals.iter().all(is_value)
}

fn columns_of_metrics<'py>(
    py: Python<'py>,
    scorecard: &Scorecard,
    metrics: &[MetricDefinition],
    counts: &[bool],
) -> PyResult<Bound<'py, PyDict>> {
    let results = scorecard.metrics.iter().zip(metrics).zip(counts);
    let rows: Vec<Row<'_>> = results
        .flat_map(|((result, definition), &counts)| {
            let effect = result.minimum_effect;
            result.variants.iter().map(move |variant| Row {
                definition,
                variant,
                counts,
                minimum_effect: effect.filter(|_| !variant.is_control),
            })
        })
        .collect();
    let columns = PyDict::new(py);
    let ids = rows.iter().map(|row| row.definition.id.clone_ref(py));
    columns.set_item("metric_id", PyList::new(py, ids.collect::<Vec<_>>())?)?;
    let names = rows.iter().map(|row| row.definition.name.as_str());
    columns.set_item("metric_name", names.collect::<Vec<_>>())?;
    let variants = rows.iter().map(|row| &*row.variant.variant);
    columns.set_item("exp_variant_id", variants.collect::<Vec<&str>>())?;
    let level = scorecard.confidence_level_in_force;
    for (name, read) in NUMBERS {
        let numbers = rows.iter().map(|row| read(row, level).unwrap_or(f64::NAN));
        columns.set_item(name, numbers.collect::<Vec<f64>>())?;
    }
    Ok(columns)
}

/// One metric in one variant.
struct Row<'s> {
    definition: &'s MetricDefinition,
    variant: &'s VariantResult,
    counts: bool,
    minimum_effect: Option<f64>,
}

/// How a number of a row is read; the level is that in force.
type Read = fn(&Row<'_>, f64) -> Option<f64>;

/// The columns of numbers, in their order.
const NUMBERS: [(&str, Read); 16] = [
    ("count", |row, _| row.variant.sample_size.ok()),
    ("mean", |row, _| row.variant.mean.ok()),
    ("std", |row, _| row.variant.standard_deviation.ok()),
    ("sum_value", |row, _| row.variant.sum.ok()),
    ("confidence_level", |_, level| Some(level)),
    ("diff", |row, _| row.variant.effect?.relative.estimate.ok()),
    ("test_stat", |row, _| row.variant.effect?.statistic.ok()),
    ("p_value", |row, _| {
        row.variant.effect?.p_value_adjusted.ok()
    }),
    ("confidence_interval", |row, _| {
        row.variant.effect?.relative.symmetric?.half_width.ok()
    }),
    ("standard_error", |row, _| {
        row.variant.effect?.relative.symmetric?.standard_error.ok()
    }),
    ("degrees_of_freedom", |row, _| {
        row.variant.effect?.degrees_of_freedom.ok()
    }),
    ("minimum_effect", |row, _| row.minimum_effect),
    ("sample_size", |row, _| {
        row.variant.sample_size.ok().filter(|_| row.counts)
    }),
    ("required_sample_size", |row, _| {
        row.variant.required_sample_size?.ok()
    }),
    ("power", |row, _| row.variant.power?.ok()),
    ("false_positive_risk", |row, _| {
        row.variant.false_positive_risk?.ok()
    }),
];

/// The rows of ep-stats' checks, in its order.
const CHECK_ROWS: [&str; 5] = [
    "sum_ratio",
    "max_sum_ratio",
    "p_value",
    "test_stat",
    "confidence_level",
];

/// Names and values; a check that could not be evaluated has its reason instead.
pub(crate) type CheckValues = (Vec<(&'static str, f64)>, Option<&'static str>);

pub(crate) fn values_of_check(check: &CheckResult) -> CheckValues {
    if let Outcome::NotEvaluated(reason) = check.outcome {
        return (Vec::new(), Some(reason.code()));
    }
    let value = |name: &&'static str| -> Option<(&'static str, f64)> {
        let (_, value): &(&str, Value) = check.values.iter().find(|(known, _)| known == name)?;
        Some((name, value.unwrap_or(f64::NAN)))
    };
    (CHECK_ROWS.iter().filter_map(value).collect(), None)
}

/// Code, message, place of the metric, of the check, variant, goal.
type WarningWords<'w> = (
    &'static str,
    &'w str,
    Option<usize>,
    Option<usize>,
    Option<&'w str>,
    Option<&'w str>,
);

fn words_of_warning(warning: &Warning) -> WarningWords<'_> {
    (
        warning.code.as_str(),
        &warning.message,
        warning.metric,
        warning.check,
        warning.variant.as_deref(),
        warning.goal.as_deref(),
    )
}
