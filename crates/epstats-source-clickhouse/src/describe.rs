//! The columns of tables, as the server describes them.

use std::collections::BTreeMap;

use epstats_plan::{Cell, Columns, Layout, TableNames, Tables};
use epstats_source::Refusal;
use epstats_source::sql::Database;

use crate::kind::column_type;

/// The columns of all tables of a layout.
pub(crate) async fn tables(
    database: &dyn Database,
    layout: &Layout,
    names: &TableNames,
) -> Result<Tables, Refusal> {
    let of_one = |table: String| async move {
        let path = names.path(&table);
        let columns = columns(database.rows(statement(&path)).await?);
        Ok::<_, Refusal>((table, columns))
    };
    let tables = table_names(layout).into_iter();
    let described = futures::future::try_join_all(tables.map(of_one)).await?;
    let tables: BTreeMap<String, Columns> = described.into_iter().collect();
    Ok(Tables::from(tables))
}

fn table_names(layout: &Layout) -> Vec<String> {
    match layout {
        Layout::Events {
            exposures, events, ..
        } if exposures.table == events.table => vec![events.table.clone()],
        Layout::Events {
            exposures, events, ..
        } => vec![exposures.table.clone(), events.table.clone()],
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => vec![table.table.clone()],
        Layout::AggGoals(table) => vec![table.table.clone()],
        Layout::Wide(table) => vec![table.table.clone()],
    }
}

fn statement(path: &[&str]) -> String {
    let path: Vec<String> = path.iter().map(|part| quoted(part)).collect();
    format!("DESCRIBE TABLE {}", path.join("."))
}

/// A name in quotes. ClickHouse reads a backslash in them as the begin of an escape.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Rows of name, type, kind of default, and more. Ephemeral columns exist while rows are written only.
fn columns(rows: Vec<Vec<Cell>>) -> Columns {
    let columns = rows.into_iter().filter_map(|row| match row.as_slice() {
        [Cell::Text(_), Cell::Text(_), Cell::Text(default), ..] if default == "EPHEMERAL" => None,
        [Cell::Text(name), Cell::Text(kind), ..] => Some((name.clone(), column_type(kind))),
        _ => None,
    });
    columns.collect()
}
