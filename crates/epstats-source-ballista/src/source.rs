//! The source over files that a cluster reads.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use datafusion::prelude::SessionContext;
use epstats_plan::{Cell, Dialect, Layout, Plan, TableNames, Tables};
use epstats_source::sql::{self, Connect, Database, Idle, LookedAt, Rows, SqlSource};
use epstats_source::{FailureKind, Fetch, FetchMany, Probe, Refusal, Source};
use epstats_source_datafusion::{FileTable, SharedFiles};
use tokio_util::task::TaskTracker;

use crate::scheduler::Scheduler;
use crate::{job, session};

/// How a cluster is reached, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address of the scheduler: `http://host:port` or `df://host:port`. Without a port it is 50050.
    pub url: String,
    /// Longest time that a fetch may take; `None` means as long as it takes.
    pub time_limit: Option<Duration>,
    /// How long a statement waits while the cluster has no executor at all, until it is given up.
    pub executor_wait: Duration,
    /// Into how many parts rows are dealt between the steps of a statement, and so how many tasks of a step can run at a time. About the
    /// cores of all executors together.
    pub partitions: usize,
}

impl Settings {
    /// A scheduler at this address: no time limit, a minute's wait for executors, 16 parts.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Settings {
            url: url.into(),
            time_limit: None,
            executor_wait: Duration::from_secs(60),
            partitions: 16,
        }
    }
}

/// Parquet, CSV or JSON lines as a source, read by a cluster.
pub struct BallistaSource {
    name: String,
    layout: Layout,
    tables: BTreeMap<String, FileTable>,
    names: TableNames,
    settings: Settings,
    /// Jobs that nobody waits for, being ended on the cluster.
    ending: TaskTracker,
}

impl BallistaSource {
    /// A source called `name` whose layout's tables are the given files, which this machine and all executors see under the same paths.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        layout: Layout,
        tables: BTreeMap<String, FileTable>,
        settings: Settings,
    ) -> Self {
        let plain = plain_names(tables.keys());
        let called = |table: &str| plain.get(table).map_or(table, String::as_str).to_owned();
        BallistaSource {
            name: name.into(),
            layout: layout.with_tables_called(called),
            tables: tables
                .into_iter()
                .map(|(name, table)| (called(&name), table))
                .collect(),
            names: TableNames::default(),
            settings,
            ending: TaskTracker::new(),
        }
    }

    /// How the cluster is reached.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    async fn open(&self) -> Result<Run<'_>, Refusal> {
        let scheduler = Scheduler::at(&self.settings.url)?;
        let files = SharedFiles::locate(&self.tables).await?;
        let session = session::open(&scheduler, self.settings.partitions)
            .map_err(|error| files.refusal(error))?;
        Ok(Run {
            tables: files.register(&session, &self.layout).await?,
            session,
            scheduler,
            files,
            settings: &self.settings,
            ending: &self.ending,
        })
    }

    async fn look(&self) -> Result<(), Refusal> {
        SharedFiles::locate(&self.tables).await?;
        let scheduler = Scheduler::at(&self.settings.url)?;
        match scheduler.executors().await? {
            Some(0) => Err(no_executor(&scheduler, FailureKind::Unreachable)),
            _ => Ok(()),
        }
    }
}

/// One evaluation under way.
struct Run<'a> {
    session: SessionContext,
    scheduler: Scheduler,
    tables: Tables,
    files: SharedFiles,
    settings: &'a Settings,
    ending: &'a TaskTracker,
}

impl Run<'_> {
    async fn run(&self, sql: &str) -> Result<Vec<Vec<Cell>>, Refusal> {
        tokio::select! {
            rows = job::rows(&self.session, &self.scheduler, sql, &self.files, self.ending) => rows,
            () = self.scheduler.without_executors(self.settings.executor_wait) => {
                Err(no_executor(&self.scheduler, FailureKind::TimedOut))
            }
        }
    }
}

impl Database for Run<'_> {
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move { self.run(&sql).await })
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        sql::columns_of_files(&self.tables, path)
    }
}

impl SqlSource for BallistaSource {
    fn dialect(&self) -> Dialect {
        Dialect::DataFusion
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn table_names(&self) -> &TableNames {
        &self.names
    }

    fn connect(&self) -> Connect<'_> {
        Box::pin(async move {
            let run = self.open().await?;
            Ok(Box::new(run) as Box<dyn Database + '_>)
        })
    }

    fn idle(&self) -> Idle<'_> {
        self.ending.close();
        Box::pin(self.ending.wait())
    }
}

impl Source for BallistaSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Are the files there, does the scheduler answer, and has it an executor?
    fn probe(&self) -> Probe<'_> {
        Box::pin(async move { self.look().await.map_err(|refusal| refusal.of(&self.name)) })
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move {
            let answer = sql::fetch(self, plan);
            match self.settings.time_limit {
                None => answer.await,
                Some(limit) => tokio::time::timeout(limit, answer)
                    .await
                    .unwrap_or_else(|_| Err(too_slow(limit).of(&self.name))),
            }
        })
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(sql::fetch_many(self, plans))
    }
}

/// For each table a name of its own that means the same with quotes and without: plans lose the quotes around the names of tables on their
/// way to the scheduler (seen in Ballista 55).
fn plain_names<'a>(tables: impl Iterator<Item = &'a String>) -> BTreeMap<String, String> {
    let mut plain = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for table in tables {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let mut name = table.replace(|letter| !is_plain(letter), "_");
        // A changed name must not become that of a step of the statement.
        if name != *table || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            name.insert_str(0, "table_");
        }
        while !taken.insert(name.to_lowercase()) {
            name.push('_');
        }
        plain.insert(table.clone(), name);
    }
    plain
}

fn too_slow(limit: Duration) -> Refusal {
    Refusal::new(
        FailureKind::TimedOut,
        format!("there was no answer within {} seconds", limit.as_secs_f64()),
    )
    .help("allow more time, add executors to the cluster, or ask for fewer days or files")
}

fn no_executor(scheduler: &Scheduler, kind: FailureKind) -> Refusal {
    Refusal::new(
        kind,
        format!("the cluster at `{scheduler}` has no executor, so nothing runs"),
    )
    .help("start executors that register with this scheduler")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_plain_name_of_its_own() {
        let tables = [
            "Events",
            "a.b",
            "a_b",
            "A-b",
            "/* comment */",
            "1",
            "\u{e9}v\u{e9}nements",
        ];
        let tables = tables.map(str::to_owned);
        let plain = plain_names(tables.iter());
        let names = tables.each_ref().map(|table| plain[table].as_str());
        assert_eq!(
            names,
            [
                "Events",
                "table_a_b",
                "a_b",
                "table_A_b_",
                "table____comment___",
                "table_1",
                "table__v_nements"
            ]
        );
    }
}
