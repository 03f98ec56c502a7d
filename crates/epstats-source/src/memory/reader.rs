//! Finding the tables and columns that a layout names, and saying what is wrong with them.

use std::collections::BTreeMap;

use super::table::{Cell, Kind, Table};
use crate::{FailureKind, SourceError};

/// Types that hold names.
pub(super) const NAME: &[Kind] = &[Kind::Text];
/// Types that hold ids of units.
pub(super) const ID: &[Kind] = &[Kind::Integer, Kind::Text];
/// Types that hold amounts.
pub(super) const AMOUNT: &[Kind] = &[Kind::Integer, Kind::Number];
/// Types that hold moments.
pub(super) const MOMENT: &[Kind] = &[Kind::Timestamp, Kind::Date];

/// One table of a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'t> {
    source: &'t str,
    /// Name of the table.
    pub(crate) name: &'t str,
    /// The table itself.
    pub(crate) table: &'t Table,
}

impl<'t> Reader<'t> {
    /// Finds a table and looks whether its rows fit its columns.
    pub(super) fn open(
        source: &'t str,
        tables: &'t BTreeMap<String, Table>,
        name: &'t str,
    ) -> Result<Self, SourceError> {
        let Some(table) = tables.get(name) else {
            return Err(SourceError {
                kind: FailureKind::NotFound,
                source_name: source.to_owned(),
                message: format!("there is no table `{name}`"),
                help: Some(available("the tables", tables.keys())),
                cause: None,
            });
        };
        let reader = Reader {
            source,
            name,
            table,
        };
        for (position, row) in table.rows.iter().enumerate() {
            reader.check_row(position, row)?;
        }
        Ok(reader)
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &'t [Cell]> + use<'t> {
        self.table.rows.iter().map(Vec::as_slice)
    }

    /// The place of a column that the mapping names.
    pub(super) fn column(&self, name: &str, expected: &[Kind]) -> Result<usize, SourceError> {
        let Some(position) = self.table.position(name) else {
            return Err(self.failure(
                FailureKind::MissingColumn,
                format!("table `{}` has no column `{name}`", self.name),
                Some(available(
                    "its columns",
                    self.table.columns.iter().map(|column| &column.name),
                )),
            ));
        };
        let kind = self.kind(position);
        if expected.contains(&kind) {
            return Ok(position);
        }
        let expected: Vec<String> = expected.iter().map(Kind::to_string).collect();
        Err(self.failure(
            FailureKind::WrongType,
            format!(
                "column `{name}` of table `{}` holds {kind}, expected {}",
                self.name,
                expected.join(" or ")
            ),
            Some("name another column, or convert this one".to_owned()),
        ))
    }

    /// The place of a column that a filter names: one of those listed or, without a list, any that is not mapped.
    pub(super) fn dimension(
        &self,
        name: &str,
        listed: Option<&[String]>,
        mapped: &[&str],
    ) -> Result<usize, SourceError> {
        let may_be_named = |column: &str| match listed {
            Some(listed) => listed.iter().any(|dimension| dimension == column),
            None => !mapped.contains(&column),
        };
        match self.table.position(name) {
            Some(position) if may_be_named(name) => Ok(position),
            _ => Err(self.failure(
                FailureKind::MissingColumn,
                format!("table `{}` has no dimension `{name}`", self.name),
                Some(available(
                    "its dimensions",
                    self.table
                        .columns
                        .iter()
                        .map(|column| &column.name)
                        .filter(|column| may_be_named(column)),
                )),
            )),
        }
    }

    /// The type of a column.
    pub(crate) fn kind(&self, position: usize) -> Kind {
        self.table.columns[position].kind
    }

    /// The name of a column.
    pub(super) fn column_name(&self, position: usize) -> &'t str {
        &self.table.columns[position].name
    }

    /// A refusal that concerns this table.
    pub(super) fn failure(
        &self,
        kind: FailureKind,
        message: String,
        help: Option<String>,
    ) -> SourceError {
        SourceError {
            kind,
            source_name: self.source.to_owned(),
            message,
            help,
            cause: None,
        }
    }

    /// The refusal of a column with NaN or infinite values.
    pub(super) fn not_finite(&self, column: usize, n_rows: u64) -> SourceError {
        let rows = if n_rows == 1 { "row" } else { "rows" };
        self.failure(
            FailureKind::BadValues,
            format!(
                "column `{}` of table `{}` is NaN or infinite in {n_rows} {rows}",
                self.column_name(column),
                self.name
            ),
            Some("repair these rows or leave them out".to_owned()),
        )
    }

    fn check_row(&self, position: usize, row: &[Cell]) -> Result<(), SourceError> {
        let columns = &self.table.columns;
        if row.len() != columns.len() {
            return Err(self.failure(
                FailureKind::Corrupt,
                format!(
                    "row {} of table `{}` has {} cells, expected {}",
                    position + 1,
                    self.name,
                    row.len(),
                    columns.len()
                ),
                None,
            ));
        }
        for (cell, column) in row.iter().zip(columns) {
            if cell.kind().is_some_and(|kind| kind != column.kind) {
                return Err(self.failure(
                    FailureKind::Corrupt,
                    format!(
                        "row {} of table `{}` does not hold {} in column `{}`",
                        position + 1,
                        self.name,
                        column.kind,
                        column.name
                    ),
                    None,
                ));
            }
        }
        Ok(())
    }
}

fn available<'n>(what: &str, names: impl Iterator<Item = &'n String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        format!("{what} are none")
    } else {
        format!("{what} are {}", names.join(", "))
    }
}
