//! One value of a result row.

/// A value in a row that an engine answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number in double precision.
    Number(f64),
    /// A text.
    Text(String),
}
