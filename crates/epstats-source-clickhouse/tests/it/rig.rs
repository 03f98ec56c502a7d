//! Sources over tables of tests.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{Rig, batch};
use epstats_source::memory::{Kind, Table};
use epstats_source::{Source, SourceError};
use epstats_source_clickhouse::{ClickHouseSource, Settings};
use futures::future::BoxFuture;

use crate::server::Server;

/// Writes the tables of a case into a database of its own.
pub(crate) struct ClickHouse {
    server: Server,
}

/// Spreads the rows of a case over two shards, with tables that read both: the shards are in the same process, and the server splits and joins
/// a question as it does for any `Distributed` table.
pub(crate) struct Cluster {
    server: Server,
}

impl ClickHouse {
    pub(crate) fn new() -> Self {
        ClickHouse {
            server: Server::shared(),
        }
    }

    /// A source over tables that are written for it.
    pub(crate) async fn source(
        &self,
        layout: &Layout,
        tables: &BTreeMap<String, Table>,
    ) -> Result<ClickHouseSource, SourceError> {
        let database = self.server.database().await;
        for (name, table) in tables {
            write(&self.server, &database, name, table).await;
        }
        open(&self.server, layout, database)
    }
}

impl Cluster {
    pub(crate) fn new() -> Self {
        Cluster {
            server: Server::shared(),
        }
    }
}

impl Rig for ClickHouse {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let source = self.source(layout, tables).await?;
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

impl Rig for Cluster {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let rows = self.server.database().await;
            let shard = self.server.database().await;
            let database = self.server.database().await;
            for (name, table) in tables {
                write(&self.server, &rows, name, table).await;
                let table = quoted(name);
                let argument = name.replace('\\', "\\\\").replace('\'', "\\'");
                for statement in [
                    format!(
                        "CREATE VIEW {shard}.{table} AS SELECT * FROM {rows}.{table} WHERE cityHash64(toString(tuple(*))) % 2 = shardNum() - 1"
                    ),
                    format!(
                        "CREATE TABLE {database}.{table} AS remote('127.0.0.1,127.0.0.1', '{shard}', '{argument}')"
                    ),
                ] {
                    self.server.run(&statement).await;
                }
            }
            let source = open(&self.server, layout, database)?;
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

fn open(
    server: &Server,
    layout: &Layout,
    database: String,
) -> Result<ClickHouseSource, SourceError> {
    let settings = Settings {
        database: Some(database),
        // Cases have a few rows, which threads would spend more time on sharing than on reading.
        settings: [("max_threads".to_owned(), "1".to_owned())].into(),
        ..settings(server)
    };
    ClickHouseSource::new("clickhouse", layout.clone(), settings)
}

/// What a source needs to know of a server.
pub(crate) fn settings(server: &Server) -> Settings {
    Settings {
        urls: vec![server.url.as_str().into()],
        ..Settings::default()
    }
}

async fn write(server: &Server, database: &str, name: &str, table: &Table) {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} Nullable({})", quoted(&column.name), kind(column.kind)))
        .collect();
    let path = format!("{database}.{}", quoted(name));
    let statement = format!(
        "CREATE TABLE {path} ({}) ENGINE = Memory",
        columns.join(", ")
    );
    server.run(&statement).await;
    server.insert(&path, &batch(table, &table.rows)).await;
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "Int64",
        Kind::Number => "Float64",
        Kind::Text => "String",
        Kind::Boolean => "Bool",
        Kind::Date => "Date32",
        Kind::Timestamp => "DateTime64(9, 'Asia/Tokyo')",
    }
}

/// A name in backticks.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}
