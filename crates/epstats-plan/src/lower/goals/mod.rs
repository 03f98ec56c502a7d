//! The layouts `goals` and `unit-goals`: attributed rows in one table, exposures among them.
//!
//! One grouping by unit over the table tells both the variant of a unit and its totals; nothing is joined.

mod asked;
mod measured;
mod rows;

use crate::lower::first_moments::FirstMoments;
use crate::lower::names::Names;
use crate::lower::units::Units;
use crate::lower::{LowerError, Watch};
use crate::query::{Expression, Select, Step};
use crate::{GoalTable, Plan, Tables};
use asked::Asked;
pub(crate) use measured::measured;
pub(crate) use rows::GoalRows;

/// Names for steps.
pub(crate) fn names(mapping: &GoalTable) -> Names {
    Names::avoiding([mapping.table.as_str()])
}

/// One row per exposed unit, with all that the plan asks for.
pub(crate) fn units(
    plan: &Plan,
    mapping: &GoalTable,
    tables: &Tables,
    variants: &[String],
    watch: Watch,
) -> Result<Units, LowerError> {
    let rows = GoalRows::of(plan, mapping, tables)?;
    let mut first = FirstMoments::new(
        variants,
        plan.variants_complete,
        &rows.variant,
        rows.moment.clone(),
        rows.is_exposure.clone(),
    );
    let mut asked = Asked::new(plan, &rows);
    for filter in &plan.filters {
        asked.filter(filter, &mut first)?;
    }
    let strata = asked.strata(&mut first)?;
    asked.quantities(&mut first)?;
    let (watched, watched_columns) = asked.watched(watch);

    let mut columns = vec![rows.unit_id.clone().named("unit_id")];
    columns.extend(first.columns());
    columns.extend(asked.measures.into_columns());
    let goals = asked.goals.iter().map(|goal| Expression::text(goal));
    let per_unit = Step {
        name: names(mapping).step("per_unit"),
        note: "one row per unit: when it was first seen in each variant, and what it did",
        select: Select::of(columns, rows.table.name)
            .filtered(rows.conditions.iter().cloned())
            .filtered([rows.goal.clone().is_one_of(goals.collect())])
            .grouped([rows.unit_id.clone()]),
    };
    Ok(Units {
        from: per_unit.name.clone(),
        steps: vec![per_unit],
        variant: first.variant(),
        only_assigned: false,
        inconsistent: first.inconsistent(),
        strata,
        conditions: asked.conditions,
        totals: asked.totals,
        watched,
        watched_columns,
    })
}
