//! Tables in memory: cells, columns, rows.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

/// Rows of cells under typed columns.
///
/// ```
/// use epstats_source::memory::{Cell, Column, Kind, Table};
///
/// let table = Table {
///     columns: vec![Column::new("user", Kind::Integer), Column::new("arm", Kind::Text)],
///     rows: vec![vec![Cell::Integer(7), Cell::from("control")]],
/// };
/// assert_eq!(table.position("arm"), Some(1));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in the order of the cells of every row; no two have the same name.
    pub columns: Vec<Column>,
    /// The rows, each with one cell per column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Where the column of that name stands.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Name and type of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, compared as written.
    pub name: String,
    /// What its cells hold where they are not NULL.
    pub kind: Kind,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Column {
            name: name.into(),
            kind,
        }
    }
}

/// Types of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Integer,
    /// Floating point numbers of 64 bits.
    Number,
    /// Unicode text.
    Text,
    /// True or false.
    Boolean,
    /// Days.
    Date,
    /// Moments.
    Timestamp,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Integer => "integers",
            Kind::Number => "numbers",
            Kind::Text => "text",
            Kind::Boolean => "booleans",
            Kind::Date => "dates",
            Kind::Timestamp => "timestamps",
        })
    }
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number; may be NaN or infinite.
    Number(f64),
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A moment.
    Timestamp(Timestamp),
}

impl Cell {
    /// The type of the value; `None` for NULL, which fits every column.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Cell::Null => None,
            Cell::Integer(_) => Some(Kind::Integer),
            Cell::Number(_) => Some(Kind::Number),
            Cell::Text(_) => Some(Kind::Text),
            Cell::Boolean(_) => Some(Kind::Boolean),
            Cell::Date(_) => Some(Kind::Date),
            Cell::Timestamp(_) => Some(Kind::Timestamp),
        }
    }

    /// The text that filters compare with: digits, `true` and `false`, ISO dates; `None` for NULL.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Cell::Null => return None,
            Cell::Text(text) => text.into(),
            Cell::Integer(integer) => integer.to_string().into(),
            Cell::Number(number) => number.to_string().into(),
            Cell::Boolean(boolean) => boolean.to_string().into(),
            Cell::Date(date) => date.to_string().into(),
            Cell::Timestamp(timestamp) => timestamp.to_string().into(),
        })
    }

    /// The value of a text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of an integer or a number.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            #[allow(
                clippy::cast_precision_loss,
                reason = "sums are taken in double precision"
            )]
            Cell::Integer(integer) => Some(*integer as f64),
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl From<i64> for Cell {
    fn from(integer: i64) -> Self {
        Cell::Integer(integer)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<bool> for Cell {
    fn from(boolean: bool) -> Self {
        Cell::Boolean(boolean)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Cell::Date(date)
    }
}

impl From<Timestamp> for Cell {
    fn from(timestamp: Timestamp) -> Self {
        Cell::Timestamp(timestamp)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}
