//! Which variants the data have, for plans that name none.

use crate::lower::aggregated::AggregatedRows;
use crate::lower::events::Seen;
use crate::lower::goals::GoalRows;
use crate::lower::table::text_of;
use crate::lower::wide::WideRows;
use crate::lower::{LowerError, events_of};
use crate::query::{Expression, Query, Select};
use crate::{Layout, Plan, Tables};

/// The variants of the experiment's exposures inside its days: one text per row, each once.
///
/// # Errors
///
/// [`LowerError`] when a column is missing or of a wrong type.
pub fn lower_variants(plan: &Plan, layout: &Layout, tables: &Tables) -> Result<Query, LowerError> {
    // Filters, which may name dimensions, choose among units and never among variants.
    let plan = &Plan {
        variants: None,
        filters: Vec::new(),
        ..plan.clone()
    };
    let query = match layout {
        Layout::Events { exposures, .. } => {
            let layout = events_of(layout, tables)?;
            let table = layout.exposure_table()?;
            let seen = Seen::of(layout, plan, &table)?;
            distinct(&exposures.table, &exposures.variant, seen.conditions)
        }
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            let rows = GoalRows::of(plan, table, tables)?;
            let mut conditions = rows.conditions;
            conditions.push(rows.is_exposure);
            distinct(&table.table, &table.variant, conditions)
        }
        Layout::AggGoals(table) => {
            let rows = AggregatedRows::of(plan, table, tables)?;
            distinct(&table.table, &table.variant, rows.conditions)
        }
        Layout::Wide(table) => {
            let rows = WideRows::of(plan, table, tables)?;
            distinct(&table.table, &table.variant, rows.conditions)
        }
    };
    Ok(query)
}

fn distinct(table: &str, variant: &str, conditions: Vec<Expression>) -> Query {
    let variant = text_of(table, variant);
    let columns = vec![variant.clone().named("variant")];
    Query {
        steps: Vec::new(),
        answer: Select::of(columns, table)
            .filtered(conditions)
            .grouped([variant]),
    }
}
