//! The source over a ClickHouse server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use epstats_plan::experiment::Statistics;
use epstats_plan::{Dialect, Layout, Plan, TableNames, Tables};
use epstats_source::sql::{Asked, Database, Rows};
use epstats_source::{Fetch, Probe, Refusal, Source, SourceError};

use crate::client::Client;
use crate::{Settings, describe};

/// Tables of ClickHouse as a source: the server sums, moments travel.
pub struct ClickHouseSource {
    name: String,
    layout: Layout,
    names: TableNames,
    client: Arc<Client>,
}

impl ClickHouseSource {
    /// A source called `name`, without connecting to it.
    ///
    /// # Errors
    ///
    /// [`SourceError`] for an address that cannot be one, a setting that may not be given, or certificates that cannot be read.
    pub fn new(
        name: impl Into<String>,
        layout: Layout,
        settings: Settings,
    ) -> Result<Self, SourceError> {
        let name = name.into();
        match Client::new(settings) {
            Ok(client) => Ok(ClickHouseSource {
                name,
                layout,
                names: TableNames::default(),
                client: Arc::new(client),
            }),
            Err(refusal) => Err(refusal.of(&name)),
        }
    }

    /// Says what the database calls the tables of the layout: a table, or a database and a table in it.
    #[must_use]
    pub fn with_table_names(mut self, names: TableNames) -> Self {
        self.names = names;
        self
    }

    /// The columns of the tables of the layout.
    ///
    /// # Errors
    ///
    /// [`SourceError`] where the server does not tell, because there is no such table among others.
    pub async fn tables(&self) -> Result<Tables, SourceError> {
        self.within_time(async |session: &Session| {
            describe::tables(session, &self.layout, &self.names).await
        })
        .await
    }

    /// The texts of the statements that [`Source::fetch`] would run: that of all moments or sums, and one for each goal whose quantiles are asked for.
    ///
    /// Where the plan names no variants, the data are asked for them.
    ///
    /// # Errors
    ///
    /// As [`Source::fetch`] before it runs the statements.
    pub async fn statements(&self, plan: &Plan) -> Result<Vec<String>, SourceError> {
        self.within_time(async |session: &Session| {
            let tables = describe::tables(session, &self.layout, &self.names).await?;
            self.asked(session, &tables).statements(plan).await
        })
        .await
    }

    /// Bytes of all answers since the source was made, without headers.
    #[must_use]
    pub fn bytes_received(&self) -> u64 {
        self.client.bytes_received()
    }

    async fn answer(&self, session: &Session, plan: &Plan) -> Result<Statistics, Refusal> {
        let tables = describe::tables(session, &self.layout, &self.names).await?;
        self.asked(session, &tables).answer(plan).await
    }

    fn asked<'a>(&'a self, session: &'a Session, tables: &'a Tables) -> Asked<'a> {
        Asked {
            database: session,
            dialect: Dialect::DataFusion,
            layout: &self.layout,
            names: &self.names,
            tables,
        }
    }

    /// Runs statements within the time of the source; what is under way then ends on the server.
    async fn within_time<T>(
        &self,
        work: impl AsyncFnOnce(&Session) -> Result<T, Refusal>,
    ) -> Result<T, SourceError> {
        let limits = self.client.limits();
        let session = Session {
            client: Arc::clone(&self.client),
            replica: AtomicUsize::new(self.client.first_replica()),
            deadline: limits.timeout.map(|limit| Instant::now() + limit),
        };
        let answer = match limits.timeout {
            None => work(&session).await,
            Some(limit) => tokio::time::timeout(limit, work(&session))
                .await
                .unwrap_or_else(|_| Err(limits.timed_out())),
        };
        answer.map_err(|refusal| refusal.of(&self.name))
    }
}

/// The statements of one fetch, which go to one replica as long as it takes connections.
struct Session {
    client: Arc<Client>,
    replica: AtomicUsize,
    deadline: Option<Instant>,
}

impl Database for Session {
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move {
            let first = self.replica.load(Ordering::Relaxed);
            let (rows, replica) = self.client.rows(&sql, first, self.deadline).await?;
            self.replica.store(replica, Ordering::Relaxed);
            Ok(rows)
        })
    }
}

impl Database for ClickHouseSource {
    /// Runs one statement outside of any fetch, such as a question about tables.
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move {
            let limits = self.client.limits();
            let deadline = limits.timeout.map(|limit| Instant::now() + limit);
            let first = self.client.first_replica();
            let rows = async {
                let (rows, _) = self.client.rows(&sql, first, deadline).await?;
                Ok(rows)
            };
            match limits.timeout {
                None => rows.await,
                Some(limit) => tokio::time::timeout(limit, rows)
                    .await
                    .unwrap_or_else(|_| Err(limits.timed_out())),
            }
        })
    }
}

impl Source for ClickHouseSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Does the server take the login?
    fn probe(&self) -> Probe<'_> {
        Box::pin(self.within_time(async |session: &Session| {
            session.rows("SELECT 1".to_owned()).await.map(|_| ())
        }))
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(self.within_time(async |session: &Session| self.answer(session, plan).await))
    }
}
