//! Random cases of the layout `agg-goals`.

use std::collections::BTreeMap;

use epstats_experiment::formula::Aggregation;
use epstats_plan::{AggregatedTable, Layout};

use super::dice::Dice;
use super::dimensions::{Dimension, literal_dimensions};
use super::events::{or_null, push, value};
use super::experiment::{Menu, experiment};
use super::names::{self, Naming};
use crate::contract::Case;
use crate::memory::{Cell, Column, Kind, Table};

pub(super) fn case(dice: &mut Dice) -> Case {
    let naming = Naming::new(dice);
    let first_day = names::first_day(dice);
    let all = literal_dimensions(dice);
    let menu = Menu {
        experiment: names::experiment(dice),
        variants: names::variants(dice),
        goals: names::goals_of_any_length(dice),
        first_day,
        unit_types: vec!["user", "device"],
        has_values: true,
        exposure_dimensions: all.clone(),
        event_dimensions: all.clone(),
        is_literal: true,
        has_filters: true,
        has_units: false,
        has_past: false,
        has_single_events: false,
    };
    let has_date = dice.chance(0.5);
    let table = table(dice, &naming, &menu, has_date);
    let table_name = naming.of("totals");
    let layout = Layout::AggGoals(AggregatedTable {
        table: table_name.clone(),
        experiment: naming.of("experiment"),
        variant: naming.of("variant"),
        unit_type: naming.of("unit_type"),
        aggregation: naming.of("aggregation"),
        goal: naming.of("goal"),
        date: has_date.then(|| naming.of("date")),
        count: naming.of("count"),
        sum_sqr_count: naming.of("sum_sqr_count"),
        sum_value: naming.of("sum_value"),
        sum_sqr_value: naming.of("sum_sqr_value"),
        count_unique: naming.of("count_unique"),
        dimensions: dice.maybe(0.3, all.iter().map(|d| d.name.clone()).collect()),
    });
    Case {
        name: String::new(),
        layout,
        tables: BTreeMap::from([(table_name, table)]),
        experiment: experiment(dice, &menu),
        inconsistent_units: names::policy(dice),
    }
}

fn table(dice: &mut Dice, naming: &Naming, menu: &Menu, has_date: bool) -> Table {
    let amounts = [
        "count",
        "sum_sqr_count",
        "sum_value",
        "sum_sqr_value",
        "count_unique",
    ];
    let kinds: Vec<Kind> = amounts
        .iter()
        .map(|_| *dice.pick(&[Kind::Integer, Kind::Number]))
        .collect();
    let names = ["experiment", "variant", "unit_type", "aggregation", "goal"];
    let mut columns: Vec<Column> = names
        .iter()
        .map(|role| Column::new(naming.of(role), Kind::Text))
        .collect();
    columns.extend(
        amounts
            .iter()
            .zip(&kinds)
            .map(|(role, kind)| Column::new(naming.of(role), *kind)),
    );
    if has_date {
        columns.push(Column::new(naming.of("date"), Kind::Date));
    }
    columns.extend(menu.event_dimensions.iter().map(Dimension::column));

    let exposures = ["exposure", "exposure"].map(str::to_owned);
    let goals = [menu.goals.as_slice(), &exposures].concat();
    let mut rows = Vec::new();
    for _ in 0..*dice.pick(&[0, 1, 5, 20, 60, 200]) {
        let experiment = if dice.chance(0.9) {
            menu.experiment.as_str()
        } else {
            "another"
        };
        let unit_type = if dice.chance(0.9) {
            menu.unit_types[0]
        } else {
            menu.unit_types[1]
        };
        let mut row = vec![
            Cell::from(experiment),
            Cell::Text(dice.pick(&menu.variants).clone()),
            Cell::from(unit_type),
            Cell::from(dice.pick(Aggregation::ALL).as_str()),
            Cell::Text(dice.pick(&goals).clone()),
        ];
        row.extend(kinds.iter().map(|kind| value(dice, *kind)));
        if has_date {
            let offset = dice.between(-1, 10);
            let date = Cell::Date(names::day(menu.first_day, offset));
            row.push(or_null(dice, 0.05, date));
        }
        row.extend(menu.event_dimensions.iter().map(|d| d.cell(dice)));
        push(dice, &mut rows, row);
    }
    Table { columns, rows }
}
