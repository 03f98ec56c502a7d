//! The columns of a metric: denominator, sum and sum of squares in each variant, as `Metric` and `Parser` give them.

use epstats_experiment::{Experiment, Metric, Statistics};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::definition::Formulas;
use crate::stand_in::{StandIn, stand_in};
use crate::toolkit::plan;
use crate::{agg, by_unit};

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

/// Names of the variants, denominators, sums, sums of squares.
type Columns = (Vec<String>, Vec<f64>, Vec<f64>, Vec<f64>);

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
