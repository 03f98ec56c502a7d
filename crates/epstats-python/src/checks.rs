//! Checks on their own, as a user's own check may call them.

use epstats_evaluate::scorecard;
use epstats_experiment::{Experiment, Inference, Statistics};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::answer::{CheckValues, values_of_check};
use crate::definition::CheckDefinition;
use crate::toolkit::plan;
use crate::{agg, by_unit};

/// Names and values of a check on aggregated goals of one experiment, or why there are none.
#[pyfunction]
pub(crate) fn check_agg(
    py: Python<'_>,
    check: CheckDefinition,
    frame: &Bound<'_, PyAny>,
) -> PyResult<CheckValues> {
    let experiment = around(&check)?;
    let plan = plan(&experiment);
    let frame = agg::read(frame, &plan.goals)?.of_one_experiment();
    let statistics = agg::statistics(py, &frame, &plan)?;
    Ok(evaluate(experiment, &statistics))
}

/// The same on goals by unit.
#[pyfunction]
pub(crate) fn check_by_unit(
    py: Python<'_>,
    check: CheckDefinition,
    frame: &Bound<'_, PyAny>,
) -> PyResult<CheckValues> {
    let experiment = around(&check)?;
    let totals = by_unit::read(py, frame, &plan(&experiment), None)?;
    Ok(evaluate(experiment, &totals.statistics()))
}

fn around(check: &CheckDefinition) -> PyResult<Experiment> {
    let check = check.check()?;
    let Some(unit_type) = check.goals().first().map(|goal| goal.unit_type.clone()) else {
        return Err(PyValueError::new_err("the check has no goal"));
    };
    Ok(Experiment {
        checks: vec![check],
        inference: Inference::EpStats,
        ..Experiment::new("", "", unit_type)
    })
}

/// The control counts for nothing, so any variant that has data is as good.
fn evaluate(mut experiment: Experiment, statistics: &Statistics) -> CheckValues {
    if let Some(name) = statistics.sums.variants().first() {
        experiment.control = (*name).to_owned();
    }
    let scorecard = scorecard(&experiment, statistics);
    values_of_check(&scorecard.checks[0])
}
