//! The statement: from counted units and their events to one row per variant.
//!
//! Events of counted units get their places in order, beside them the quantiles of their variant are found, and then they are counted by unit:
//! how many a unit has, and how many of these lie up to the quantile.

use epstats_experiment::Finite;

use super::level::{LevelLimit, Side};
use super::{Measured, UNIT_ID, VALUE};
use crate::lower::ExactUnits;
use crate::lower::first_moments::{FIRST_TIME, flag};
use crate::lower::names::Names;
use crate::lower::quantile::{n_rows, place};
use crate::lower::units::{VARIANT, as_double};
use crate::query::{Aggregate, Comparison, Expression, LeftJoin, Query, Relation, Select, Step};

/// One where an event has no value, else zero.
const WITHOUT_VALUE: &str = "without_value";

/// Number of events whose value is NaN or infinite.
const BAD_VALUES: &str = "bad_values";

/// The place of an event among those of its variant.
pub(super) const PLACE: &str = "place";

/// Number of events of the variant, then of the unit.
pub(super) const N_EVENTS: &str = "n_events";

/// The steps after the units are known.
pub(super) struct Statement<'a> {
    pub(super) names: &'a Names,
    pub(super) levels: &'a [Finite],
}

impl Statement<'_> {
    pub(super) fn over(&self, units: &ExactUnits, counted: &str, measured: Measured) -> Query {
        let mut steps = units.units.steps.clone();
        steps.push(counted_step(units, counted, measured.has_first_times));
        let events = measured.step.name.clone();
        steps.push(measured.step);
        let placed = self.placed(counted, &events, measured.on);
        let neighbours = self.neighbours(&placed.name);
        let bounded = self.bounded(&neighbours.name);
        let by_unit = self.by_unit(&bounded.name);
        let shared = self.shared(&by_unit.name);
        let answer = self.answer(&shared.name);
        steps.extend([placed, neighbours, bounded, by_unit, shared]);
        Query { steps, answer }
    }

    /// Events of counted units with their place in the variant, those without a value apart.
    fn placed(&self, counted: &str, events: &str, on: Vec<Expression>) -> Step {
        let variant = Expression::column_of(counted, VARIANT);
        let value = Expression::column_of(events, VALUE);
        let without_value = flag(value.clone().is_null());
        let part = [variant.clone(), without_value.clone()];
        let columns = vec![
            variant.named(VARIANT),
            Expression::column_of(counted, UNIT_ID).named(UNIT_ID),
            value.clone().named(VALUE),
            without_value.named(WITHOUT_VALUE),
            place(&part, value).named(PLACE),
            n_rows(&part).named(N_EVENTS),
        ];
        let mut select = Select::of(columns, counted)
            .filtered([Expression::column_of(events, UNIT_ID).is_not_null()]);
        select.left_join = Some(LeftJoin {
            relation: Relation {
                name: events.to_owned(),
            },
            on,
        });
        self.step(
            "placed",
            "events of units that count, each with its place among the values of its variant",
            select,
        )
    }

    fn neighbours(&self, from: &str) -> Step {
        let mut columns = [VARIANT, UNIT_ID, VALUE, WITHOUT_VALUE, N_EVENTS]
            .map(|name| Expression::column(name).named(name))
            .to_vec();
        for limit in self.limits() {
            let names = limit.neighbours();
            let found = limit.quantile(&part()).neighbours();
            columns.extend(
                found
                    .into_iter()
                    .zip(names)
                    .map(|(of, name)| of.named(name)),
            );
        }
        self.step(
            "neighbours",
            "beside each event the two values around each quantile",
            Select::of(columns, from),
        )
    }

    /// Every event beside the quantiles of its variant.
    fn bounded(&self, from: &str) -> Step {
        let mut columns = [VARIANT, UNIT_ID, VALUE, WITHOUT_VALUE]
            .map(|name| Expression::column(name).named(name))
            .to_vec();
        for limit in self.limits() {
            let [below, above] = limit.neighbours().map(|name| Expression::column(&name));
            let between = limit.quantile(&part()).between(below, above);
            columns.push(limit.if_inside(between).named(limit.name()));
        }
        self.step(
            "bounded",
            "beside each event the quantiles of its variant",
            Select::of(columns, from),
        )
    }

    /// Units with the number of their events, and of those up to each quantile.
    fn by_unit(&self, from: &str) -> Step {
        let has_value = Expression::column(WITHOUT_VALUE).equals(Expression::Integer(0));
        let value = || Expression::column(VALUE);
        let is_bad = Expression::NotFinite(Box::new(value()));
        let mut columns = vec![
            Expression::column(VARIANT).named(VARIANT),
            Aggregate::CountRows.over(has_value).named(N_EVENTS),
            Expression::column(WITHOUT_VALUE).sum().named(WITHOUT_VALUE),
            Aggregate::CountRows.over(is_bad).named(BAD_VALUES),
        ];
        for (index, _) in self.levels.iter().enumerate() {
            let quantile = Expression::column(&Side::At.name(index));
            let is_up_to = value().compared(Comparison::LessOrEqual, quantile);
            let up_to = Aggregate::CountRows.over(is_up_to);
            columns.push(up_to.named(up_to_name(index)));
        }
        columns.extend(self.limits().map(|limit| {
            let name = limit.name();
            Expression::column(&name).min().named(name)
        }));
        let select = Select::of(columns, from)
            .grouped([Expression::column(VARIANT), Expression::column(UNIT_ID)]);
        self.step(
            "by_unit",
            "one row per unit: its events, and those up to each quantile",
            select,
        )
    }

    /// The same beside the share of all events of the variant up to each quantile.
    fn shared(&self, from: &str) -> Step {
        let mut columns = [VARIANT, N_EVENTS, WITHOUT_VALUE, BAD_VALUES]
            .map(|name| Expression::column(name).named(name))
            .to_vec();
        for (index, _) in self.levels.iter().enumerate() {
            let name = up_to_name(index);
            columns.push(Expression::column(&name).named(name));
        }
        columns.extend(self.limits().map(|limit| {
            let name = limit.name();
            Expression::column(&name).named(name)
        }));
        let of_variant = [Expression::column(VARIANT)];
        let sum = |name: &str| {
            let sum = Aggregate::Sum(Box::new(as_double(Expression::column(name))));
            sum.over_part(&of_variant)
        };
        for (index, _) in self.levels.iter().enumerate() {
            let share = sum(&up_to_name(index)).divided_by(sum(N_EVENTS));
            columns.push(share.named(share_name(index)));
        }
        self.step(
            "shared",
            "beside each unit the share of all events up to each quantile",
            Select::of(columns, from),
        )
    }

    fn answer(&self, from: &str) -> Select {
        let variant = Expression::column(VARIANT);
        let mut columns = vec![variant.clone().named(VARIANT)];
        columns.extend(
            [N_EVENTS, WITHOUT_VALUE, BAD_VALUES]
                .map(|name| Expression::column(name).sum().named(name)),
        );
        for (index, _) in self.levels.iter().enumerate() {
            columns.extend(Side::ALL.map(|side| {
                let name = side.name(index);
                Expression::column(&name).min().named(name)
            }));
            let own = as_double(Expression::column(N_EVENTS));
            let up_to = as_double(Expression::column(&up_to_name(index)));
            let expected = Expression::column(&share_name(index)).times(own);
            let distance = up_to.minus(expected);
            let square = distance.clone().times(distance);
            columns.push(square.sum().named(format!("squares_{index}")));
        }
        Select::of(columns, from).grouped([variant])
    }

    /// The quantile itself and the two beside it, for each level.
    fn limits(&self) -> impl Iterator<Item = LevelLimit> {
        self.levels.iter().enumerate().flat_map(|(index, level)| {
            Side::ALL.map(|side| LevelLimit {
                index,
                level: level.value(),
                side,
            })
        })
    }

    fn step(&self, name: &str, note: &'static str, select: Select) -> Step {
        Step {
            name: self.names.step(name),
            note,
            select,
        }
    }
}

/// The counted units.
fn counted_step(units: &ExactUnits, name: &str, has_first_times: bool) -> Step {
    let rows = &units.units;
    let mut columns = vec![
        Expression::column(UNIT_ID).named(UNIT_ID),
        rows.variant.clone().named(VARIANT),
    ];
    if has_first_times {
        columns.push(Expression::column(FIRST_TIME).named(FIRST_TIME));
    }
    let mut conditions = vec![rows.variant.clone().is_not_null()];
    if units.left_out {
        conditions.push(rows.inconsistent.clone().equals(Expression::Integer(0)));
    }
    let select = Select::of(columns, &rows.from)
        .filtered(rows.conditions.iter().cloned())
        .filtered(conditions);
    Step {
        name: name.to_owned(),
        note: "the units that count",
        select,
    }
}

fn part() -> [Expression; 2] {
    [VARIANT, WITHOUT_VALUE].map(Expression::column)
}

fn up_to_name(index: usize) -> String {
    format!("up_to_{index}")
}

fn share_name(index: usize) -> String {
    format!("share_{index}")
}
