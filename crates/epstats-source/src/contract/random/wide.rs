//! Random cases of the layout `wide`.

use std::collections::BTreeMap;

use epstats_plan::{Layout, WideTable};

use super::dice::Dice;
use super::events::{push, value};
use super::experiment::{Menu, experiment};
use super::names::{self, Naming};
use crate::contract::Case;
use crate::memory::{Cell, Column, Kind, Table};

pub(super) fn case(dice: &mut Dice) -> Case {
    let naming = Naming::new(dice);
    let menu = Menu {
        experiment: names::experiment(dice),
        variants: names::variants(dice),
        goals: names::goals(dice),
        first_day: names::first_day(dice),
        unit_types: vec!["user", "device"],
        has_values: true,
        exposure_dimensions: Vec::new(),
        event_dimensions: Vec::new(),
        is_literal: true,
        has_filters: false,
        has_units: false,
        has_past: false,
        has_single_events: false,
    };
    let table = table(dice, &naming, &menu);
    let table_name = naming.of("wide");
    Case {
        name: String::new(),
        layout: Layout::Wide(WideTable {
            table: table_name.clone(),
            experiment: naming.of("experiment"),
            variant: naming.of("variant"),
        }),
        tables: BTreeMap::from([(table_name, table)]),
        experiment: experiment(dice, &menu),
        inconsistent_units: names::policy(dice),
    }
}

fn table(dice: &mut Dice, naming: &Naming, menu: &Menu) -> Table {
    let mut columns = vec![
        Column::new(naming.of("experiment"), Kind::Text),
        Column::new(naming.of("variant"), Kind::Text),
    ];
    let goals = [menu.goals.as_slice(), &["exposure".to_owned()]].concat();
    for goal in dice.some(&goals, 0.8) {
        columns.push(Column::new(
            goal.clone(),
            *dice.pick(&[Kind::Integer, Kind::Number]),
        ));
        if dice.chance(0.7) {
            columns.push(Column::new(
                format!("{goal}_squared"),
                *dice.pick(&[Kind::Integer, Kind::Number]),
            ));
        }
    }
    let mut rows = Vec::new();
    for variant in &menu.variants {
        for _ in 0..*dice.pick(&[0, 1, 1, 1, 2]) {
            let experiment = if dice.chance(0.9) {
                menu.experiment.as_str()
            } else {
                "another"
            };
            let mut row = vec![Cell::from(experiment), Cell::Text(variant.clone())];
            row.extend(columns[2..].iter().map(|column| value(dice, column.kind)));
            push(dice, &mut rows, row);
        }
    }
    Table { columns, rows }
}
