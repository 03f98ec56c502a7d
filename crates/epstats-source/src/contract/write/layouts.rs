//! A case of every layout, its mapping taken from the columns of the tables.

use epstats_plan::{
    AggregatedTable, Attribution, EventTable, ExposureTable, GoalTable, Layout, WideTable,
};
use jiff::tz::TimeZone;

use super::builder::Writing;
use super::table::table;
use crate::memory::{Cell, Column, Kind, Table};

/// The two layouts of rows of attributed events, which mean the same.
#[derive(Debug, Clone, Copy)]
pub(in crate::contract) enum GoalsCase {
    Goals,
    UnitGoals,
}

/// A case of the layout `events`; the columns `experiment` and `value` are mapped where the tables have them.
pub(in crate::contract) fn events(name: &str, exposures: &str, events: &str) -> Writing {
    let (exposures, events) = (table(exposures), table(events));
    let mapped = |table: &Table, column: &str| table.position(column).map(|_| column.to_owned());
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: "exposures".to_owned(),
            unit_id: "unit".to_owned(),
            experiment: mapped(&exposures, "experiment"),
            variant: "variant".to_owned(),
            time: "time".to_owned(),
            dimensions: None,
        },
        events: EventTable {
            table: "events".to_owned(),
            unit_id: "unit".to_owned(),
            goal: "goal".to_owned(),
            value: mapped(&events, "value"),
            time: "time".to_owned(),
            dimensions: None,
        },
        unit_type: "user".to_owned(),
        attribution: Attribution::default(),
        time_zone: TimeZone::UTC,
        inconsistent_units: None,
    };
    let tables = [("exposures", exposures), ("events", events)];
    Writing::new(name, layout, tables)
}

/// A case of one of the layouts `goals` and `unit-goals`; columns left out say `exp`, `user`, `unit`.
pub(in crate::contract) fn goals(layout: GoalsCase, name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    add_constant(&mut rows, "unit_type", "user");
    add_constant(&mut rows, "aggregation", "unit");
    let mapping = GoalTable {
        table: "goals".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "aggregation".to_owned(),
        goal: "goal".to_owned(),
        unit_id: "unit".to_owned(),
        date: rows.position("date").map(|_| "date".to_owned()),
        count: "count".to_owned(),
        value: "value".to_owned(),
        dimensions: None,
    };
    let (word, layout) = match layout {
        GoalsCase::Goals => (
            "goals",
            Layout::Goals {
                table: mapping,
                inconsistent_units: None,
            },
        ),
        GoalsCase::UnitGoals => (
            "unit-goals",
            Layout::UnitGoals {
                table: mapping,
                inconsistent_units: None,
            },
        ),
    };
    Writing::new(&format!("{word}: {name}"), layout, [("goals", rows)])
}

/// A case of the layout `agg-goals`; columns left out say `exp`, `user`, `unit`.
pub(in crate::contract) fn agg_goals(name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    add_constant(&mut rows, "unit_type", "user");
    add_constant(&mut rows, "aggregation", "unit");
    let layout = Layout::AggGoals(AggregatedTable {
        table: "totals".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "aggregation".to_owned(),
        goal: "goal".to_owned(),
        date: rows.position("date").map(|_| "date".to_owned()),
        count: "count".to_owned(),
        sum_sqr_count: "sum_sqr_count".to_owned(),
        sum_value: "sum_value".to_owned(),
        sum_sqr_value: "sum_sqr_value".to_owned(),
        count_unique: "count_unique".to_owned(),
        dimensions: None,
    });
    Writing::new(&format!("agg-goals: {name}"), layout, [("totals", rows)])
}

/// A case of the layout `wide`.
pub(in crate::contract) fn wide(name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    let layout = Layout::Wide(WideTable {
        table: "wide".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
    });
    Writing::new(&format!("wide: {name}"), layout, [("wide", rows)])
}

fn add_constant(table: &mut Table, column: &str, value: &str) {
    if table.position(column).is_some() {
        return;
    }
    table.columns.push(Column::new(column, Kind::Text));
    for row in &mut table.rows {
        row.push(Cell::from(value));
    }
}
