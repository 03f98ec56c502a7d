//! The functions behind `Experiment`, `Metric` and `Parser` of `epstats.toolkit`.

use epstats_evaluate::{Scorecard, scorecard};
use epstats_experiment::formula::{Aggregation, DimensionFilter, FilterOperator, Function, Goal};
use epstats_experiment::{Experiment, Metric, Statistics, Sums};
use epstats_plan::{Plan, for_experiment};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::answer::{answer, count_observations};
use crate::definition::{CheckDefinition, Definition, Formulas};
use crate::stand_in::{StandIn, stand_in};
use crate::{agg, by_unit, wide};

/// Evaluates an experiment on aggregated goals.
#[pyfunction]
pub(crate) fn evaluate_agg<'py>(
    py: Python<'py>,
    definition: Definition,
    checks: Vec<CheckDefinition>,
    frame: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let experiment = definition.experiment(py, &checks)?;
    let plan = plan(&experiment);
    let frame = agg::read(frame, &plan.goals)?;
    let statistics = agg::statistics(py, &frame, &plan)?;
    answer_of(py, &definition, experiment, statistics)
}

/// Evaluates an experiment on a wide frame: a row per variant, a column per goal.
#[pyfunction]
pub(crate) fn evaluate_wide<'py>(
    py: Python<'py>,
    definition: Definition,
    checks: Vec<CheckDefinition>,
    frame: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let experiment = definition.experiment(py, &checks)?;
    let mut statistics = wide::statistics(py, frame, &plan(&experiment))?;
    let numerators = experiment
        .metrics
        .iter()
        .flat_map(|metric| metric.ratio.numerator.goals());
    let squared: Vec<&Goal> = numerators.collect();
    let goals = &statistics.goals;
    let assumed = &mut statistics.observations.squares_assumed;
    assumed.retain(|&place| squared.contains(&&goals[place]));
    answer_of(py, &definition, experiment, statistics)
}

/// Evaluates an experiment on goals by unit.
#[pyfunction]
pub(crate) fn evaluate_by_unit<'py>(
    py: Python<'py>,
    definition: Definition,
    checks: Vec<CheckDefinition>,
    frame: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut experiment = definition.experiment(py, &checks)?;
    let plan = plan(&experiment);
    let totals = by_unit::read(py, frame, &plan, Some(&plan.experiment))?;
    let counts = counts_of(&definition, &experiment);
    let scorecard = py.detach(|| {
        let mut statistics = totals.statistics();
        let mut warnings = Vec::new();
        for (place, metric) in experiment.metrics.iter_mut().enumerate() {
            let caps = caps(&definition, place);
            let numerator = totals.numerator(&metric.ratio.numerator, caps);
            warnings.extend(numerator.warnings(place, metric));
            stand_in(
                &mut statistics,
                StandIn::numerator(place, numerator.sums),
                metric,
            );
        }
        simple_denominators(&definition, &mut experiment, &mut statistics);
        let mut scorecard = scorecard(&experiment, &statistics);
        scorecard.warnings.extend(warnings);
        scorecard
    });
    answer(py, &scorecard, &definition.metrics, &counts)
}

/// Variants, and denominator, sum and sum of squares of the numerator in each: on aggregated goals of one experiment.
#[pyfunction]
pub(crate) fn columns_agg(
    py: Python<'_>,
    formulas: Formulas,
    frame: &Bound<'_, PyAny>,
) -> PyResult<Columns> {
    let experiment = nameless(&formulas)?;
    let plan = plan(&experiment);
    let frame = agg::read(frame, &plan.goals)?.of_one_experiment();
    let statistics = agg::statistics(py, &frame, &plan)?;
    Ok(columns(&experiment, &statistics))
}

/// The same on goals by unit, with the numerator capped at quantiles.
#[pyfunction]
pub(crate) fn columns_by_unit(
    py: Python<'_>,
    formulas: Formulas,
    frame: &Bound<'_, PyAny>,
    lower_quantile: f64,
    upper_quantile: f64,
) -> PyResult<Columns> {
    let quantiles = [lower_quantile, upper_quantile];
    if quantiles
        .iter()
        .any(|quantile| !(0.0..=1.0).contains(quantile))
    {
        return Err(PyValueError::new_err("quantiles must be in `[0, 1]`."));
    }
    let mut experiment = nameless(&formulas)?;
    let totals = by_unit::read(py, frame, &plan(&experiment), None)?;
    let mut statistics = totals.statistics();
    let metric = &mut experiment.metrics[0];
    let numerator = totals.numerator(&metric.ratio.numerator, (lower_quantile, upper_quantile));
    stand_in(
        &mut statistics,
        StandIn::numerator(0, numerator.sums),
        metric,
    );
    Ok(columns(&experiment, &statistics))
}

/// The five sums of each goal in each variant, goals that are missing with zeros: what a check of a user's own is given.
#[pyfunction]
pub(crate) fn prepared_goals<'py>(
    py: Python<'py>,
    definition: Definition,
    goals: Vec<GoalKey>,
    frame: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let experiment = definition.experiment(py, &[])?;
    let mut plan = plan(&experiment);
    for key in &goals {
        plan.goals.extend(measures(key)?);
    }
    let frame = agg::read(frame, &plan.goals)?;
    let statistics = agg::statistics(py, &frame, &plan)?;
    prepared(
        py,
        &experiment,
        &statistics,
        &goals,
        plan.goals.len() - 3 * goals.len(),
    )
}

/// Names of the variants, denominators, sums, sums of squares.
type Columns = (Vec<String>, Vec<f64>, Vec<f64>, Vec<f64>);

/// Unit type, aggregation, name, and dimensions with the content of their cells.
type GoalKey = (String, String, String, Vec<(String, String)>);

/// What must be known. The data come for the days that count, so none are asked for.
pub(crate) fn plan(experiment: &Experiment) -> Plan {
    Plan {
        days: (None, None),
        ..for_experiment(experiment)
    }
}

fn answer_of<'py>(
    py: Python<'py>,
    definition: &Definition,
    mut experiment: Experiment,
    mut statistics: Statistics,
) -> PyResult<Bound<'py, PyDict>> {
    let counts = counts_of(definition, &experiment);
    let scorecard: Scorecard = py.detach(|| {
        simple_denominators(definition, &mut experiment, &mut statistics);
        scorecard(&experiment, &statistics)
    });
    answer(py, &scorecard, &definition.metrics, &counts)
}

fn counts_of(definition: &Definition, experiment: &Experiment) -> Vec<bool> {
    let metrics = definition.metrics.iter().zip(&experiment.metrics);
    metrics
        .map(|(definition, metric)| {
            definition.is_simple || count_observations(&metric.ratio.denominator)
        })
        .collect()
}

/// The denominator of a simple metric counts, although its formula adds up values.
fn simple_denominators(
    definition: &Definition,
    experiment: &mut Experiment,
    statistics: &mut Statistics,
) {
    let metrics = definition.metrics.iter().zip(&mut experiment.metrics);
    for (place, (definition, metric)) in metrics.enumerate() {
        if definition.is_simple {
            let sums = by_unit::on_sums(&metric.ratio.denominator, statistics);
            stand_in(statistics, StandIn::denominator(place, sums), metric);
        }
    }
}

/// The quantiles at which the numerator of a metric is capped.
fn caps(definition: &Definition, place: usize) -> (f64, f64) {
    let metric = &definition.metrics[place];
    let share = |percentile: Option<f64>| percentile.unwrap_or(0.0) / 100.0;
    (
        share(metric.outlier_lower_percentile),
        1.0 - share(metric.outlier_upper_percentile),
    )
}

/// An experiment around one metric, where only its sums are asked for.
fn nameless(formulas: &Formulas) -> PyResult<Experiment> {
    let ratio = formulas.ratio();
    let Some(unit_type) = ratio.goals().first().map(|goal| goal.unit_type.clone()) else {
        return Err(PyValueError::new_err("the formulas have no goal"));
    };
    let mut experiment = Experiment::new("", "", unit_type);
    experiment.metrics.push(Metric::new("", "", ratio));
    Ok(experiment)
}

fn columns(experiment: &Experiment, statistics: &Statistics) -> Columns {
    let ratio = &experiment.metrics[0].ratio;
    let numerator = by_unit::on_sums(&ratio.numerator, statistics);
    let denominator = by_unit::on_sums(&ratio.denominator, statistics);
    let variants = statistics.sums.variants().into_iter().map(str::to_owned);
    (
        variants.collect(),
        denominator.values().map(|sums| sums.sum).collect(),
        numerator.values().map(|sums| sums.sum).collect(),
        numerator.values().map(|sums| sums.sum_of_squares).collect(),
    )
}

/// Count, value and unique of a goal.
fn measures(key: &GoalKey) -> PyResult<Vec<Goal>> {
    let (unit_type, aggregation, name, cells) = key;
    let aggregation = Aggregation::ALL
        .iter()
        .find(|known| known.as_str() == aggregation)
        .ok_or_else(|| PyValueError::new_err(format!("unknown aggregation `{aggregation}`")))?;
    let filters: Vec<DimensionFilter> = cells
        .iter()
        .map(|(dimension, cell)| {
            let (operator, value) = match cell.strip_prefix('^') {
                Some(value) => (FilterOperator::StartsWith, value),
                None => (FilterOperator::Equal, cell.as_str()),
            };
            DimensionFilter {
                dimension: dimension.clone(),
                operator,
                value: value.to_owned(),
            }
        })
        .collect();
    let goal = |&function: &Function| Goal {
        function,
        unit_type: unit_type.clone(),
        aggregation: *aggregation,
        name: name.clone(),
        filters: filters.clone(),
    };
    Ok(Function::ALL.iter().map(goal).collect())
}

fn prepared<'py>(
    py: Python<'py>,
    experiment: &Experiment,
    statistics: &Statistics,
    goals: &[GoalKey],
    first: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let Sums::Marginal { variants: sums } = &statistics.sums else {
        return Err(PyValueError::new_err("the sums are not marginal"));
    };
    let mut variants: Vec<&str> = match &experiment.variants {
        Some(variants) => variants.iter().map(String::as_str).collect(),
        None => sums.keys().map(String::as_str).collect(),
    };
    variants.push(&experiment.control);
    variants.sort_unstable();
    variants.dedup();
    let columns = PyDict::new(py);
    let rows = || {
        variants
            .iter()
            .flat_map(|variant| (0..goals.len()).map(move |goal| (*variant, goal)))
    };
    columns.set_item(
        "exp_variant_id",
        PyList::new(py, rows().map(|(variant, _)| variant).collect::<Vec<_>>())?,
    )?;
    columns.set_item(
        "goal_place",
        rows().map(|(_, goal)| goal).collect::<Vec<_>>(),
    )?;
    for (place, name) in agg::SUMS.into_iter().enumerate() {
        let number = |(variant, goal): (&str, usize)| {
            let measure = first + 3 * goal + place / 2;
            let sums = sums
                .get(variant)
                .map(|sums| sums.goals[measure])
                .unwrap_or_default();
            if place % 2 == 0 {
                sums.sum
            } else {
                sums.sum_of_squares
            }
        };
        columns.set_item(name, rows().map(number).collect::<Vec<f64>>())?;
    }
    Ok(columns)
}
