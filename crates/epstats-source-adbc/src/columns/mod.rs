//! What columns a table has, and of which type.
//!
//! Most drivers tell the types of an answer without rows. Where types get lost on the way the catalog is asked instead.

mod postgres;
mod sqlite;

use epstats_plan::{Cell, Columns, Dialect};
use epstats_source::arrow::columns as columns_of_schema;
use epstats_source::{FailureKind, Refusal};

use crate::pool::Lease;
use crate::run;

/// The columns of a table, by its path in the database.
pub(crate) fn look(lease: &mut Lease<'_>, path: &[String]) -> Result<Columns, Refusal> {
    let columns = match lease.settings.dialect {
        Dialect::Postgres => {
            let rows = run::rows(lease, &postgres::statement(path))?;
            postgres::columns(rows)
        }
        Dialect::Sqlite => {
            let rows = run::rows(lease, &sqlite::statement(path))?;
            sqlite::columns(rows)
        }
        other => {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let schema = run::schema(lease, &other.no_rows_of(&path));
            columns_of_schema(&*schema.map_err(|refusal| named(refusal, &path))?)
        }
    };
    if columns.is_empty() {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        return Err(no_table(&path));
    }
    Ok(columns)
}

/// A missing table with the name that it was asked by.
fn named(refusal: Refusal, path: &[&str]) -> Refusal {
    match refusal.kind() {
        FailureKind::NotFound => no_table(path),
        _ => refusal,
    }
}

fn no_table(path: &[&str]) -> Refusal {
    let message = format!("the database has no table `{}`", path.join("."));
    Refusal::new(FailureKind::NotFound, message)
        .help("name it with its schema where that is not the usual one; `table` of the definition says what the database calls it")
}

/// Two texts of a row.
fn two_texts(row: Vec<Cell>) -> Option<(String, String)> {
    let mut cells = row.into_iter();
    match (cells.next(), cells.next()) {
        (Some(Cell::Text(first)), Some(Cell::Text(second))) => Some((first, second)),
        _ => None,
    }
}
