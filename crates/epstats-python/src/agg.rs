//! Statistics of frames of aggregated goals: one row per variant and goal.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::Statistics;
use epstats_experiment::formula::{Function, Goal};
use epstats_plan::{AggregatedTable, Layout, Plan};
use epstats_source::Source;
use epstats_source::memory::{Cell, Column, Kind, MemorySource, Table};
use futures::executor::block_on;
use pyo3::prelude::*;

use crate::failure;
use crate::formula::with_whole_operator;
use crate::frame::{Frame, Texts};

/// The columns that every row has.
pub(crate) const NAMES: [&str; 5] = ["exp_id", "exp_variant_id", "unit_type", "agg_type", "goal"];
/// The columns of sums and of squares.
pub(crate) const SUMS: [&str; 5] = [
    "count",
    "sum_sqr_count",
    "sum_value",
    "sum_sqr_value",
    "count_unique",
];

/// Reads the columns that the goals of a plan need.
pub(crate) fn read(frame: &Bound<'_, PyAny>, goals: &[Goal]) -> PyResult<Frame> {
    let dimensions = dimensions(goals);
    Frame::read(frame, |name| {
        NAMES.contains(&name) || SUMS.contains(&name) || dimensions.contains(name)
    })
}

/// The dimensions that goals name.
pub(crate) fn dimensions(goals: &[Goal]) -> BTreeSet<&str> {
    let filters = goals.iter().flat_map(|goal| &goal.filters);
    filters.map(|filter| filter.dimension.as_str()).collect()
}

/// Asks the in-memory source, over the rows of the experiment and of the goals that are asked for.
pub(crate) fn statistics(py: Python<'_>, frame: &Frame, plan: &Plan) -> PyResult<Statistics> {
    let names = NAMES.map(|name| frame.texts(py, name));
    let [experiment, variant, unit_type, aggregation, goal] = names;
    let names = [experiment?, variant?, unit_type?, aggregation?, goal?];
    let dimensions = dimensions(&plan.goals)
        .into_iter()
        .map(|name| Ok((name, with_whole_operator(frame.texts(py, name)?))))
        .collect::<PyResult<Vec<(&str, Texts)>>>()?;
    let sums = SUMS
        .into_iter()
        .filter(|sum| frame.has(sum) || is_needed(sum, &plan.goals))
        .map(|name| Ok((name, frame.numbers(py, name)?)))
        .collect::<PyResult<Vec<_>>>()?;
    let rows = asked_rows(&names, plan, frame.n_rows());
    let texts = NAMES.into_iter().zip(&names);
    let texts = texts.chain(dimensions.iter().map(|(name, texts)| (*name, texts)));
    let table = table(&rows, texts.collect(), &sums);
    py.detach(|| block_on(source(table).fetch(plan)))
        .map_err(|error| failure::source_failed(py, &error))
}

/// A column that no goal reads may be missing.
fn is_needed(sum: &str, goals: &[Goal]) -> bool {
    goals.iter().any(|goal| match goal.function {
        Function::Count => sum == "count" || sum == "sum_sqr_count",
        Function::Value => sum == "sum_value" || sum == "sum_sqr_value",
        Function::Unique => sum == "count_unique",
    })
}

fn asked_rows([experiment, _, _, _, goal]: &[Texts; 5], plan: &Plan, n_rows: usize) -> Vec<usize> {
    let Some(experiment_code) = experiment.code_of(&plan.experiment) else {
        return Vec::new();
    };
    let names: BTreeSet<&str> = plan.goals.iter().map(|goal| goal.name.as_str()).collect();
    let is_asked = goal.matching(|name| names.contains(name));
    (0..n_rows)
        .filter(|&row| {
            experiment.codes[row] == experiment_code
                && is_asked
                    .get(goal.codes[row] as usize)
                    .is_some_and(|&asked| asked)
        })
        .collect()
}

fn table(rows: &[usize], texts: Vec<(&str, &Texts)>, sums: &[(&str, Vec<f64>)]) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    columns.extend(texts.iter().map(|(name, _)| Column::new(*name, Kind::Text)));
    let absent: Vec<&str> = SUMS
        .into_iter()
        .filter(|name| !sums.iter().any(|(given, _)| given == name))
        .collect();
    let numbers = sums
        .iter()
        .map(|(name, _)| *name)
        .chain(absent.iter().copied());
    columns.extend(numbers.map(|name| Column::new(name, Kind::Number)));
    let row = |&row: &usize| {
        let mut cells = Vec::with_capacity(columns.len());
        for (_, texts) in &texts {
            cells.push(Cell::from(texts.get(row).map(|text| &**text)));
        }
        for (_, numbers) in sums {
            let number = numbers[row];
            cells.push(Cell::from((!number.is_nan()).then_some(number)));
        }
        cells.resize(columns.len(), Cell::Number(0.0));
        cells
    };
    let rows = rows.iter().map(row).collect();
    Table { columns, rows }
}

fn source(table: Table) -> MemorySource {
    let name = |name: &str| name.to_owned();
    let layout = Layout::AggGoals(AggregatedTable {
        table: name("goals"),
        experiment: name("exp_id"),
        variant: name("exp_variant_id"),
        unit_type: name("unit_type"),
        aggregation: name("agg_type"),
        goal: name("goal"),
        date: None,
        count: name("count"),
        sum_sqr_count: name("sum_sqr_count"),
        sum_value: name("sum_value"),
        sum_sqr_value: name("sum_sqr_value"),
        count_unique: name("count_unique"),
        dimensions: None,
    });
    MemorySource::new("frame", layout, BTreeMap::from([(name("goals"), table)]))
}
