//! SQL text: one file per dialect.

pub mod datafusion;

use std::fmt;
use std::str::FromStr;

use crate::{Query, TableNames};

/// The databases whose SQL is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// The embedded engine, and clusters of it.
    DataFusion,
}

impl Dialect {
    /// Every dialect, for tables and documentation.
    pub const ALL: &'static [Dialect] = &[Dialect::DataFusion];

    /// The word for it in definitions and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::DataFusion => "datafusion",
        }
    }

    /// Prints a query, indented for people. Names and texts of users are quoted here and nowhere else.
    #[must_use]
    pub fn render(self, query: &Query, names: &TableNames) -> String {
        match self {
            Dialect::DataFusion => datafusion::render(query, names),
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
