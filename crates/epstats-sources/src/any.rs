//! A source of any engine.

use epstats_plan::{Dialect, Layout, Plan, TableNames, together};
use epstats_source::sql::{Connect, Idle, SqlSource};
use epstats_source::{Fetch, FetchMany, Probe, Source};
use epstats_source_datafusion::{BatchTable, FilesSource, ProgressReport};

/// A source of any engine, opened.
pub enum AnySource {
    /// Files, read by the embedded engine.
    Files(Box<FilesSource>),
    /// Anything else that answers SQL.
    Database(Box<dyn SqlSource>),
}

impl AnySource {
    /// Has progress reported, where the engine tells it.
    #[must_use]
    pub fn with_progress(self, report: ProgressReport) -> Self {
        match self {
            AnySource::Files(files) => AnySource::Files(Box::new(files.with_progress(report))),
            AnySource::Database(database) => AnySource::Database(database),
        }
    }

    /// Adds tables in memory under the names that the layout knows them by; for files only, other engines have no place for them.
    #[must_use]
    pub fn with_batches(self, tables: impl IntoIterator<Item = (String, BatchTable)>) -> Self {
        match self {
            AnySource::Files(files) => {
                let add = |files: FilesSource, (name, table)| files.with_batches(name, table);
                AnySource::Files(Box::new(tables.into_iter().fold(*files, add)))
            }
            AnySource::Database(database) => AnySource::Database(database),
        }
    }

    /// The source as one that answers SQL.
    #[must_use]
    pub fn as_sql(&self) -> &dyn SqlSource {
        match self {
            AnySource::Files(files) => files.as_ref(),
            AnySource::Database(database) => database.as_ref(),
        }
    }
}

impl Source for AnySource {
    fn name(&self) -> &str {
        self.as_sql().name()
    }

    fn probe(&self) -> Probe<'_> {
        self.as_sql().probe()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        self.as_sql().fetch(plan)
    }

    fn together(&self, plans: &[Plan]) -> Vec<Vec<usize>> {
        together(plans, self.layout())
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        self.as_sql().fetch_many(plans)
    }
}

impl SqlSource for AnySource {
    fn dialect(&self) -> Dialect {
        self.as_sql().dialect()
    }

    fn layout(&self) -> &Layout {
        self.as_sql().layout()
    }

    fn table_names(&self) -> &TableNames {
        self.as_sql().table_names()
    }

    fn connect(&self) -> Connect<'_> {
        self.as_sql().connect()
    }

    fn idle(&self) -> Idle<'_> {
        self.as_sql().idle()
    }
}
