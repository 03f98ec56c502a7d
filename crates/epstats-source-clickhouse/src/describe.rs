//! The columns of a table, as the server describes them.

use epstats_plan::{Cell, Columns};

use crate::kind::column_type;

/// The question for the columns of a table.
pub(crate) fn statement(path: &[&str]) -> String {
    let path: Vec<String> = path.iter().map(|part| quoted(part)).collect();
    format!("DESCRIBE TABLE {}", path.join("."))
}

/// A name in quotes. ClickHouse reads a backslash in them as the begin of an escape.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The answer: name, type, kind of default, and more. Ephemeral columns exist while rows are written only.
pub(crate) fn columns(rows: Vec<Vec<Cell>>) -> Columns {
    let columns = rows.into_iter().filter_map(|row| match row.as_slice() {
        [Cell::Text(_), Cell::Text(_), Cell::Text(default), ..] if default == "EPHEMERAL" => None,
        [Cell::Text(name), Cell::Text(kind), ..] => Some((name.clone(), column_type(kind))),
        _ => None,
    });
    columns.collect()
}
