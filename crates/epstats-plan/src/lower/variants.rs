//! Which variants the data have, for plans that name none.

use crate::lower::aggregated::AggregatedRows;
use crate::lower::events::Seen;
use crate::lower::goals::GoalRows;
use crate::lower::table::text_of;
use crate::lower::wide::WideRows;
use crate::lower::{LowerError, events_of, no_units};
use crate::query::{Expression, Query, Select};
use crate::{Layout, Plan, Tables};

/// The variants of the experiment's exposures inside its days: one text per row, each once.
///
/// # Errors
///
/// [`LowerError`] when a column is missing or of a wrong type.
pub fn lower_variants(plan: &Plan, layout: &Layout, tables: &Tables) -> Result<Query, LowerError> {
    let plan = &choosing_nothing(plan);
    let query = match layout {
        Layout::Events { exposures, .. } => {
            let layout = events_of(layout, tables)?;
            let table = layout.exposure_table()?;
            let seen = Seen::of(layout, plan, &table)?;
            distinct(
                (&exposures.table, tables),
                &[&exposures.variant],
                seen.conditions,
            )
        }
        Layout::Goals { .. } | Layout::UnitGoals { .. } | Layout::AggGoals(_) | Layout::Wide(_) => {
            let rows = one_table(plan, &[plan], layout, tables)?;
            distinct((rows.table, tables), &[rows.variant], rows.conditions)
        }
    };
    Ok(query)
}

/// The variants of plans that go together and name none themselves: experiment and variant per row, each pair once.
///
/// # Errors
///
/// [`LowerError`] when a column is missing or of a wrong type.
pub fn lower_variants_together(
    plans: &[&Plan],
    layout: &Layout,
    tables: &Tables,
) -> Result<Query, LowerError> {
    let plans: Vec<Plan> = plans.iter().map(|plan| choosing_nothing(plan)).collect();
    let parts: Vec<&Plan> = plans.iter().collect();
    let Some(first) = plans.first() else {
        return Err(no_units());
    };
    if let Layout::Events { exposures, .. } = layout {
        let layout = events_of(layout, tables)?;
        let table = layout.exposure_table()?;
        let seen = Seen::of_parts(layout, &parts, &table)?;
        let columns = exposures.experiment.iter().chain([&exposures.variant]);
        let columns: Vec<&str> = columns.map(String::as_str).collect();
        return Ok(distinct(
            (&exposures.table, tables),
            &columns,
            seen.conditions,
        ));
    }
    let rows = one_table(first, &parts, layout, tables)?;
    Ok(distinct(
        (rows.table, tables),
        &[rows.experiment, rows.variant],
        rows.conditions,
    ))
}

/// The plan without what chooses among units and variants: filters, which may name dimensions, never choose among variants.
fn choosing_nothing(plan: &Plan) -> Plan {
    Plan {
        variants: None,
        filters: Vec::new(),
        ..plan.clone()
    }
}

/// The rows that tell the variants, in the only table of a layout.
struct OneTable<'a> {
    table: &'a str,
    experiment: &'a str,
    variant: &'a str,
    conditions: Vec<Expression>,
}

fn one_table<'a>(
    plan: &Plan,
    parts: &[&Plan],
    layout: &'a Layout,
    tables: &'a Tables,
) -> Result<OneTable<'a>, LowerError> {
    let (table, experiment, variant, conditions) = match layout {
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            let rows = GoalRows::of_parts(plan, parts, table, tables)?;
            let mut conditions = rows.conditions;
            conditions.push(rows.is_exposure);
            (&table.table, &table.experiment, &table.variant, conditions)
        }
        Layout::AggGoals(table) => {
            let rows = AggregatedRows::of_parts(plan, parts, table, tables)?;
            (
                &table.table,
                &table.experiment,
                &table.variant,
                rows.conditions,
            )
        }
        Layout::Wide(table) => {
            let rows = WideRows::of_parts(plan, parts, table, tables)?;
            (
                &table.table,
                &table.experiment,
                &table.variant,
                rows.conditions,
            )
        }
        Layout::Events { .. } => return Err(no_units()),
    };
    Ok(OneTable {
        table,
        experiment,
        variant,
        conditions,
    })
}

fn distinct((table, tables): (&str, &Tables), of: &[&str], conditions: Vec<Expression>) -> Query {
    let names = ["experiment", "variant"];
    let names = &names[names.len() - of.len()..];
    let columns = of.iter().zip(names);
    let columns = columns.map(|(column, name)| text_of(table, column, tables).named(*name));
    Query {
        steps: Vec::new(),
        answer: Select::of(columns.collect(), table)
            .filtered(conditions)
            .grouped(of.iter().map(|column| text_of(table, column, tables))),
    }
}
