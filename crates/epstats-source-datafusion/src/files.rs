//! The source over files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::prelude::SessionContext;
use epstats_plan::experiment::Statistics;
use epstats_plan::{Columns, Dialect, Layout, Plan, TableNames, Tables, together};
use epstats_source::sql::{self, Asked, Connect, Database, LookedAt, Rows, SqlSource};
use epstats_source::{FailureKind, Fetch, FetchMany, Probe, Refusal, Secret, Source};

use crate::failure::translate;
use crate::join::Join;
use crate::locate::{DataFile, FileTable, Located, locate};
use crate::place::store_url;
use crate::run;
use crate::session;
use crate::store::{Address, Connections, Kind, Stores, check_options};
use crate::table::{self, Reader};

/// Bounds of what an evaluation may use. The default is the machine's (or container's) memory
/// and the system's temporary folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Memory to stay within, in bytes; what does not fit is spilled to disk.
    pub memory_limit: Option<u64>,
    /// Folder to spill into; it must exist.
    pub spill_folder: Option<PathBuf>,
    /// Most bytes to spill.
    pub spill_limit: Option<u64>,
    /// Threads; `None` means one per core.
    pub threads: Option<usize>,
    /// Longest time that a fetch may take.
    pub time_limit: Option<Duration>,
    /// Options of the object stores that files are in, such as `aws_endpoint` or `azure_storage_account_name`. What they do not say is
    /// taken from the variables of the environment that have the same names in capitals.
    pub store: BTreeMap<String, Secret>,
}

/// How far a fetch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read of all files so far.
    pub rows_read: u64,
    /// Rows of all files, where the files tell.
    pub rows_total: Option<u64>,
}

/// Told a few times a second how far a fetch has come.
pub type ProgressReport = Arc<dyn Fn(Progress) + Send + Sync>;

/// Record batches in memory, beside or in place of files.
#[derive(Debug, Clone)]
pub struct BatchTable {
    /// Schema of all batches.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

/// Parquet, CSV or JSON lines as a source, and tables in memory.
pub struct FilesSource {
    name: String,
    layout: Layout,
    tables: BTreeMap<String, FileTable>,
    in_memory: BTreeMap<String, BatchTable>,
    names: TableNames,
    settings: Settings,
    connections: Connections,
    progress: Option<ProgressReport>,
}

impl FilesSource {
    /// A source called `name` whose layout's tables are the given files.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        layout: Layout,
        tables: BTreeMap<String, FileTable>,
    ) -> Self {
        FilesSource {
            name: name.into(),
            layout,
            tables,
            in_memory: BTreeMap::new(),
            names: TableNames::default(),
            settings: Settings::default(),
            connections: Connections::default(),
            progress: None,
        }
    }

    /// Adds a table in memory, under the name that the layout knows it by.
    #[must_use]
    pub fn with_batches(mut self, name: impl Into<String>, table: BatchTable) -> Self {
        self.in_memory.insert(name.into(), table);
        self
    }

    /// Bounds what a fetch may use.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self.connections = Connections::default();
        self
    }

    /// The bounds of what a fetch may use.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Has progress reported.
    #[must_use]
    pub fn with_progress(mut self, report: ProgressReport) -> Self {
        self.progress = Some(report);
        self
    }

    async fn answer(&self, plan: &Plan) -> Result<Statistics, Refusal> {
        let found = self.locate().await?;
        let pool = session::pool_size(&self.settings);
        let join = Join::choose(&self.layout, &found.files, pool);
        match self.answer_by(plan, &found, join).await {
            Err(refusal) if join == Join::Hash && refusal.kind() == FailureKind::OutOfMemory => {
                self.answer_by(plan, &found, Join::Sorted).await
            }
            answer => answer,
        }
    }

    async fn answer_by(
        &self,
        plan: &Plan,
        found: &Found<'_>,
        join: Join,
    ) -> Result<Statistics, Refusal> {
        let run = self.open(found, join).await?;
        let asked = Asked {
            database: &run,
            dialect: Dialect::DataFusion,
            layout: &self.layout,
            names: &self.names,
            tables: &run.tables,
        };
        asked.answer(plan).await
    }

    /// The answer, unless it takes longer than so many fetches may.
    async fn in_time<T>(
        &self,
        n_fetches: u32,
        answer: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let Some(limit) = self.settings.time_limit else {
            return answer.await;
        };
        let limit = limit.saturating_mul(n_fetches);
        tokio::time::timeout(limit, answer)
            .await
            .unwrap_or_else(|_| Err(too_slow(limit)))
    }

    /// The kinds of object stores that the paths name.
    fn kinds_of_stores(&self) -> Result<Vec<Kind>, Refusal> {
        let paths = self.tables.values().flat_map(|table| &table.paths);
        paths
            .filter_map(|path| Address::parse(path))
            .map(|address| Ok(address?.kind))
            .collect()
    }

    async fn locate(&self) -> Result<Found<'_>, Refusal> {
        check_options(&self.settings.store, &self.kinds_of_stores()?)?;
        let mut stores = Stores::new(&self.connections, &self.settings.store);
        let mut files = LocatedTables::new();
        for (name, table) in &self.tables {
            files.insert(name.clone(), locate(table, &mut stores).await?);
        }
        Ok(Found { files, stores })
    }

    async fn open(&self, found: &Found<'_>, join: Join) -> Result<Run<'_>, Refusal> {
        let session = session::open(&self.settings, join)?;
        for (number, store) in found.stores.all().enumerate() {
            session.register_object_store(&store_url(number), Arc::clone(store) as _);
        }
        let mut tables = BTreeMap::<String, Columns>::new();
        for (name, located) in &found.files {
            let columns =
                table::register(&session, name, located, &self.layout, Reader::Embedded).await?;
            tables.insert(name.clone(), columns);
        }
        for (name, table) in &self.in_memory {
            let columns = table::register_batches(&session, name, table)?;
            tables.insert(name.clone(), columns);
        }
        let files = found.files.values();
        Ok(Run {
            session,
            tables: Tables::from(tables),
            files: files
                .flat_map(|located| located.files.iter().cloned())
                .collect(),
            progress: self.progress.as_ref(),
        })
    }
}

/// The files of every table of the layout, by its name.
pub(crate) type LocatedTables = BTreeMap<String, Located>;

/// The files of every table, and the stores they are in.
struct Found<'a> {
    files: LocatedTables,
    stores: Stores<'a>,
}

/// One evaluation under way.
struct Run<'a> {
    session: SessionContext,
    tables: Tables,
    files: Vec<DataFile>,
    progress: Option<&'a ProgressReport>,
}

impl Database for Run<'_> {
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move {
            let answer = run::rows(&self.session, &sql, self.progress).await;
            answer.map_err(|error| translate(error, &self.files))
        })
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        sql::columns_of_files(&self.tables, path)
    }
}

impl SqlSource for FilesSource {
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
            let found = self.locate().await?;
            let run = self.open(&found, Join::Hash).await?;
            Ok(Box::new(run) as Box<dyn Database + '_>)
        })
    }
}

impl Source for FilesSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Are the files there?
    fn probe(&self) -> Probe<'_> {
        Box::pin(async {
            let found = self.locate().await;
            found.map(|_| ()).map_err(|refusal| refusal.of(&self.name))
        })
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move {
            let answer = self.in_time(1, self.answer(plan)).await;
            answer.map_err(|refusal| refusal.of(&self.name))
        })
    }

    fn together(&self, plans: &[Plan]) -> Vec<Vec<usize>> {
        together(plans, &self.layout)
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(async move {
            let n_plans = u32::try_from(plans.len()).unwrap_or(u32::MAX);
            let answers = async { Ok(sql::fetch_many(self, plans).await) };
            self.in_time(n_plans, answers)
                .await
                .unwrap_or_else(|refusal| vec![Err(refusal.of(&self.name)); plans.len()])
        })
    }
}

fn too_slow(limit: Duration) -> Refusal {
    Refusal::new(
        FailureKind::TimedOut,
        format!("there was no answer within {} seconds", limit.as_secs_f64()),
    )
    .help("allow more time, or ask for fewer days or files")
}
