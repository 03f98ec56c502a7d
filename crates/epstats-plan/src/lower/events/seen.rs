//! The exposures that are seen: those of the experiment, inside its days.

use super::Events;
use crate::lower::table::{Table, TimeColumn, text_of};
use crate::lower::together::of_parts;
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
    /// The experiment, qualified by its table; `None` where the table holds one experiment only.
    pub(crate) experiment: Option<Expression>,
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
        Seen::of_parts(layout, &[plan], table)
    }

    /// The seen exposures of several plans, each with its own experiment and days.
    pub(crate) fn of_parts(
        layout: Events<'_>,
        parts: &[&Plan],
        table: &Table<'a>,
    ) -> Result<Seen<'a>, LowerError> {
        let mapping = layout.exposures;
        let (unit_id, unit_id_type) = table.unit_id("exposures.unit_id", &mapping.unit_id)?;
        let variant = table.text("exposures.variant", &mapping.variant)?;
        let time = table.time("exposures.time", &mapping.time)?;
        let within = |part: &Plan| days::within(part.days, layout.time_zone, &time);
        let mut conditions = Vec::new();
        let mut experiment = None;
        if let Some(column) = &mapping.experiment {
            let name = table.text("exposures.experiment", column)?;
            conditions = of_parts(&name, parts, within);
            experiment = Some(text_of(table.name, column, layout.tables));
        } else if let [part] = parts {
            conditions = within(part);
        }
        let there = [&unit_id, &variant, &time.column].map(|column| column.clone().is_not_null());
        let first = usize::from(experiment.is_some());
        conditions.splice(first..first, there);
        Ok(Seen {
            unit_id,
            unit_id_type,
            variant,
            time,
            experiment,
            conditions,
        })
    }
}
