//! Planning with the profile `standard`.

use epstats_experiment::stats::{Alternative, Comparison, Design, power, required_sample_size};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

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
