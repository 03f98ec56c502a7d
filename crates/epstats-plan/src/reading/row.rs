//! One row of an answer, value by value, and what may be wrong with it.

use crate::Cell;

/// One row of an answer.
pub(crate) struct Row<'a> {
    index: usize,
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        index: usize,
        cells: &'a [Cell],
        width: usize,
    ) -> Result<Row<'a>, DecodeError> {
        if cells.len() == width {
            return Ok(Row { index, cells });
        }
        Err(DecodeError::Width {
            row: index,
            expected: width,
            found: cells.len(),
        })
    }

    /// A number of rows or units, or a position.
    pub(crate) fn count(&self, column: usize) -> Result<u64, DecodeError> {
        let count = match self.cells[column] {
            Cell::Integer(value) => u64::try_from(value).ok(),
            Cell::Number(value) if value >= 0.0 && value.fract() == 0.0 && value < 1e18 => {
                Some(value as u64)
            }
            _ => None,
        };
        count.ok_or_else(|| self.unexpected(column, "a whole number from zero"))
    }

    pub(crate) fn number(&self, column: usize) -> Result<f64, DecodeError> {
        match self.cells[column] {
            Cell::Integer(value) => Ok(value as f64),
            Cell::Number(value) => Ok(value),
            _ => Err(self.unexpected(column, "a number")),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, DecodeError> {
        match &self.cells[column] {
            Cell::Text(text) => Ok(text.clone()),
            _ => Err(self.unexpected(column, "a text")),
        }
    }

    pub(crate) fn text_or_null(&self, column: usize) -> Result<Option<String>, DecodeError> {
        match &self.cells[column] {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text.clone())),
            _ => Err(self.unexpected(column, "a text or NULL")),
        }
    }

    /// A number; `None` for NULL.
    pub(crate) fn number_or_null(&self, column: usize) -> Result<Option<f64>, DecodeError> {
        match self.cells[column] {
            Cell::Null => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    /// A number; NaN for NULL, which databases without NaN say instead.
    pub(crate) fn number_or_nan(&self, column: usize) -> Result<f64, DecodeError> {
        Ok(self.number_or_null(column)?.unwrap_or(f64::NAN))
    }

    pub(crate) fn unexpected(&self, column: usize, expected: &'static str) -> DecodeError {
        DecodeError::Value {
            row: self.index,
            column,
            expected,
            found: match &self.cells[column] {
                Cell::Null => "NULL".to_owned(),
                Cell::Integer(value) => value.to_string(),
                Cell::Number(value) => value.to_string(),
                Cell::Text(text) => format!("`{text}`"),
            },
        }
    }
}

/// The answer is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A row has too few or too many values.
    #[error("row {row} has {found} values, expected {expected}")]
    Width {
        /// The row, from zero.
        row: usize,
        /// Values asked for.
        expected: usize,
        /// Values there.
        found: usize,
    },
    /// A value is of another kind than asked for.
    #[error("row {row}, value {column}: expected {expected}, found {found}")]
    Value {
        /// The row, from zero.
        row: usize,
        /// The value in it, from zero.
        column: usize,
        /// What was asked for.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// Two rows speak of the same variant.
    #[error("row {row} speaks of the variant `{variant}` again")]
    Twice {
        /// The row, from zero.
        row: usize,
        /// The variant.
        variant: String,
    },
}
