//! The rows whose values a quantile is of, joined to the units that they count for.

use epstats_experiment::formula::Goal;

use super::asked::Asked;
use super::{GoalRows, names};
use crate::lower::event_quantiles::{Measured, UNIT_ID, VALUE};
use crate::lower::{EXPOSURE, LowerError};
use crate::query::{Expression, Select, Step};
use crate::{GoalTable, Plan, Tables};

/// The rows of a goal with their units and values; `None` where there can be none.
pub(crate) fn measured(
    plan: &Plan,
    mapping: &GoalTable,
    tables: &Tables,
    goal: &Goal,
    counted: &str,
) -> Result<Option<Measured>, LowerError> {
    if goal.name == EXPOSURE {
        return Ok(None);
    }
    let rows = GoalRows::of(plan, mapping, tables)?;
    let asked = Asked::new(plan, &rows);
    let columns = vec![
        rows.unit_id.clone().named(UNIT_ID),
        asked.value_column()?.named(VALUE),
    ];
    let select = Select::of(columns, rows.table.name)
        .filtered(rows.conditions.iter().cloned())
        .filtered([asked.condition(goal)?]);
    let step = Step {
        name: names(mapping).step("measured"),
        note: "the rows of the goal, with their units and values",
        select,
    };
    let of_row = Expression::column_of(&step.name, UNIT_ID);
    let on = vec![of_row.equals(Expression::column_of(counted, UNIT_ID))];
    Ok(Some(Measured {
        step,
        on,
        has_first_times: false,
        column: (mapping.table.clone(), mapping.value.clone()),
    }))
}
