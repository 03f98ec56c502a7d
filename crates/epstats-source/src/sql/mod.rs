//! Evaluation by SQL: which statements answer a plan, and what their rows tell. Every source that speaks SQL answers through here.

mod answer;
mod look;
mod many;
mod sums;

use std::collections::BTreeMap;

use epstats_experiment::Statistics;
use epstats_plan::{Cell, Columns, Dialect, Layout, Plan, TableNames, Tables};
use futures::future::BoxFuture;

use crate::{FailureKind, Refusal, Source, SourceError};
pub use look::{Finding, Look, TableLook, look};
pub use many::fetch_many;

/// The rows of an answer, still under way.
pub type Rows<'a> = BoxFuture<'a, Result<Vec<Vec<Cell>>, Refusal>>;

/// The columns of a table, still being looked at.
pub type LookedAt<'a> = BoxFuture<'a, Result<Columns, Refusal>>;

/// A session of a database that answers statements.
pub trait Database: Send + Sync {
    /// Runs one `SELECT` to its end; dropping the future stops it, where the database can.
    ///
    /// Whole numbers arrive as [`Cell::Integer`], all other numbers as [`Cell::Number`]. A text of digits that stands for a decimal number
    /// is a number.
    fn rows(&self, sql: String) -> Rows<'_>;

    /// The columns of a table, by its path in the database.
    ///
    /// A table that is not there is a [`NotFound`](crate::FailureKind::NotFound) that names it.
    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a>;
}

/// A session, still being opened.
pub type Connect<'a> = BoxFuture<'a, Result<Box<dyn Database + 'a>, Refusal>>;

/// Nothing of a source runs any more, some time.
pub type Idle<'a> = BoxFuture<'a, ()>;

/// A source whose questions are SQL.
pub trait SqlSource: Source {
    /// The SQL that it speaks.
    fn dialect(&self) -> Dialect;

    /// What a row is and how its columns are called.
    fn layout(&self) -> &Layout;

    /// What its database calls the tables of the layout.
    fn table_names(&self) -> &TableNames;

    /// Opens a session.
    fn connect(&self) -> Connect<'_>;

    /// Waits until nothing runs any more on the server, of what nobody waits for either. A program that ends before has not told the server, which
    /// may notice late or never. It may take as long as a query; who asks sets a limit.
    fn idle(&self) -> Idle<'_> {
        Box::pin(std::future::ready(()))
    }
}

/// The columns of one of a session's files, for [`Database::columns`] of engines that look at them when the session is opened.
#[must_use]
pub fn columns_of_files<'a>(tables: &Tables, path: &[&str]) -> LookedAt<'a> {
    let name = path.join(".");
    let columns = tables.columns(&name).cloned();
    let columns = columns.ok_or_else(|| {
        let message = format!("there are no files for the table `{name}`");
        Refusal::new(FailureKind::NotFound, message)
    });
    Box::pin(std::future::ready(columns))
}

/// The columns of the tables of a layout.
///
/// # Errors
///
/// [`Refusal`] of the database; a table that is not there is one.
async fn look_at_tables(
    database: &dyn Database,
    layout: &Layout,
    names: &TableNames,
) -> Result<Tables, Refusal> {
    let mut tables = BTreeMap::new();
    for table in layout.tables() {
        let columns = database.columns(&names.path(table)).await?;
        tables.insert(table.to_owned(), columns);
    }
    Ok(Tables::from(tables))
}

/// The texts of the statements that answer a plan: that of all moments or sums, and one for each goal whose quantiles are asked for.
///
/// They are in the dialect of the source, or in another that is wanted. Where the plan names no variants, the data are asked for them.
///
/// # Errors
///
/// [`SourceError`] where the tables cannot be looked at, or cannot answer the plan.
pub async fn statements(
    source: &dyn SqlSource,
    plan: &Plan,
    wanted: Option<Dialect>,
) -> Result<Vec<String>, SourceError> {
    let statements = async {
        let opened = Opened::of(source).await?;
        opened.asked().statements(plan, wanted).await
    };
    statements
        .await
        .map_err(|refusal: Refusal| refusal.of(source.name()))
}

/// Answers a plan in a session of its own; for sources that must look at their tables first.
///
/// # Errors
///
/// [`SourceError`] of the database, or because the layout cannot answer the plan.
pub async fn fetch(source: &dyn SqlSource, plan: &Plan) -> Result<Statistics, SourceError> {
    let answer = async {
        let opened = Opened::of(source).await?;
        opened.asked().answer(plan).await
    };
    answer
        .await
        .map_err(|refusal: Refusal| refusal.of(source.name()))
}

/// A session of a source, with the columns of its tables.
struct Opened<'a> {
    source: &'a dyn SqlSource,
    database: Box<dyn Database + 'a>,
    tables: Tables,
}

impl<'a> Opened<'a> {
    async fn of(source: &'a dyn SqlSource) -> Result<Opened<'a>, Refusal> {
        let database = source.connect().await?;
        let names = source.table_names();
        let tables = look_at_tables(database.as_ref(), source.layout(), names).await?;
        Ok(Opened {
            source,
            database,
            tables,
        })
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            database: self.database.as_ref(),
            dialect: self.source.dialect(),
            layout: self.source.layout(),
            names: self.source.table_names(),
            tables: &self.tables,
        }
    }
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
