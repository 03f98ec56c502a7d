//! Planning with the profile `standard`.

use epstats_api::{
    DefinitionFormat, PlanAnswer, PlanKind, answer_plan, plans_json, plans_of_experiment, read_plan,
};
use epstats_experiment::stats::Undefined;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::Value;

use crate::failure;
use crate::native::understand;
use crate::scorecard::Scorecard;

/// The answer to a plan, both as JSON; the kind is `sample-size` or `power`.
#[pyfunction]
pub(crate) fn plan(py: Python<'_>, fields: &str, kind: &str) -> PyResult<String> {
    serde_json::to_string(&answer(py, fields, plan_kind(kind)?)?).map_err(not_written)
}

/// Units that each variant needs, by the fields of a plan as JSON.
#[pyfunction]
pub(crate) fn design_sample_size(py: Python<'_>, fields: &str) -> PyResult<f64> {
    let units = number(answer(py, fields, PlanKind::SampleSize)?.units)?.control;
    if units.is_finite() {
        Ok(units)
    } else {
        Err(PyValueError::new_err("no number of units is enough"))
    }
}

/// The power that the units of a plan have, by its fields as JSON.
#[pyfunction]
pub(crate) fn design_power(py: Python<'_>, fields: &str) -> PyResult<f64> {
    let power = answer(py, fields, PlanKind::Power)?.power;
    number(power.unwrap_or(Err(Undefined::InvalidInput)))
}

fn answer(py: Python<'_>, fields: &str, kind: PlanKind) -> PyResult<PlanAnswer> {
    let read = read_plan(fields, DefinitionFormat::Json, kind);
    match read.request {
        Some(request) => Ok(answer_plan(&request)),
        None => Err(failure::wrong_definition(py, &read.diagnostics)),
    }
}

fn number<T>(answered: Result<T, Undefined>) -> PyResult<T> {
    answered.map_err(|reason| PyValueError::new_err(reason.sentence()))
}

/// The plans of all metrics of a definition from its scorecard; fields that are given win. All as JSON.
#[pyfunction]
pub(crate) fn plans(
    py: Python<'_>,
    definition: &str,
    is_json: bool,
    scorecard: &Bound<'_, Scorecard>,
    fields: &str,
    kind: &str,
) -> PyResult<String> {
    let kind = plan_kind(kind)?;
    let experiment = understand(py, definition, is_json, None, None)?;
    let fields: serde_json::Map<String, Value> =
        serde_json::from_str(fields).map_err(not_written)?;
    let overrides: Vec<(&str, Value)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let plans = plans_of_experiment(&experiment, &scorecard.get().0, &overrides, kind);
    match plans.metrics {
        Some(metrics) => Ok(plans_json(&metrics)),
        None => Err(failure::wrong_definition(py, &plans.diagnostics)),
    }
}

fn plan_kind(kind: &str) -> PyResult<PlanKind> {
    match kind {
        "sample-size" => Ok(PlanKind::SampleSize),
        "power" => Ok(PlanKind::Power),
        _ => {
            let message = format!("unknown kind `{kind}`, expected `sample-size` or `power`");
            Err(PyValueError::new_err(message))
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn not_written(error: serde_json::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}
