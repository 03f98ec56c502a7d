//! The layouts `goals` and `unit-goals`: attributed rows in one table, exposures among them.
//!
//! One grouping by unit over the table tells both the variant of a unit and its totals; nothing is joined.

mod asked;
mod measured;
mod rows;

use crate::lower::first_moments::FirstMoments;
use crate::lower::names::Names;
use crate::lower::table::text_of;
use crate::lower::together::EXPERIMENT;
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
    units_of(plan, &[plan], mapping, tables, variants, watch)
}

/// The same for several plans, of which `plan` is the union; a unit has a row for each experiment.
pub(crate) fn units_of(
    plan: &Plan,
    parts: &[&Plan],
    mapping: &GoalTable,
    tables: &Tables,
    variants: &[String],
    watch: Watch,
) -> Result<Units, LowerError> {
    let rows = GoalRows::of_parts(plan, parts, mapping, tables)?;
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

    let is_apart = parts.len() > 1;
    let mut columns = Vec::new();
    let mut groups = Vec::new();
    if is_apart {
        let experiment = text_of(rows.table.name, &mapping.experiment, tables);
        columns.push(experiment.clone().named(EXPERIMENT));
        groups.push(experiment);
    }
    columns.push(rows.unit_id.clone().named("unit_id"));
    groups.push(rows.unit_id.clone());
    columns.extend(first.columns());
    columns.extend(asked.measures.into_columns());
    let goals = asked.goals.iter().map(|goal| Expression::text(goal));
    let per_unit = Step {
        name: names(mapping).step("per_unit"),
        note: "one row per unit: when it was first seen in each variant, and what it did",
        select: Select::of(columns, rows.table.name)
            .filtered(rows.conditions.iter().cloned())
            .filtered([rows.goal.clone().is_one_of(goals.collect())])
            .grouped(groups),
    };
    Ok(Units {
        from: per_unit.name.clone(),
        steps: vec![per_unit],
        experiment: is_apart.then(|| Expression::column(EXPERIMENT)),
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
