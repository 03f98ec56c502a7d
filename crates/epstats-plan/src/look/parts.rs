//! The parts that columns play in a layout.

use crate::lower::LowerError;
use crate::{ColumnType, Layout, Tables};

/// A column that the mapping names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The table, as the layout knows it.
    pub table: String,
    /// The field of the definition that names the column, such as `exposures.unit_id`.
    pub field: String,
    /// The column.
    pub column: String,
    /// What it must hold.
    pub role: Role,
}

/// What a column must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Names: of experiments, variants, goals.
    Name,
    /// Ids of units.
    UnitId,
    /// Moments or days.
    Time,
    /// Numbers.
    Number,
    /// Whatever filters compare.
    Dimension,
}

impl Layout {
    /// The columns that the mapping names, in the order of the definition.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Parts::default();
        match self {
            Layout::Events {
                exposures, events, ..
            } => {
                parts.begin("exposures", &exposures.table);
                parts.add("unit_id", &exposures.unit_id, Role::UnitId);
                parts.add_some("experiment", exposures.experiment.as_ref(), Role::Name);
                parts.add("variant", &exposures.variant, Role::Name);
                parts.add("time", &exposures.time, Role::Time);
                parts.dimensions(exposures.dimensions.as_ref());
                parts.begin("events", &events.table);
                parts.add("unit_id", &events.unit_id, Role::UnitId);
                parts.add("goal", &events.goal, Role::Name);
                parts.add_some("value", events.value.as_ref(), Role::Number);
                parts.add("time", &events.time, Role::Time);
                parts.dimensions(events.dimensions.as_ref());
            }
            Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
                parts.begin("table", &table.table);
                parts.add("exp_id", &table.experiment, Role::Name);
                parts.add("exp_variant_id", &table.variant, Role::Name);
                parts.add("unit_type", &table.unit_type, Role::Name);
                parts.add("agg_type", &table.aggregation, Role::Name);
                parts.add("goal", &table.goal, Role::Name);
                parts.add("unit_id", &table.unit_id, Role::UnitId);
                parts.add_some("date", table.date.as_ref(), Role::Time);
                parts.add("count", &table.count, Role::Number);
                parts.add("value", &table.value, Role::Number);
                parts.dimensions(table.dimensions.as_ref());
            }
            Layout::AggGoals(table) => {
                parts.begin("table", &table.table);
                parts.add("exp_id", &table.experiment, Role::Name);
                parts.add("exp_variant_id", &table.variant, Role::Name);
                parts.add("unit_type", &table.unit_type, Role::Name);
                parts.add("agg_type", &table.aggregation, Role::Name);
                parts.add("goal", &table.goal, Role::Name);
                parts.add_some("date", table.date.as_ref(), Role::Time);
                parts.add("count", &table.count, Role::Number);
                parts.add("sum_sqr_count", &table.sum_sqr_count, Role::Number);
                parts.add("sum_value", &table.sum_value, Role::Number);
                parts.add("sum_sqr_value", &table.sum_sqr_value, Role::Number);
                parts.add("count_unique", &table.count_unique, Role::Number);
                parts.dimensions(table.dimensions.as_ref());
            }
            Layout::Wide(table) => {
                parts.begin("table", &table.table);
                parts.add("exp_id", &table.experiment, Role::Name);
                parts.add("exp_variant_id", &table.variant, Role::Name);
            }
        }
        parts.all
    }
}

impl Part {
    /// Why the column cannot play its part; a table that is not known at all is another matter.
    pub(super) fn fault(&self, tables: &Tables) -> Option<LowerError> {
        let columns = tables.columns(&self.table)?;
        let Some(found) = columns.get(&self.column) else {
            let available = columns.keys().map(String::as_str);
            return Some(LowerError::missing_mapped(
                &self.field,
                &self.table,
                &self.column,
                available,
            ));
        };
        let (expected, help) = match (self.role, found) {
            (Role::Name, ColumnType::Text | ColumnType::Written(_))
            | (Role::Number, ColumnType::Integer | ColumnType::Number)
            | (Role::Time, ColumnType::Date | ColumnType::Timestamp { .. })
            | (Role::Dimension, _) => return None,
            (
                Role::UnitId,
                ColumnType::Boolean | ColumnType::Date | ColumnType::Timestamp { .. },
            ) => ("an id", "ids of units are integers, text or UUIDs"),
            (Role::UnitId, _) => return None,
            (Role::Name, _) => ("text", "names are text"),
            (Role::Number, _) => (
                "a number",
                "store it as an integer, a decimal or a floating-point number",
            ),
            (Role::Time, _) => (
                "a timestamp or a date",
                "convert it where the data are written: a text or a number does not say its format or its zone",
            ),
        };
        Some(LowerError::wrong_type(
            &self.field,
            &self.table,
            &self.column,
            expected,
            found,
            help,
        ))
    }
}

/// Parts while they are listed.
#[derive(Default)]
struct Parts {
    all: Vec<Part>,
    object: &'static str,
    table: String,
}

impl Parts {
    fn begin(&mut self, object: &'static str, table: &str) {
        self.object = object;
        table.clone_into(&mut self.table);
    }

    fn add(&mut self, field: &str, column: &str, role: Role) {
        self.all.push(Part {
            table: self.table.clone(),
            field: format!("{}.{field}", self.object),
            column: column.to_owned(),
            role,
        });
    }

    fn add_some(&mut self, field: &str, column: Option<&String>, role: Role) {
        if let Some(column) = column {
            self.add(field, column, role);
        }
    }

    fn dimensions(&mut self, dimensions: Option<&Vec<String>>) {
        for column in dimensions.into_iter().flatten() {
            self.add("dimensions", column, Role::Dimension);
        }
    }
}
