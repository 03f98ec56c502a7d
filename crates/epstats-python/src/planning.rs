//! Planning with the profile `standard`.

use epstats_api::{
    DefinitionFormat, PlanKind, answer_plan, plans_json, plans_of_experiment, read_plan,
};
use epstats_experiment::stats::{Alternative, Comparison, Design, power, required_sample_size};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::Value;

use crate::failure;
use crate::native::understand;
use crate::scorecard::Scorecard;

/// The answer to a plan, both as JSON; the kind is `sample-size` or `power`.
#[pyfunction]
pub(crate) fn plan(py: Python<'_>, fields: &str, kind: &str) -> PyResult<String> {
    let read = read_plan(fields, DefinitionFormat::Json, plan_kind(kind)?);
    let Some(request) = read.request else {
        return Err(failure::wrong_definition(py, &read.diagnostics));
    };
    serde_json::to_string(&answer_plan(&request)).map_err(not_written)
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

/// Units that each variant needs: unit variances of control and treatment, absolute effect, power, error, treatments.
#[pyfunction]
pub(crate) fn design_sample_size(
    variances: (f64, f64),
    effect: f64,
    target: f64,
    alpha: f64,
    treatments: u32,
) -> PyResult<f64> {
    let variances = Comparison {
        control: variances.0,
        treatment: variances.1,
    };
    let units = required_sample_size(&variances, effect, target, 1.0, &design(alpha, treatments));
    units
        .map(f64::ceil)
        .map_err(|reason| PyValueError::new_err(reason.sentence()))
}

/// The power that so many units of each variant have.
#[pyfunction]
pub(crate) fn design_power(
    variances: (f64, f64),
    effect: f64,
    units: f64,
    alpha: f64,
    treatments: u32,
) -> PyResult<f64> {
    let error = ((variances.0 + variances.1) / units).sqrt();
    power(effect, error, &design(alpha, treatments))
        .map_err(|reason| PyValueError::new_err(reason.sentence()))
}

/// A two-sided test of every treatment, Bonferroni's share of the error for each.
fn design(alpha: f64, treatments: u32) -> Design {
    Design {
        alpha,
        alternative: Alternative::TwoSided,
        comparisons: treatments,
    }
}
