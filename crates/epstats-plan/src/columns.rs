//! What an engine reports about its tables.

use std::collections::BTreeMap;
use std::fmt;

/// The type of a column, as far as questions depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole numbers of any width.
    Integer,
    /// Floating-point or decimal numbers.
    Number,
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Timestamp {
        /// Does the type carry a zone? Moments without one are in UTC.
        zoned: bool,
    },
    /// Values that are not text and are meant by the text they are written as, by the engine's name: enumerations, UUIDs, addresses.
    Written(String),
    /// Anything else, by the engine's name.
    Other(String),
}

/// The columns of one table, by name.
pub type Columns = BTreeMap<String, ColumnType>;

/// The columns of every table of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables(BTreeMap<String, Columns>);

impl Tables {
    /// The columns of a table, where it is known.
    #[must_use]
    pub fn columns(&self, table: &str) -> Option<&Columns> {
        self.0.get(table)
    }

    /// Every table with its columns.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Columns)> {
        self.0
            .iter()
            .map(|(name, columns)| (name.as_str(), columns))
    }
}

impl From<BTreeMap<String, Columns>> for Tables {
    fn from(tables: BTreeMap<String, Columns>) -> Self {
        Tables(tables)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Text => "text",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
            ColumnType::Timestamp { zoned: false } => "timestamp",
            ColumnType::Timestamp { zoned: true } => "timestamp with zone",
            ColumnType::Written(name) | ColumnType::Other(name) => name,
        })
    }
}
