//! One table of a layout: its mapped columns and its dimensions, looked up and checked.

use std::collections::BTreeSet;

use crate::lower::LowerError;
use crate::query::{CastType, Expression, MomentKind};
use crate::{ColumnType, Columns, Tables};

/// A table with the columns that its engine reports and those that the mapping names.
pub(crate) struct Table<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    columns: &'a Columns,
    mapped: BTreeSet<&'a str>,
    dimensions: Option<&'a [String]>,
}

impl<'a> Table<'a> {
    /// Finds a table; `mapped` are the columns that the mapping names, which are no dimensions.
    pub(crate) fn find(
        tables: &'a Tables,
        name: &'a str,
        mapped: impl IntoIterator<Item = &'a str>,
        dimensions: Option<&'a [String]>,
    ) -> Result<Table<'a>, LowerError> {
        let columns = tables.columns(name).ok_or_else(|| {
            LowerError::not_answerable(
                format!("the source has no table `{name}`"),
                "name it in the definition of the source",
            )
        })?;
        Ok(Table {
            name,
            columns,
            mapped: mapped.into_iter().collect(),
            dimensions,
        })
    }

    /// A mapped column of text.
    pub(crate) fn text(&self, field: &str, column: &str) -> Result<Expression, LowerError> {
        match self.mapped(field, column)? {
            kind @ ColumnType::Text => Ok(Expression::column(column).of(kind)),
            kind @ ColumnType::Written(_) => {
                Ok(Expression::column(column).of(kind).cast(CastType::Text))
            }
            found => Err(self.wrong_type(field, column, "text", found, "names are text")),
        }
    }

    /// A mapped column of numbers, in double precision.
    pub(crate) fn number(&self, field: &str, column: &str) -> Result<Expression, LowerError> {
        match self.mapped(field, column)? {
            kind @ (ColumnType::Integer | ColumnType::Number) => {
                Ok(Expression::column(column).of(kind).cast(CastType::Double))
            }
            found => Err(self.wrong_type(
                field,
                column,
                "a number",
                found,
                "store it as an integer, a decimal or a floating-point number",
            )),
        }
    }

    /// A mapped column of unit ids, with its type.
    pub(crate) fn unit_id(
        &self,
        field: &str,
        column: &str,
    ) -> Result<(Expression, &'a ColumnType), LowerError> {
        match self.mapped(field, column)? {
            found @ (ColumnType::Boolean | ColumnType::Date | ColumnType::Timestamp { .. }) => {
                Err(self.wrong_type(
                    field,
                    column,
                    "an id",
                    found,
                    "ids of units are integers, text or UUIDs",
                ))
            }
            found => Ok((Expression::column_of(self.name, column).of(found), found)),
        }
    }

    /// A mapped column of moments or days.
    pub(crate) fn time(&self, field: &str, column: &str) -> Result<TimeColumn, LowerError> {
        let found = self.mapped(field, column)?;
        let kind = match found {
            ColumnType::Date => TimeKind::Date,
            ColumnType::Timestamp { zoned: false } => TimeKind::Moment(MomentKind::Local),
            ColumnType::Timestamp { zoned: true } => TimeKind::Moment(MomentKind::Zoned),
            found => {
                return Err(self.wrong_type(
                    field,
                    column,
                    "a timestamp or a date",
                    found,
                    "convert it where the data are written: a text or a number does not say its format or its zone",
                ));
            }
        };
        Ok(TimeColumn {
            column: Expression::column(column).of(found),
            kind,
        })
    }

    /// The type of a column, where the table has it.
    pub(crate) fn kind(&self, column: &str) -> Option<&'a ColumnType> {
        self.columns.get(column)
    }

    /// The type of a dimension; `asker` is what names it, for people.
    pub(crate) fn dimension(&self, asker: &str, name: &str) -> Result<&'a ColumnType, LowerError> {
        let allowed = match self.dimensions {
            Some(dimensions) => dimensions.iter().any(|dimension| dimension == name),
            None => !self.mapped.contains(name),
        };
        let found = self.columns.get(name).filter(|_| allowed);
        found.ok_or_else(|| {
            let available =
                self.columns
                    .keys()
                    .map(String::as_str)
                    .filter(|column| match self.dimensions {
                        Some(dimensions) => dimensions.iter().any(|dimension| dimension == column),
                        None => !self.mapped.contains(column),
                    });
            LowerError::missing_dimension(asker, self.name, name, available)
        })
    }

    fn mapped(&self, field: &str, column: &str) -> Result<&'a ColumnType, LowerError> {
        self.columns.get(column).ok_or_else(|| {
            let available = self.columns.keys().map(String::as_str);
            LowerError::missing_mapped(field, self.name, column, available)
        })
    }

    fn wrong_type(
        &self,
        field: &str,
        column: &str,
        expected: &str,
        found: &ColumnType,
        help: &str,
    ) -> LowerError {
        LowerError::wrong_type(field, self.name, column, expected, found, help)
    }
}

/// A column of names as text, qualified by its table.
pub(crate) fn text_of(table: &str, column: &str, tables: &Tables) -> Expression {
    let name = Expression::column_of(table, column);
    let columns = tables.columns(table);
    match columns.and_then(|columns| columns.get(column)) {
        Some(kind @ ColumnType::Written(_)) => name.of(kind).cast(CastType::Text),
        _ => name.of(&ColumnType::Text),
    }
}

/// A column of moments or days.
#[derive(Debug, Clone)]
pub(crate) struct TimeColumn {
    /// The column as it is.
    pub(crate) column: Expression,
    /// What it holds.
    pub(crate) kind: TimeKind,
}

/// What a column of times holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeKind {
    /// Days, which stand for their midnights in UTC.
    Date,
    /// Moments.
    Moment(MomentKind),
}

impl TimeColumn {
    /// The column as moments of the given kind.
    pub(crate) fn as_moment(&self, wanted: MomentKind) -> Expression {
        let column = self.column.clone();
        match self.kind {
            TimeKind::Moment(kind) if kind == wanted => column,
            TimeKind::Moment(_) => column.cast(CastType::Moment(wanted)),
            TimeKind::Date => {
                let midnight = column.cast(CastType::Moment(MomentKind::Local));
                match wanted {
                    MomentKind::Local => midnight,
                    MomentKind::Zoned => midnight.cast(CastType::Moment(wanted)),
                }
            }
        }
    }
}
