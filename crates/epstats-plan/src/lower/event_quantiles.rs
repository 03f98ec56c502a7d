//! Quantiles of the values of events, with what their error needs: one statement for all levels of a goal.
//!
//! Events of counted units get their places in order, beside them the quantiles of their variant are found, and then they are counted by unit:
//! how many a unit has, and how many of these lie up to the quantile.

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::stats::{Probability, quantile_reach};
use epstats_experiment::{
    ClusteredEvents, EventQuantile, Finite, QuantileNeed, Statistics, Sums, exposure_goal,
};

use crate::lower::bad_values::in_rows;
use crate::lower::first_moments::{FIRST_TIME, flag};
use crate::lower::names::Names;
use crate::lower::quantile::{Quantile, n_rows, place};
use crate::lower::units::{VARIANT, as_double};
use crate::lower::{ExactUnits, LowerError, Watch, events, events_of, exact_units, goals};
use crate::query::{Aggregate, Comparison, Expression, LeftJoin, Query, Relation, Select, Step};
use crate::reading::{DecodeError, Row};
use crate::{Cell, Layout, Plan, Tables};

/// What to ask about quantiles of the events of one goal.
#[derive(Debug, Clone, PartialEq)]
pub struct EventQuantiles {
    /// The statement.
    pub query: Query,
    /// How its rows are read.
    pub reading: EventQuantilesReading,
}

/// How the rows about quantiles of the events of one goal are read: one row per variant that has events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventQuantilesReading {
    goal: Goal,
    levels: Vec<Finite>,
    /// Names by position; rows hold positions.
    variants: Vec<String>,
    /// Table and column of the values.
    column: (String, String),
}

/// Rows about quantiles do not add up to an answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantileError {
    /// They are not those that the query asks for.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Some values are NaN or infinite.
    #[error("NaN or infinite values are in {0}")]
    BadValues(String),
}

/// Events with their units and values, to be joined to the units that count.
pub(crate) struct Measured {
    /// The step of all such events.
    pub(crate) step: Step,
    /// Which events are of which unit.
    pub(crate) on: Vec<Expression>,
    /// Does the join read the first moments of units?
    pub(crate) has_first_times: bool,
    /// Table and column of the values.
    pub(crate) column: (String, String),
}

/// Name of the column with the id of a unit.
pub(crate) const UNIT_ID: &str = "unit_id";

/// Name of the column with the value of an event.
pub(crate) const VALUE: &str = "value";

/// One where an event has no value, else zero.
const WITHOUT_VALUE: &str = "without_value";

const PLACE: &str = "place";
const N_EVENTS: &str = "n_events";

/// The statements for all quantiles of a plan, a statement for each goal.
pub(super) fn lower(
    plan: &Plan,
    layout: &Layout,
    tables: &Tables,
) -> Result<Vec<EventQuantiles>, LowerError> {
    let mut goals: Vec<(&Goal, Vec<Finite>)> = Vec::new();
    for QuantileNeed { goal, level } in &plan.quantiles {
        match goals.iter_mut().find(|(known, _)| *known == goal) {
            Some((_, levels)) => levels.push(*level),
            None => goals.push((goal, vec![*level])),
        }
    }
    goals
        .into_iter()
        .map(|(goal, levels)| of_goal(plan, layout, tables, goal, levels))
        .collect()
}

fn of_goal(
    plan: &Plan,
    layout: &Layout,
    tables: &Tables,
    goal: &Goal,
    levels: Vec<Finite>,
) -> Result<EventQuantiles, LowerError> {
    if goal.function != Function::Value || goal.name == super::EXPOSURE {
        return Err(LowerError::not_answerable(
            format!("a quantile is one of values of events, which `{goal}` does not have"),
            "name a goal by `value`, such as `value(user.unit.latency)`",
        ));
    }
    // Of units, only what tells which of them count.
    let plan_of_units = Plan {
        goals: vec![exposure_goal(&plan.unit_type)],
        unit_values: Vec::new(),
        pairs: Vec::new(),
        shapes: Vec::new(),
        strata: Vec::new(),
        ..plan.clone()
    };
    let units = exact_units(&plan_of_units, layout, tables, Watch::Null)?;
    let counted = units.names.step("counted");
    let measured = match layout {
        Layout::Events { .. } => {
            events::measured(events_of(layout, tables)?, plan, goal, &counted)?
        }
        Layout::Goals { table, .. } => goals::measured(plan, table, tables, goal, &counted)?,
        Layout::UnitGoals { .. } | Layout::AggGoals(_) | Layout::Wide(_) => {
            return Err(LowerError::not_answerable(
                "quantiles need the value of each event, and the layout has sums of them"
                    .to_owned(),
                "use a source with the layout `events` or `goals`",
            ));
        }
    };
    let Some(measured) = measured else {
        return Err(LowerError::not_answerable(
            format!(
                "`{goal}` is about units of another type than the source, so there are no values that a quantile could be of"
            ),
            "correct the unit type of the goal, or name another source",
        ));
    };
    let reading = EventQuantilesReading {
        goal: goal.clone(),
        levels: levels.clone(),
        variants: units.variants.clone(),
        column: measured.column.clone(),
    };
    let query = Statement {
        names: &units.names,
        levels: &levels,
    }
    .over(&units, &counted, measured);
    Ok(EventQuantiles { query, reading })
}

/// The steps after the units are known.
struct Statement<'a> {
    names: &'a Names,
    levels: &'a [Finite],
}

impl Statement<'_> {
    fn over(&self, units: &ExactUnits, counted: &str, measured: Measured) -> Query {
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
        self.step("placed", select)
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
        self.step("neighbours", Select::of(columns, from))
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
        self.step("bounded", Select::of(columns, from))
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
            Aggregate::CountRows.over(is_bad).named("bad_values"),
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
        self.step("by_unit", select)
    }

    /// The same beside the share of all events of the variant up to each quantile.
    fn shared(&self, from: &str) -> Step {
        let mut columns = [VARIANT, N_EVENTS, WITHOUT_VALUE, "bad_values"]
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
        self.step("shared", Select::of(columns, from))
    }

    fn answer(&self, from: &str) -> Select {
        let variant = Expression::column(VARIANT);
        let mut columns = vec![variant.clone().named(VARIANT)];
        columns.extend(
            [N_EVENTS, WITHOUT_VALUE, "bad_values"]
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

    fn step(&self, name: &str, select: Select) -> Step {
        Step {
            name: self.names.step(name),
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
        select,
    }
}

/// A quantile of the events of a variant.
#[derive(Clone, Copy)]
struct LevelLimit {
    /// Position of the level.
    index: usize,
    level: f64,
    side: Side,
}

/// The quantile at a level, or one beside it by the reach of its error.
#[derive(Clone, Copy)]
enum Side {
    At,
    Lower,
    Upper,
}

impl Side {
    const ALL: [Side; 3] = [Side::At, Side::Lower, Side::Upper];

    fn name(self, index: usize) -> String {
        let what = match self {
            Side::At => "quantile",
            Side::Lower => "lower",
            Side::Upper => "upper",
        };
        format!("{what}_{index}")
    }
}

impl LevelLimit {
    fn name(self) -> String {
        self.side.name(self.index)
    }

    fn neighbours(self) -> [String; 2] {
        let name = self.name();
        [format!("{name}_from"), format!("{name}_to")]
    }

    fn quantile(self, part: &[Expression]) -> Quantile<'_> {
        Quantile {
            part,
            values: Expression::column(VALUE),
            place: Expression::column(PLACE),
            n_rows: Expression::column(N_EVENTS),
            level: self.level(),
        }
    }

    /// The level; beside the quantile itself it depends on the number of events n, as z √(ν(1 − ν)/n).
    fn level(self) -> Expression {
        let level = Expression::Number(self.level);
        let reach = || {
            let of_one =
                Probability::new(self.level).map_or(0.0, |level| quantile_reach(level, 1.0));
            let n_events = as_double(Expression::column(N_EVENTS));
            Expression::Number(of_one).divided_by(Expression::SquareRoot(Box::new(n_events)))
        };
        match self.side {
            Side::At => level,
            Side::Lower => level.minus(reach()),
            Side::Upper => level.plus(reach()),
        }
    }

    /// The value where the level is strictly between 0 and 1.
    fn if_inside(self, value: Expression) -> Expression {
        match self.side {
            Side::At => value,
            Side::Lower => value.only_if(
                self.level()
                    .compared(Comparison::Greater, Expression::Number(0.0)),
            ),
            Side::Upper => value.only_if(
                self.level()
                    .compared(Comparison::Less, Expression::Number(1.0)),
            ),
        }
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

impl EventQuantilesReading {
    /// Adds what the rows of the answer, in any order, tell to statistics that have the units already.
    ///
    /// # Errors
    ///
    /// [`QuantileError`] when the rows are not those that the query asks for, or when values are NaN or infinite.
    pub fn add(&self, rows: &[Vec<Cell>], to: &mut Statistics) -> Result<(), QuantileError> {
        const PER_LEVEL: usize = 4;
        let width = 4 + PER_LEVEL * self.levels.len();
        let n_units = |variant: &String| match &to.sums {
            Sums::Exact { variants, .. } => variants.get(variant).map_or(0, |of| of.n_units),
            Sums::Marginal { .. } => 0,
        };
        let mut quantiles: Vec<EventQuantile> = self
            .levels
            .iter()
            .map(|level| EventQuantile {
                goal: self.goal.clone(),
                level: *level,
                variants: std::collections::BTreeMap::new(),
            })
            .collect();
        let (mut null_values, mut bad_values) = (0, 0);
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, width)?;
            let code = usize::try_from(row.count(0)?).unwrap_or(usize::MAX);
            let Some(variant) = self.variants.get(code) else {
                return Err(row.unexpected(0, "the position of a variant").into());
            };
            let n_events = row.count(1)?;
            null_values += row.count(2)?;
            bad_values += row.count(3)?;
            if n_events == 0 {
                continue;
            }
            for (level, quantile) in quantiles.iter_mut().enumerate() {
                let at = 4 + PER_LEVEL * level;
                let events = ClusteredEvents {
                    n_units: n_units(variant),
                    n_events,
                    value: row.number(at)?,
                    lower: row.number_or_null(at + 1)?,
                    upper: row.number_or_null(at + 2)?,
                    squares: row.number(at + 3)?,
                };
                if quantile.variants.insert(variant.clone(), events).is_some() {
                    return Err(DecodeError::Twice {
                        row: index,
                        variant: variant.clone(),
                    }
                    .into());
                }
            }
        }
        if bad_values > 0 {
            let (table, column) = &self.column;
            let place = in_rows(table, column, bad_values.to_string());
            return Err(QuantileError::BadValues(place));
        }
        to.observations.null_values += null_values;
        to.quantiles.extend(quantiles);
        Ok(())
    }
}
