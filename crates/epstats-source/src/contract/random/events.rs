//! Random cases of the layout `events`.

use std::collections::BTreeMap;

use epstats_plan::{Attribution, EventTable, ExposureTable, InconsistentUnits, Layout};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::dice::Dice;
use super::dimensions::{Dimension, dimensions};
use super::experiment::{Menu, experiment};
use super::names::{self, Naming};
use crate::contract::Case;
use crate::memory::{Cell, Column, Kind, Table};

pub(super) fn case(dice: &mut Dice) -> Case {
    let naming = Naming::new(dice);
    let first_day = names::first_day(dice);
    let all = dimensions(dice, first_day);
    let has_values = dice.chance(0.85);
    let menu = Menu {
        experiment: names::experiment(dice),
        variants: names::variants(dice),
        goals: names::goals_of_any_length(dice),
        first_day,
        unit_types: vec!["user", "device"],
        has_values,
        exposure_dimensions: dice.some(&all, 0.7),
        event_dimensions: dice.some(&all, 0.7),
        is_literal: false,
        has_filters: true,
        has_units: true,
        has_past: true,
        has_single_events: has_values,
    };
    let data = Data::new(dice, &menu);
    let exposures = exposures(dice, &naming, &data);
    let events = events(dice, &naming, &data);
    let (exposures_name, events_name) = (naming.of("exposures"), naming.of("events"));
    let listed = |dice: &mut Dice, dimensions: &[Dimension]| {
        let names = dimensions.iter().map(|d| d.name.clone()).collect();
        dice.maybe(0.3, names)
    };
    let time_zones = [
        "UTC",
        "UTC",
        "Europe/Prague",
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Pacific/Auckland",
    ];
    let time_zone = *dice.pick(&time_zones);
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: exposures_name.clone(),
            unit_id: naming.of("unit"),
            experiment: data.has_experiment.then(|| naming.of("experiment")),
            variant: naming.of("variant"),
            time: naming.of("time"),
            dimensions: listed(dice, &menu.exposure_dimensions),
        },
        events: EventTable {
            table: events_name.clone(),
            unit_id: naming.of("unit"),
            goal: naming.of("goal"),
            value: menu.has_values.then(|| naming.of("value")),
            time: naming.of("time"),
            dimensions: listed(dice, &menu.event_dimensions),
        },
        unit_type: menu.unit_types[0].to_owned(),
        attribution: Attribution {
            window_seconds: *dice.pick(&[None, Some(3_600), Some(86_400), Some(259_201)]),
            lookback_seconds: *dice.pick(&[0, 3_600, 259_200]),
        },
        time_zone: TimeZone::get(time_zone).unwrap_or(TimeZone::UTC),
        inconsistent_units: *dice.pick(&[
            None,
            None,
            Some(InconsistentUnits::Keep),
            Some(InconsistentUnits::LeaveOut),
        ]),
    };
    Case {
        name: String::new(),
        layout,
        tables: BTreeMap::from([(exposures_name, exposures), (events_name, events)]),
        experiment: experiment(dice, &menu),
        inconsistent_units: names::policy(dice),
    }
}

/// What the rows of both tables have in common.
struct Data<'m> {
    menu: &'m Menu,
    units: Vec<Cell>,
    id_kind: Kind,
    has_experiment: bool,
    exposures_by_day: bool,
    events_by_day: bool,
    /// Step between moments: coarse steps make many equal moments.
    step_microseconds: i64,
}

impl<'m> Data<'m> {
    fn new(dice: &mut Dice, menu: &'m Menu) -> Self {
        let n_units = *dice.pick(&[0, 1, 3, 10, 20, 40, 60, 80, 200]);
        let id_kind = *dice.pick(&[Kind::Integer, Kind::Text]);
        let offset = *dice.pick(&[0, -5, 9_007_199_254_740_990]);
        let mark = names::mark_of_ids(dice);
        let units = (0..n_units)
            .map(|number| match id_kind {
                Kind::Integer => Cell::Integer(offset + number),
                _ => Cell::Text(format!("u-{number:04x}{mark}")),
            })
            .collect();
        Data {
            menu,
            units,
            id_kind,
            has_experiment: dice.chance(0.6),
            exposures_by_day: dice.chance(0.15),
            events_by_day: dice.chance(0.15),
            step_microseconds: *dice.pick(&[1, 1_000_000, 3_600_000_000, 43_200_000_000]),
        }
    }

    /// A moment or a day from the day before the first to the last, counted from the first.
    fn time(&self, dice: &mut Dice, by_day: bool, last_day: i64) -> Cell {
        if dice.chance(0.02) {
            return Cell::Null;
        }
        if by_day {
            let offset = dice.between(-1, last_day);
            return Cell::Date(names::day(self.menu.first_day, offset));
        }
        let microseconds_per_day = 86_400_000_000;
        let offset = dice.between(-microseconds_per_day, (last_day + 1) * microseconds_per_day);
        let offset = offset.div_euclid(self.step_microseconds) * self.step_microseconds;
        let start: Option<Timestamp> = self
            .menu
            .first_day
            .to_zoned_datetime(TimeZone::UTC)
            .ok()
            .map(|midnight| midnight.timestamp());
        start
            .map(|start| start + Span::new().microseconds(offset))
            .into()
    }
}

fn exposures(dice: &mut Dice, naming: &Naming, data: &Data<'_>) -> Table {
    let menu = data.menu;
    let mut columns = vec![
        Column::new(naming.of("unit"), data.id_kind),
        Column::new(naming.of("variant"), Kind::Text),
        Column::new(naming.of("time"), kind_of_time(data.exposures_by_day)),
    ];
    if data.has_experiment {
        columns.push(Column::new(naming.of("experiment"), Kind::Text));
    }
    columns.extend(menu.exposure_dimensions.iter().map(Dimension::column));
    let mut rows = Vec::new();
    for unit in &data.units {
        let usual = dice.pick(&menu.variants).clone();
        for _ in 0..*dice.pick(&[0, 1, 1, 1, 1, 2, 3]) {
            let variant = if dice.chance(0.85) {
                usual.clone()
            } else {
                dice.pick(&menu.variants).clone()
            };
            let mut row = vec![
                or_null(dice, 0.01, unit.clone()),
                or_null(dice, 0.02, Cell::Text(variant)),
                data.time(dice, data.exposures_by_day, 5),
            ];
            if data.has_experiment {
                let mine = Cell::Text(menu.experiment.clone());
                let others = [mine.clone(), Cell::from("another"), Cell::Null];
                row.push(if dice.chance(0.85) {
                    mine
                } else {
                    dice.pick(&others).clone()
                });
            }
            row.extend(menu.exposure_dimensions.iter().map(|d| d.cell(dice)));
            push(dice, &mut rows, row);
        }
    }
    Table { columns, rows }
}

fn events(dice: &mut Dice, naming: &Naming, data: &Data<'_>) -> Table {
    let menu = data.menu;
    let value_kind = *dice.pick(&[Kind::Number, Kind::Number, Kind::Integer]);
    let mut columns = vec![
        Column::new(naming.of("goal"), Kind::Text),
        Column::new(naming.of("unit"), data.id_kind),
        Column::new(naming.of("time"), kind_of_time(data.events_by_day)),
    ];
    if menu.has_values {
        columns.push(Column::new(naming.of("value"), value_kind));
    }
    columns.extend(menu.event_dimensions.iter().map(Dimension::column));
    let goals = [menu.goals.as_slice(), &["exposure".to_owned()]].concat();
    let mut rows = Vec::new();
    for unit in &data.units {
        for _ in 0..*dice.pick(&[0, 0, 1, 2, 4, 8]) {
            let goal = Cell::Text(dice.pick(&goals).clone());
            let mut row = vec![
                or_null(dice, 0.02, goal),
                or_null(dice, 0.01, unit.clone()),
                data.time(dice, data.events_by_day, 10),
            ];
            if menu.has_values {
                let value = value(dice, value_kind);
                row.push(or_null(dice, 0.05, value));
            }
            row.extend(menu.event_dimensions.iter().map(|d| d.cell(dice)));
            push(dice, &mut rows, row);
        }
    }
    Table { columns, rows }
}

/// A number of the type.
pub(super) fn value(dice: &mut Dice, kind: Kind) -> Cell {
    match kind {
        Kind::Integer => Cell::Integer(dice.between(-20, 200)),
        _ => Cell::Number(dice.amount()),
    }
}

/// The cell, or now and then NULL.
pub(super) fn or_null(dice: &mut Dice, probability: f64, cell: Cell) -> Cell {
    if dice.chance(probability) {
        Cell::Null
    } else {
        cell
    }
}

/// Puts a row anywhere among the others, now and then twice.
pub(super) fn push(dice: &mut Dice, rows: &mut Vec<Vec<Cell>>, row: Vec<Cell>) {
    if dice.chance(0.05) {
        rows.push(row.clone());
    }
    let position = dice.count(0, rows.len());
    rows.insert(position, row);
}

fn kind_of_time(by_day: bool) -> Kind {
    if by_day { Kind::Date } else { Kind::Timestamp }
}
