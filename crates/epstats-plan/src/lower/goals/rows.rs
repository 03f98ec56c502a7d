//! The rows of the layouts `goals` and `unit-goals` that are seen.

use jiff::tz::TimeZone;

use crate::lower::table::{Table, TimeColumn, TimeKind};
use crate::lower::together::of_parts;
use crate::lower::{EXPOSURE, LowerError, days};
use crate::query::{CastType, Expression, MomentKind};
use crate::{ColumnType, GoalTable, Plan, Tables};

/// The columns of the table, and the conditions on its rows.
pub(crate) struct GoalRows<'a> {
    pub(crate) table: Table<'a>,
    pub(crate) mapping: &'a GoalTable,
    /// The id of the unit, qualified by its table.
    pub(crate) unit_id: Expression,
    pub(crate) variant: Expression,
    pub(crate) unit_type: Expression,
    pub(crate) aggregation: Expression,
    pub(crate) goal: Expression,
    /// The day of a row; where rows have none, the same for all.
    pub(crate) moment: Expression,
    /// Is the row an exposure of a unit of the plan's type?
    pub(crate) is_exposure: Expression,
    /// Is the row of the experiment?
    pub(crate) of_experiment: Expression,
    /// What holds for rows that are seen.
    pub(crate) conditions: Vec<Expression>,
}

impl<'a> GoalRows<'a> {
    /// The seen rows of a plan.
    pub(crate) fn of(
        plan: &Plan,
        mapping: &'a GoalTable,
        tables: &'a Tables,
    ) -> Result<GoalRows<'a>, LowerError> {
        GoalRows::of_parts(plan, &[plan], mapping, tables)
    }

    /// The seen rows of several plans of one unit type, each with its own experiment and days.
    pub(crate) fn of_parts(
        plan: &Plan,
        parts: &[&Plan],
        mapping: &'a GoalTable,
        tables: &'a Tables,
    ) -> Result<GoalRows<'a>, LowerError> {
        let table = find(mapping, tables)?;
        let (unit_id, _) = table.unit_id("table.unit_id", &mapping.unit_id)?;
        let variant = table.text("table.exp_variant_id", &mapping.variant)?;
        let unit_type = table.text("table.unit_type", &mapping.unit_type)?;
        let aggregation = table.text("table.agg_type", &mapping.aggregation)?;
        let goal = table.text("table.goal", &mapping.goal)?;
        let experiment = table.text("table.exp_id", &mapping.experiment)?;
        let of_experiment = experiment
            .clone()
            .equals(Expression::text(&plan.experiment));
        let date = match &mapping.date {
            None => None,
            Some(date) => Some(table.time("table.date", date)?),
        };
        let bounds = |part: &Plan| match &date {
            None => Vec::new(),
            Some(date) => days::within(part.days, &TimeZone::UTC, date),
        };
        let mut conditions = of_parts(&experiment, parts, bounds);
        let there = [&unit_id, &variant].map(|column| column.clone().is_not_null());
        conditions.splice(1..1, there);
        let moment = match &date {
            None => Expression::Integer(0),
            Some(date) => {
                let bounded = parts.iter().all(|part| !bounds(part).is_empty());
                if bounded {
                    day_of(date)
                } else {
                    Expression::Coalesce(vec![day_of(date), Expression::Date(NEVER)])
                }
            }
        };
        let is_exposure = Expression::all(vec![
            goal.clone().equals(Expression::text(EXPOSURE)),
            unit_type.clone().equals(Expression::text(&plan.unit_type)),
        ]);
        Ok(GoalRows {
            table,
            mapping,
            unit_id,
            variant,
            unit_type,
            aggregation,
            goal,
            moment,
            is_exposure,
            of_experiment,
            conditions,
        })
    }
}

impl GoalRows<'_> {
    /// Is the column of counts an integer, so that it cannot be NaN or infinite?
    pub(crate) fn counts_are_whole(&self) -> bool {
        self.table.kind(&self.mapping.count) == Some(&ColumnType::Integer)
    }
}

/// What rows without a day are sorted as: after every other.
const NEVER: jiff::civil::Date = jiff::civil::Date::constant(9999, 12, 31);

fn find<'a>(mapping: &'a GoalTable, tables: &'a Tables) -> Result<Table<'a>, LowerError> {
    let mapped = [
        &mapping.experiment,
        &mapping.variant,
        &mapping.unit_type,
        &mapping.aggregation,
        &mapping.goal,
        &mapping.unit_id,
        &mapping.count,
        &mapping.value,
    ]
    .into_iter()
    .chain(&mapping.date);
    Table::find(
        tables,
        &mapping.table,
        mapped.map(String::as_str),
        mapping.dimensions.as_deref(),
    )
}

/// The day, in UTC.
fn day_of(date: &TimeColumn) -> Expression {
    match date.kind {
        TimeKind::Date => date.column.clone(),
        TimeKind::Moment(_) => date.as_moment(MomentKind::Local).cast(CastType::Date),
    }
}
