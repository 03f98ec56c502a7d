//! The evaluations of `Experiment`.

use epstats_evaluate::{Scorecard, scorecard};
use epstats_experiment::formula::Goal;
use epstats_experiment::{Experiment, Statistics};
use epstats_plan::{Plan, for_experiment};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answer::{answer, count_observations};
use crate::definition::{CheckDefinition, Definition};
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
