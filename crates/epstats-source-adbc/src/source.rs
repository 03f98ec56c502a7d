//! The source over a database with an ADBC driver.

use std::time::{Duration, Instant};

use epstats_plan::{Dialect, Layout, Plan, TableNames};
use epstats_source::sql::{self, Connect, Database, Idle, LookedAt, Rows, SqlSource};
use epstats_source::{FailureKind, Fetch, FetchMany, Probe, Refusal, Source};

use crate::pool::{Lease, Pool};
use crate::{Settings, columns, run};

/// Tables of a database as a source: the database sums, moments travel.
///
/// ```no_run
/// # use epstats_plan::{Dialect, Layout, Plan};
/// # use epstats_source::{Source, SourceError};
/// use epstats_source_adbc::{AdbcSource, Settings};
/// # async fn example(layout: Layout, plan: &Plan) -> Result<(), SourceError> {
/// let mut settings = Settings::new("/opt/drivers/libadbc_driver_postgresql.so", Dialect::Postgres);
/// settings.options.insert("uri".to_owned(), "postgresql://epstats@db.example/shop".into());
/// let source = AdbcSource::new("shop", layout, settings);
/// let statistics = source.fetch(plan).await?;
/// # Ok(()) }
/// ```
pub struct AdbcSource {
    name: String,
    layout: Layout,
    names: TableNames,
    pool: Pool,
}

impl AdbcSource {
    /// A source called `name`. Driver and database are looked for when it is asked.
    #[must_use]
    pub fn new(name: impl Into<String>, layout: Layout, settings: Settings) -> Self {
        AdbcSource {
            name: name.into(),
            layout,
            names: TableNames::default(),
            pool: Pool::new(settings),
        }
    }

    /// Says what the database calls the tables of the layout.
    #[must_use]
    pub fn with_table_names(mut self, names: TableNames) -> Self {
        self.names = names;
        self
    }

    fn session(&self) -> Session<'_> {
        let limit = self.pool.settings().timeout;
        Session {
            pool: &self.pool,
            limit: limit.map(|limit| (limit, Instant::now() + limit)),
        }
    }
}

/// The statements of one fetch, which share the time of the source. Each takes a connection that is free.
struct Session<'a> {
    pool: &'a Pool,
    limit: Option<(Duration, Instant)>,
}

impl Session<'_> {
    /// Waits until the time is over.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        match self.limit {
            None => work.await,
            Some((limit, deadline)) => tokio::time::timeout_at(deadline.into(), work)
                .await
                .unwrap_or_else(|_| Err(too_slow(limit))),
        }
    }
}

impl Database for Session<'_> {
    fn rows(&self, sql: String) -> Rows<'_> {
        let work = move |lease: &mut Lease<'_>| run::rows(lease, &sql);
        Box::pin(self.in_time(self.pool.with_connection(work)))
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        let work = move |lease: &mut Lease<'_>| columns::look(lease, &path);
        Box::pin(self.in_time(self.pool.with_connection(work)))
    }
}

impl SqlSource for AdbcSource {
    fn dialect(&self) -> Dialect {
        self.pool.settings().dialect
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn table_names(&self) -> &TableNames {
        &self.names
    }

    fn connect(&self) -> Connect<'_> {
        let session = Box::new(self.session()) as Box<dyn Database>;
        Box::pin(std::future::ready(Ok(session)))
    }

    fn idle(&self) -> Idle<'_> {
        Box::pin(self.pool.idle())
    }
}

impl Source for AdbcSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Does the driver load, and does the database take connections?
    fn probe(&self) -> Probe<'_> {
        Box::pin(async {
            let answer = self.session().rows("SELECT 1".to_owned()).await;
            let answer = answer.map(|_| ());
            answer.map_err(|refusal| refusal.of(&self.name))
        })
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(sql::fetch(self, plan))
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(sql::fetch_many(self, plans))
    }
}

fn too_slow(limit: Duration) -> Refusal {
    Refusal::new(
        FailureKind::TimedOut,
        format!("there was no answer within {} seconds", limit.as_secs_f64()),
    )
    .help("allow more time, more connections, or ask for fewer days")
}
