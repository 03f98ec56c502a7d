//! A look at the tables of a source: do they have what the mapping names, and what is in them?
//!
//! [`faults`] needs the columns only. The other questions are queries over all rows; each comes with the reading of its answer.

mod experiments;
mod goals;
mod numbers;
mod parts;
mod places;
mod time;

use crate::lower::names::Names;
use crate::query::{CastType, Expression};
use crate::{ColumnType, Layout, LowerError, Tables};

pub use experiments::{
    ExperimentUnits, ExperimentsLook, MixedUnits, MixedUnitsLook, look_at_experiments,
    look_at_mixed_units,
};
pub use goals::{GoalRows, GoalsLook, look_at_goals};
pub use numbers::{ColumnNumbers, NumbersLook, TableNumbers, look_at_numbers};
pub use parts::{Part, Role};
pub use time::Time;

/// Everything that the columns of the tables say against the mapping.
///
/// Lowering tells the first of these only; here are all.
#[must_use]
pub fn faults(layout: &Layout, tables: &Tables) -> Vec<LowerError> {
    let mut faults: Vec<LowerError> = layout
        .parts()
        .iter()
        .filter_map(|part| part.fault(tables))
        .collect();
    faults.extend(different_ids(layout, tables));
    faults
}

/// Ids of units that cannot be compared between the two tables of events.
fn different_ids(layout: &Layout, tables: &Tables) -> Option<LowerError> {
    let Layout::Events {
        exposures, events, ..
    } = layout
    else {
        return None;
    };
    let of_exposures = tables.columns(&exposures.table)?.get(&exposures.unit_id)?;
    let of_events = tables.columns(&events.table)?.get(&events.unit_id)?;
    if of_exposures == of_events {
        return None;
    }
    Some(LowerError::wrong_type(
        "events.unit_id",
        &events.table,
        &events.unit_id,
        &format!("the type that exposures have, {of_exposures}"),
        of_events,
        "store ids of units in both tables with the same type",
    ))
}

/// Can a column play its part?
fn is_sound(part: &Part, tables: &Tables) -> bool {
    tables
        .columns(&part.table)
        .is_some_and(|columns| columns.contains_key(&part.column))
        && part.fault(tables).is_none()
}

fn kind<'t>(part: &Part, tables: &'t Tables) -> Option<&'t ColumnType> {
    tables.columns(&part.table)?.get(&part.column)
}

/// A column of the data.
fn typed(table: &str, column: &str, tables: &Tables) -> Expression {
    let kind = tables
        .columns(table)
        .and_then(|columns| columns.get(column));
    let column = Expression::column_of(table, column);
    match kind {
        Some(kind) => column.of(kind),
        None => column,
    }
}

/// A column of names, as text.
fn name(table: &str, column: &str, tables: &Tables) -> Expression {
    let kind = tables
        .columns(table)
        .and_then(|columns| columns.get(column));
    let name = typed(table, column, tables);
    match kind {
        Some(ColumnType::Written(_)) => name.cast(AS_TEXT),
        _ => name,
    }
}

/// Names for steps that no table has.
fn names(tables: &Tables) -> Names {
    Names::avoiding(tables.iter().map(|(table, _)| table))
}

const AS_TEXT: CastType = CastType::Text;
