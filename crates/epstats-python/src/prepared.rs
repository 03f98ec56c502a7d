//! Goals as a check of a user's own is given them.

use epstats_experiment::formula::{Aggregation, DimensionFilter, FilterOperator, Function, Goal};
use epstats_experiment::{Experiment, Statistics, Sums};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::agg;
use crate::definition::Definition;
use crate::toolkit::plan;

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

/// Unit type, aggregation, name, and dimensions with the content of their cells.
type GoalKey = (String, String, String, Vec<(String, String)>);

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
