//! SQL text: one file per dialect.

mod datafusion;
mod duckdb;
mod postgres;
mod print;
mod rewrite;
mod sqlite;

use std::fmt;
use std::str::FromStr;

use crate::{Query, TableNames};
use datafusion::DataFusion;
use duckdb::DuckDb;
use postgres::Postgres;
use print::{Printer, Speech};
use sqlite::Sqlite;

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
}

impl Dialect {
    /// Every dialect, for tables and documentation.
    pub const ALL: &'static [Dialect] = &[
        Dialect::DataFusion,
        Dialect::Postgres,
        Dialect::DuckDb,
        Dialect::Sqlite,
    ];

    /// The word for it in definitions and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::DataFusion => "datafusion",
            Dialect::Postgres => "postgres",
            Dialect::DuckDb => "duckdb",
            Dialect::Sqlite => "sqlite",
        }
    }

    /// Prints a query, indented for people. Names and texts of users are quoted here and nowhere else.
    #[must_use]
    pub fn render(self, query: &Query, names: &TableNames) -> String {
        let speech = self.speech();
        Printer::print(speech, &speech.prepare(query.clone()), names)
    }

    /// The path of a table, quoted as in [`Dialect::render`].
    #[must_use]
    pub fn path(self, path: &[&str]) -> String {
        let names = path.iter().map(|name| self.speech().name(name));
        names.collect::<Vec<_>>().join(".")
    }

    fn speech(self) -> &'static dyn Speech {
        match self {
            Dialect::DataFusion => &DataFusion,
            Dialect::Postgres => &Postgres,
            Dialect::DuckDb => &DuckDb,
            Dialect::Sqlite => &Sqlite,
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
