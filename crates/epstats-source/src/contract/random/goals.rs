//! Random cases of the layouts `goals` and `unit-goals`.

use std::collections::BTreeMap;

use epstats_experiment::formula::Aggregation;
use epstats_plan::{GoalTable, InconsistentUnits, Layout};

use super::dice::Dice;
use super::dimensions::{Dimension, dimensions};
use super::events::{or_null, push, value};
use super::experiment::{Menu, experiment};
use super::names::{self, Naming};
use crate::contract::Case;
use crate::memory::{Cell, Column, Kind, Table};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// One attributed event.
    Events,
    /// All of a unit.
    Units,
}

pub(super) fn case(dice: &mut Dice, rows: Rows) -> Case {
    let naming = Naming::new(dice);
    let first_day = names::first_day(dice);
    let all = dimensions(dice, first_day);
    let menu = Menu {
        experiment: names::experiment(dice),
        variants: names::variants(dice),
        goals: names::goals_of_any_length(dice),
        first_day,
        unit_types: vec!["user", "device"],
        has_values: true,
        exposure_dimensions: all.clone(),
        event_dimensions: all.clone(),
        is_literal: false,
        has_filters: true,
        has_units: true,
        has_past: false,
        has_single_events: rows == Rows::Events,
    };
    let has_date = dice.chance(0.7);
    let table = table(dice, &naming, &menu, rows, has_date);
    let table_name = naming.of("goals");
    let mapping = GoalTable {
        table: table_name.clone(),
        experiment: naming.of("experiment"),
        variant: naming.of("variant"),
        unit_type: naming.of("unit_type"),
        aggregation: naming.of("aggregation"),
        goal: naming.of("goal"),
        unit_id: naming.of("unit"),
        date: has_date.then(|| naming.of("date")),
        count: naming.of("count"),
        value: naming.of("value"),
        dimensions: dice.maybe(0.3, all.iter().map(|d| d.name.clone()).collect()),
    };
    let inconsistent_units = *dice.pick(&[
        None,
        None,
        Some(InconsistentUnits::Keep),
        Some(InconsistentUnits::LeaveOut),
    ]);
    Case {
        name: String::new(),
        layout: match rows {
            Rows::Events => Layout::Goals {
                table: mapping,
                inconsistent_units,
            },
            Rows::Units => Layout::UnitGoals {
                table: mapping,
                inconsistent_units,
            },
        },
        tables: BTreeMap::from([(table_name, table)]),
        experiment: experiment(dice, &menu),
        inconsistent_units: names::policy(dice),
    }
}

fn table(dice: &mut Dice, naming: &Naming, menu: &Menu, rows: Rows, has_date: bool) -> Table {
    let id_kind = *dice.pick(&[Kind::Integer, Kind::Text]);
    let count_kind = *dice.pick(&[Kind::Integer, Kind::Integer, Kind::Number]);
    let value_kind = *dice.pick(&[Kind::Number, Kind::Number, Kind::Integer]);
    let names = ["experiment", "variant", "unit_type", "aggregation", "goal"];
    let mut columns: Vec<Column> = names
        .iter()
        .map(|role| Column::new(naming.of(role), Kind::Text))
        .collect();
    columns.push(Column::new(naming.of("unit"), id_kind));
    columns.push(Column::new(naming.of("count"), count_kind));
    columns.push(Column::new(naming.of("value"), value_kind));
    if has_date {
        columns.push(Column::new(naming.of("date"), Kind::Date));
    }
    columns.extend(menu.event_dimensions.iter().map(Dimension::column));

    let mark = names::mark_of_ids(dice);
    let mut written = Vec::new();
    for number in 0..*dice.pick(&[0, 1, 3, 10, 20, 40, 60, 80, 200]) {
        let unit = match id_kind {
            Kind::Integer => Cell::Integer(number),
            _ => Cell::Text(format!("u {number}{mark}")),
        };
        let usual = dice.pick(&menu.variants).clone();
        let n_exposures = *dice.pick(&[0, 1, 1, 1, 2, 3]);
        for position in 0..n_exposures + dice.count(0, 6) {
            let goal = if position < n_exposures {
                "exposure".to_owned()
            } else {
                dice.pick(&menu.goals).clone()
            };
            let variant = if dice.chance(0.9) {
                usual.clone()
            } else {
                dice.pick(&menu.variants).clone()
            };
            let experiment = if dice.chance(0.9) {
                Cell::Text(menu.experiment.clone())
            } else {
                dice.pick(&[Cell::from("another"), Cell::Null]).clone()
            };
            let unit_type = if dice.chance(0.9) {
                menu.unit_types[0]
            } else {
                menu.unit_types[1]
            };
            let count = count(dice, count_kind, rows);
            let value = value(dice, value_kind);
            let mut row = vec![
                experiment,
                or_null(dice, 0.02, Cell::Text(variant)),
                Cell::from(unit_type),
                Cell::from(dice.pick(Aggregation::ALL).as_str()),
                Cell::Text(goal),
                or_null(dice, 0.01, unit.clone()),
                or_null(dice, 0.05, count),
                or_null(dice, 0.05, value),
            ];
            if has_date {
                let offset = dice.between(-1, 10);
                let date = Cell::Date(names::day(menu.first_day, offset));
                row.push(or_null(dice, 0.05, date));
            }
            row.extend(menu.event_dimensions.iter().map(|d| d.cell(dice)));
            push(dice, &mut written, row);
        }
    }
    Table {
        columns,
        rows: written,
    }
}

fn count(dice: &mut Dice, kind: Kind, rows: Rows) -> Cell {
    let count = match rows {
        Rows::Events => 1,
        Rows::Units => dice.between(0, 5),
    };
    match kind {
        Kind::Integer => Cell::Integer(count),
        #[allow(clippy::cast_precision_loss, reason = "at most five")]
        _ => Cell::Number(count as f64),
    }
}
