//! Writing tables through the driver itself.

use std::collections::BTreeMap;
use std::sync::Mutex;

use adbc_core::options::{AdbcVersion, IngestMode, OptionStatement};
use adbc_core::{Connection as _, Database as _, Driver as _, LOAD_FLAG_DEFAULT, Statement as _};
use adbc_core::{Optionable as _, error};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use epstats_source::contract::batch;
use epstats_source::memory::{Cell, Table};
use epstats_source_adbc::Settings;

use crate::engine::{Engine, Fill, Writing};

/// Connections that are shared or kept, by driver.
static WRITERS: Mutex<BTreeMap<String, ManagedConnection>> = Mutex::new(BTreeMap::new());

/// Writes tables into a place of their own.
pub(crate) fn tables(engine: &Engine, place: &str, tables: &BTreeMap<String, Table>) {
    let settings = (engine.writer)(place);
    let mut connection = match engine.writing {
        Writing::Once => return write(engine, &mut connect(&settings).unwrap(), place, tables),
        Writing::Kept => connect(&settings).unwrap(),
        Writing::Shared => {
            let found = WRITERS.lock().unwrap().remove(&settings.driver);
            found.unwrap_or_else(|| connect(&settings).unwrap())
        }
    };
    write(engine, &mut connection, place, tables);
    let before = WRITERS.lock().unwrap().insert(settings.driver, connection);
    drop(before);
}

fn write(
    engine: &Engine,
    connection: &mut ManagedConnection,
    place: &str,
    tables: &BTreeMap<String, Table>,
) {
    for sql in (engine.begin)(place) {
        execute(connection, &sql);
    }
    for (name, table) in tables {
        let path = (engine.path)(place, name);
        let quoted: Vec<String> = path.iter().map(|part| engine.quoted(part)).collect();
        let quoted = quoted.join(".");
        let columns = table.columns.iter().map(|column| {
            let kind = (engine.types)(column.kind);
            format!("{} {kind}", engine.quoted(&column.name))
        });
        let columns: Vec<String> = columns.collect();
        let create = format!("CREATE TABLE {quoted} ({})", columns.join(", "));
        match engine.fill {
            Fill::View(literal) => {
                let name = engine.quoted(&path[path.len() - 1]);
                execute(connection, &view(engine, &name, table, literal));
            }
            Fill::Ingest => {
                execute(connection, &create);
                if !table.rows.is_empty() {
                    ingest(connection, &path, table);
                }
            }
            Fill::Values(literal) => {
                execute(connection, &create);
                for rows in table.rows.chunks(500) {
                    let sql = format!("INSERT INTO {quoted} VALUES {}", values(rows, literal));
                    execute(connection, &sql);
                }
            }
        }
    }
}

fn values(rows: &[Vec<Cell>], literal: fn(&Cell) -> String) -> String {
    let rows = rows.iter().map(|row| {
        let cells: Vec<String> = row.iter().map(literal).collect();
        format!("({})", cells.join(", "))
    });
    rows.collect::<Vec<String>>().join(",\n")
}

/// A view of Spark that has the rows in its text.
fn view(engine: &Engine, name: &str, table: &Table, literal: fn(&Cell) -> String) -> String {
    let columns = table.columns.iter().zip(1..).map(|(column, position)| {
        let value = match table.rows.is_empty() {
            true => "NULL".to_owned(),
            false => format!("col{position}"),
        };
        let kind = (engine.types)(column.kind);
        format!("CAST({value} AS {kind}) AS {}", engine.quoted(&column.name))
    });
    let columns: Vec<String> = columns.collect();
    let rows = match table.rows.is_empty() {
        true => "VALUES (0) WHERE FALSE".to_owned(),
        false => format!("VALUES {}", values(&table.rows, literal)),
    };
    format!(
        "CREATE GLOBAL TEMPORARY VIEW {name} AS SELECT {} FROM {rows}",
        columns.join(", ")
    )
}

/// A connection of the driver, without what the source does to it.
pub(crate) fn connect(settings: &Settings) -> error::Result<ManagedConnection> {
    let entrypoint = settings.entrypoint.as_deref().map(str::as_bytes);
    let version = AdbcVersion::V110;
    let driver = ManagedDriver::load_from_name(
        &settings.driver,
        entrypoint,
        version,
        LOAD_FLAG_DEFAULT,
        None,
    );
    // Threads of a driver may outlive the last connection.
    let driver = Box::leak(Box::new(driver?));
    let options = settings.options.iter();
    let options = options.map(|(name, value)| (name.as_str().into(), value.reveal().into()));
    driver.new_database_with_opts(options)?.new_connection()
}

pub(crate) fn execute(connection: &mut ManagedConnection, sql: &str) {
    let mut statement = connection.new_statement().unwrap();
    statement.set_sql_query(sql).unwrap();
    // Not every server takes statements that answer nothing.
    match statement.execute() {
        Ok(answer) => answer.for_each(|batch| drop(batch.unwrap())),
        Err(error) => panic!("{error}\n{sql}"),
    }
}

fn ingest(connection: &mut ManagedConnection, path: &[String], table: &Table) {
    let mut statement = connection.new_statement().unwrap();
    let [schema @ .., name] = path else {
        panic!("a path has a name");
    };
    let mut set = |option: OptionStatement, value: &str| {
        statement.set_option(option, value.into()).unwrap();
    };
    set(OptionStatement::TargetTable, name);
    if let [schema] = schema {
        set(OptionStatement::TargetDbSchema, schema);
    }
    let mode: String = IngestMode::Append.into();
    set(OptionStatement::IngestMode, &mode);
    statement.bind(batch(table, &table.rows)).unwrap();
    statement.execute_update().unwrap();
}
