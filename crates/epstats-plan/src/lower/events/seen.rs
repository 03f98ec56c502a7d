//! The exposures that are seen: those of the experiment, inside its days.

use super::Events;
use crate::lower::table::{Table, TimeColumn};
use crate::lower::{LowerError, days};
use crate::query::Expression;
use crate::{ColumnType, Plan};

/// The columns of the table of exposures, and the conditions on its rows.
pub(crate) struct Seen<'a> {
    /// The id of the unit, qualified by its table.
    pub(crate) unit_id: Expression,
    /// Its type.
    pub(crate) unit_id_type: &'a ColumnType,
    /// The variant.
    pub(crate) variant: Expression,
    /// The moment.
    pub(crate) time: TimeColumn,
    /// What holds for exposures that are seen.
    pub(crate) conditions: Vec<Expression>,
}

impl<'a> Seen<'a> {
    /// The seen exposures of a plan.
    pub(crate) fn of(
        layout: Events<'_>,
        plan: &Plan,
        table: &Table<'a>,
    ) -> Result<Seen<'a>, LowerError> {
        let mapping = layout.exposures;
        let (unit_id, unit_id_type) = table.unit_id("exposures.unit_id", &mapping.unit_id)?;
        let variant = table.text("exposures.variant", &mapping.variant)?;
        let time = table.time("exposures.time", &mapping.time)?;
        let mut conditions = Vec::new();
        if let Some(experiment) = &mapping.experiment {
            conditions.push(
                table
                    .text("exposures.experiment", experiment)?
                    .equals(Expression::text(&plan.experiment)),
            );
        }
        conditions.push(unit_id.clone().is_not_null());
        conditions.push(variant.clone().is_not_null());
        conditions.push(time.column.clone().is_not_null());
        conditions.extend(days::within(plan.days, layout.time_zone, &time));
        Ok(Seen {
            unit_id,
            unit_id_type,
            variant,
            time,
            conditions,
        })
    }
}
