//! The tables of the layouts `goals` and `unit-goals`.

use std::collections::BTreeMap;

use epstats_experiment::formula::Aggregation;
use epstats_plan::{GoalTable, InconsistentUnits, Layout};

use super::pipeline::{Pipeline, Row};
use crate::memory::exact::EXPOSURE;
use crate::memory::{Cell, Column, Kind, Table};

/// One row per exposure and attributed event, for both aggregations.
pub(super) fn goals(pipeline: &Pipeline, policy: Option<InconsistentUnits>) -> (Layout, Table) {
    let rows = pipeline
        .rows
        .iter()
        .map(|row| (row, 1, row_value(row)))
        .collect::<Vec<_>>();
    let layout = Layout::Goals {
        table: mapping("goals"),
        inconsistent_units: policy,
    };
    (layout, table(pipeline, &rows))
}

/// The same, summed by unit, goal, day and dimensions.
pub(super) fn unit_goals(
    pipeline: &Pipeline,
    policy: Option<InconsistentUnits>,
) -> (Layout, Table) {
    let mut sums: BTreeMap<String, (&Row, i64, Option<f64>)> = BTreeMap::new();
    for row in &pipeline.rows {
        let key = format!(
            "{:?}",
            (&row.unit, &row.variant, &row.goal, row.day, &row.dimensions)
        );
        let value = row_value(row);
        sums.entry(key)
            .and_modify(|(_, count, sum)| {
                *count += 1;
                *sum = match (*sum, value) {
                    (Some(sum), Some(value)) => Some(sum + value),
                    (sum, value) => sum.or(value),
                };
            })
            .or_insert((row, 1, value));
    }
    let rows: Vec<_> = sums.into_values().collect();
    let layout = Layout::UnitGoals {
        table: mapping("unit-goals"),
        inconsistent_units: policy,
    };
    (layout, table(pipeline, &rows))
}

/// The value of an event; exposures have the value zero.
fn row_value(row: &Row) -> Option<f64> {
    if row.goal == EXPOSURE {
        Some(0.0)
    } else {
        row.value
    }
}

fn mapping(table: &str) -> GoalTable {
    GoalTable {
        table: table.to_owned(),
        experiment: "exp_id".to_owned(),
        variant: "exp_variant_id".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "agg_type".to_owned(),
        goal: "goal".to_owned(),
        unit_id: "unit_id".to_owned(),
        date: Some("date".to_owned()),
        count: "count".to_owned(),
        value: "value".to_owned(),
        dimensions: None,
    }
}

fn table(pipeline: &Pipeline, rows: &[(&Row, i64, Option<f64>)]) -> Table {
    let mut columns = vec![
        Column::new("exp_id", Kind::Text),
        Column::new("exp_variant_id", Kind::Text),
        Column::new("unit_type", Kind::Text),
        Column::new("agg_type", Kind::Text),
        Column::new("goal", Kind::Text),
        Column::new("unit_id", pipeline.id_kind),
        Column::new("date", Kind::Date),
        Column::new("count", Kind::Integer),
        Column::new("value", Kind::Number),
    ];
    columns.extend(pipeline.dimensions.iter().cloned());
    let mut written = Vec::new();
    for aggregation in Aggregation::ALL {
        for (row, count, value) in rows {
            let mut cells = vec![
                Cell::from(pipeline.experiment.as_str()),
                Cell::from(row.variant.as_str()),
                Cell::from(pipeline.unit_type.as_str()),
                Cell::from(aggregation.as_str()),
                Cell::from(row.goal.as_str()),
                row.unit.clone(),
                Cell::Date(row.day),
                Cell::Integer(*count),
                Cell::from(*value),
            ];
            cells.extend(row.dimensions.iter().cloned());
            written.push(cells);
        }
    }
    Table {
        columns,
        rows: written,
    }
}
