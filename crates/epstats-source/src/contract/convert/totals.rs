//! The tables of the layouts `agg-goals` and `wide`.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::Filter;
use epstats_experiment::formula::{Aggregation, Function};
use epstats_plan::{AggregatedTable, Layout, Plan, WideTable};

use super::pipeline::{Pipeline, Row};
use crate::memory::exact::EXPOSURE;
use crate::memory::{Cell, Column, Kind, Table};

/// Sums and squares over units by variant, goal and the dimensions that the experiment names, for both aggregations.
pub(super) fn agg_goals(pipeline: &Pipeline, plan: &Plan, left_out: bool) -> (Layout, Table) {
    let dimensions = named_dimensions(pipeline, plan);
    let totals = totals(pipeline, left_out, &dimensions);
    let mut columns = vec![
        Column::new("exp_id", Kind::Text),
        Column::new("exp_variant_id", Kind::Text),
        Column::new("unit_type", Kind::Text),
        Column::new("agg_type", Kind::Text),
        Column::new("goal", Kind::Text),
        Column::new("count", Kind::Number),
        Column::new("sum_sqr_count", Kind::Number),
        Column::new("sum_value", Kind::Number),
        Column::new("sum_sqr_value", Kind::Number),
        Column::new("count_unique", Kind::Number),
    ];
    columns.extend(
        dimensions
            .iter()
            .map(|index| pipeline.dimensions[*index].clone()),
    );
    let mut rows = Vec::new();
    for aggregation in Aggregation::ALL {
        for total in &totals {
            let mut cells = vec![
                Cell::from(pipeline.experiment.as_str()),
                Cell::from(total.variant.as_str()),
                Cell::from(pipeline.unit_type.as_str()),
                Cell::from(aggregation.as_str()),
                Cell::from(total.goal.as_str()),
            ];
            for function in [Function::Count, Function::Value] {
                let (sum, squares) = total.sums(function);
                cells.extend([Cell::Number(sum), Cell::Number(squares)]);
            }
            cells.push(Cell::Number(total.sums(Function::Unique).0));
            cells.extend(total.dimensions.iter().cloned());
            rows.push(cells);
        }
    }
    let layout = Layout::AggGoals(AggregatedTable {
        table: "agg-goals".to_owned(),
        experiment: "exp_id".to_owned(),
        variant: "exp_variant_id".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "agg_type".to_owned(),
        goal: "goal".to_owned(),
        date: None,
        count: "count".to_owned(),
        sum_sqr_count: "sum_sqr_count".to_owned(),
        sum_value: "sum_value".to_owned(),
        sum_sqr_value: "sum_sqr_value".to_owned(),
        count_unique: "count_unique".to_owned(),
        dimensions: None,
    });
    (layout, Table { columns, rows })
}

/// A row per variant, with the sum and the squares of every goal that some unit has.
pub(super) fn wide(pipeline: &Pipeline, plan: &Plan, left_out: bool) -> (Layout, Table) {
    let totals = totals(pipeline, left_out, &[]);
    let mut columns = vec![
        Column::new("exp_id", Kind::Text),
        Column::new("exp_variant_id", Kind::Text),
    ];
    let mut functions: Vec<(&str, Function)> = Vec::new();
    for goal in &plan.goals {
        let is_known = functions.iter().any(|(name, _)| *name == goal.name);
        if !is_known && totals.iter().any(|total| total.goal == goal.name) {
            functions.push((&goal.name, goal.function));
            columns.push(Column::new(&goal.name, Kind::Number));
            columns.push(Column::new(format!("{}_squared", goal.name), Kind::Number));
        }
    }
    let variants: BTreeSet<&str> = totals.iter().map(|total| total.variant.as_str()).collect();
    let rows = variants
        .into_iter()
        .map(|variant| {
            let mut cells = vec![
                Cell::from(pipeline.experiment.as_str()),
                Cell::from(variant),
            ];
            for (goal, function) in &functions {
                let (sum, squares) = totals
                    .iter()
                    .find(|total| total.variant == variant && total.goal == *goal)
                    .map_or((0.0, 0.0), |total| total.sums(*function));
                cells.extend([Cell::Number(sum), Cell::Number(squares)]);
            }
            cells
        })
        .collect();
    let layout = Layout::Wide(WideTable {
        table: "wide".to_owned(),
        experiment: "exp_id".to_owned(),
        variant: "exp_variant_id".to_owned(),
    });
    (layout, Table { columns, rows })
}

/// What the units of a variant have of one goal, count and value of each.
struct Total {
    variant: String,
    goal: String,
    dimensions: Vec<Cell>,
    units: BTreeMap<String, (f64, f64)>,
}

impl Total {
    /// Sum and sum of squares over units.
    fn sums(&self, function: Function) -> (f64, f64) {
        let mut sums = (0.0, 0.0);
        for (count, value) in self.units.values() {
            let of_unit = match function {
                Function::Count => *count,
                Function::Value => *value,
                Function::Unique => 1.0,
            };
            sums.0 += of_unit;
            sums.1 += of_unit * of_unit;
        }
        sums
    }
}

fn totals(pipeline: &Pipeline, left_out: bool, dimensions: &[usize]) -> Vec<Total> {
    let mut exposed = BTreeSet::new();
    let mut totals: BTreeMap<String, Total> = BTreeMap::new();
    for row in &pipeline.rows {
        if row.is_inconsistent && left_out || row.is_later_exposure {
            continue;
        }
        let variant = variant_of(pipeline, row);
        let unit = format!("{:?}", row.unit);
        if row.goal == EXPOSURE && !exposed.insert(unit.clone()) {
            continue;
        }
        let cells: Vec<Cell> = dimensions
            .iter()
            .map(|index| row.dimensions[*index].clone())
            .collect();
        let total = totals
            .entry(format!("{:?}", (variant, &row.goal, &cells)))
            .or_insert_with(|| Total {
                variant: variant.to_owned(),
                goal: row.goal.clone(),
                dimensions: cells,
                units: BTreeMap::new(),
            });
        let of_unit = total.units.entry(unit).or_default();
        of_unit.0 += 1.0;
        of_unit.1 += row.value.unwrap_or(0.0);
    }
    totals.into_values().collect()
}

/// The variant of the unit: at the first moment it may have met several, and the first by name counts.
fn variant_of<'p>(pipeline: &'p Pipeline, row: &'p Row) -> &'p str {
    if row.goal != EXPOSURE || !row.is_inconsistent {
        return &row.variant;
    }
    pipeline
        .rows
        .iter()
        .filter(|other| {
            other.goal == EXPOSURE && !other.is_later_exposure && other.unit == row.unit
        })
        .map(|other| other.variant.as_str())
        .min()
        .unwrap_or(&row.variant)
}

/// The dimensions that formulas and filters of the experiment name, as places among those of the pipeline.
fn named_dimensions(pipeline: &Pipeline, plan: &Plan) -> Vec<usize> {
    let of_formulas = plan
        .goals
        .iter()
        .flat_map(|goal| &goal.filters)
        .map(|filter| &filter.dimension);
    let of_filters = plan.filters.iter().filter_map(|filter| match filter {
        Filter::Exposure { dimension, .. } | Filter::Goal { dimension, .. } => Some(dimension),
        Filter::Trigger { condition, .. } => condition.as_ref().map(|(dimension, _)| dimension),
    });
    let named: BTreeSet<&String> = of_formulas.chain(of_filters).collect();
    (0..pipeline.dimensions.len())
        .filter(|index| named.contains(&pipeline.dimensions[*index].name))
        .collect()
}
