//! Evaluation by SQL: which statements answer a plan, and what their rows tell. Every source that speaks SQL answers through here.

mod answer;
mod sums;

use epstats_plan::{Cell, Dialect, Layout, TableNames, Tables};
use futures::future::BoxFuture;

use crate::Refusal;

/// The rows of an answer, still under way.
pub type Rows<'a> = BoxFuture<'a, Result<Vec<Vec<Cell>>, Refusal>>;

/// A database, or a session of one, that answers statements.
pub trait Database: Send + Sync {
    /// Runs one `SELECT` to its end; dropping the future stops it, where the database can.
    ///
    /// Whole numbers arrive as [`Cell::Integer`], all other numbers as [`Cell::Number`]. A text of digits that stands for a decimal number
    /// is a number.
    fn rows(&self, sql: String) -> Rows<'_>;
}

/// A layout in a database.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What runs the statements.
    pub database: &'a dyn Database,
    /// The SQL it speaks.
    pub dialect: Dialect,
    /// What a row is and how its columns are called.
    pub layout: &'a Layout,
    /// What the database calls the tables of the layout.
    pub names: &'a TableNames,
    /// The columns of these tables.
    pub tables: &'a Tables,
}
