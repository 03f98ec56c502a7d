//! Quantiles of the values of events, with what their error needs: one statement for all levels of a goal.

mod level;
mod reading;
mod statement;

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::{Finite, QuantileNeed, exposure_goal};

use crate::lower::{EXPOSURE, LowerError, Watch, events, events_of, exact_units, goals};
use crate::query::{Expression, Query, Step};
use crate::{Layout, Plan, Tables};
pub use reading::{EventQuantilesReading, QuantileError};
use statement::Statement;

/// What to ask about quantiles of the events of one goal.
#[derive(Debug, Clone, PartialEq)]
pub struct EventQuantiles {
    /// The statement.
    pub query: Query,
    /// How its rows are read.
    pub reading: EventQuantilesReading,
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
    if goal.function != Function::Value || goal.name == EXPOSURE {
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
