//! SQL text: one file per dialect.

mod bigquery;
mod clickhouse;
mod datafusion;
mod duckdb;
mod mssql;
mod mysql;
mod postgres;
mod print;
mod redshift;
mod rewrite;
mod snowflake;
mod spark;
mod sqlite;
mod trino;

use std::fmt;
use std::str::FromStr;

use crate::{Query, TableNames};
use bigquery::BigQuery;
use clickhouse::ClickHouse;
use datafusion::DataFusion;
use duckdb::DuckDb;
use mssql::SqlServer;
use mysql::MySql;
use postgres::Postgres;
use print::{Printer, Speech};
use redshift::Redshift;
use snowflake::Snowflake;
use spark::Spark;
use sqlite::Sqlite;
use trino::Trino;

/// The databases whose SQL is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// The embedded engine, and clusters of it.
    DataFusion,
    /// PostgreSQL.
    Postgres,
    /// DuckDB.
    DuckDb,
    /// SQLite.
    Sqlite,
    /// ClickHouse.
    ClickHouse,
    /// Apache Spark.
    Spark,
    /// Databricks SQL.
    Databricks,
    /// Snowflake.
    Snowflake,
    /// Google BigQuery.
    BigQuery,
    /// Amazon Redshift.
    Redshift,
    /// Trino and Amazon Athena.
    Trino,
    /// Microsoft SQL Server.
    SqlServer,
    /// MySQL.
    MySql,
}

impl Dialect {
    /// Every dialect, for tables and documentation.
    pub const ALL: &'static [Dialect] = &[
        Dialect::DataFusion,
        Dialect::Postgres,
        Dialect::DuckDb,
        Dialect::Sqlite,
        Dialect::ClickHouse,
        Dialect::Spark,
        Dialect::Databricks,
        Dialect::Snowflake,
        Dialect::BigQuery,
        Dialect::Redshift,
        Dialect::Trino,
        Dialect::SqlServer,
        Dialect::MySql,
    ];

    /// The word for it in definitions and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::DataFusion => "datafusion",
            Dialect::Postgres => "postgres",
            Dialect::DuckDb => "duckdb",
            Dialect::Sqlite => "sqlite",
            Dialect::ClickHouse => "clickhouse",
            Dialect::Spark => "spark",
            Dialect::Databricks => "databricks",
            Dialect::Snowflake => "snowflake",
            Dialect::BigQuery => "bigquery",
            Dialect::Redshift => "redshift",
            Dialect::Trino => "trino",
            Dialect::SqlServer => "mssql",
            Dialect::MySql => "mysql",
        }
    }

    /// Prints a query, indented for people. Names and texts of users are quoted here and nowhere else.
    #[must_use]
    pub fn render(self, query: &Query, names: &TableNames) -> String {
        let speech = self.speech();
        Printer::print(speech, &speech.prepare(query.clone()), names)
    }

    /// A statement that answers all columns of a table and no row. A path is what stands between the dots.
    #[must_use]
    pub fn no_rows_of(self, path: &[&str]) -> String {
        let path: Vec<String> = path.iter().map(|part| self.speech().name(part)).collect();
        format!("SELECT * FROM {} WHERE 1 = 0", path.join("."))
    }

    fn speech(self) -> &'static dyn Speech {
        match self {
            Dialect::DataFusion => &DataFusion,
            Dialect::Postgres => &Postgres,
            Dialect::DuckDb => &DuckDb,
            Dialect::Sqlite => &Sqlite,
            Dialect::ClickHouse => &ClickHouse,
            Dialect::Spark | Dialect::Databricks => &Spark,
            Dialect::Snowflake => &Snowflake,
            Dialect::BigQuery => &BigQuery,
            Dialect::Redshift => &Redshift,
            Dialect::Trino => &Trino,
            Dialect::SqlServer => &SqlServer,
            Dialect::MySql => &MySql,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(word: &str) -> Result<Self, UnknownDialect> {
        let known = Dialect::ALL.iter().find(|dialect| dialect.as_str() == word);
        known
            .copied()
            .ok_or_else(|| UnknownDialect(word.to_owned()))
    }
}

/// No dialect is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no dialect `{0}`")]
pub struct UnknownDialect(pub String);
