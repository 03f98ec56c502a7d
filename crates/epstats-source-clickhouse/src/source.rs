//! The source over a ClickHouse server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use epstats_plan::{Dialect, Layout, Plan, TableNames};
use epstats_source::sql::{self, Connect, Database, Idle, LookedAt, Rows, SqlSource};
use epstats_source::{Fetch, FetchMany, Probe, Source, SourceError};

use crate::client::Client;
use crate::failure::Limits;
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

    /// Bytes of all answers since the source was made, without headers.
    #[must_use]
    pub fn bytes_received(&self) -> u64 {
        self.client.bytes_received()
    }

    /// A session whose time begins now.
    fn session(&self) -> Session {
        Session {
            client: Arc::clone(&self.client),
            replica: AtomicUsize::new(self.client.first_replica()),
            limits: self.client.limits(),
        }
    }
}

/// The statements of one fetch. They go to one replica as long as it takes connections, and share the time of the source.
struct Session {
    client: Arc<Client>,
    replica: AtomicUsize,
    limits: Limits,
}

impl Database for Session {
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move {
            let first = self.replica.load(Ordering::Relaxed);
            let answer = self.client.rows(&sql, first, self.limits);
            let answer = match self.limits.deadline {
                None => answer.await,
                Some(deadline) => tokio::time::timeout_at(deadline.into(), answer)
                    .await
                    .unwrap_or_else(|_| Err(self.limits.timed_out())),
            };
            let (rows, replica) = answer?;
            self.replica.store(replica, Ordering::Relaxed);
            Ok(rows)
        })
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        Box::pin(async move {
            let rows = self.rows(describe::statement(path)).await?;
            Ok(describe::columns(rows))
        })
    }
}

impl SqlSource for ClickHouseSource {
    fn dialect(&self) -> Dialect {
        Dialect::ClickHouse
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
        let ending = &self.client.ending;
        ending.close();
        Box::pin(ending.wait())
    }
}

impl Source for ClickHouseSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Does the server take the login?
    fn probe(&self) -> Probe<'_> {
        Box::pin(async move {
            let answer = self.session().rows("SELECT 1".to_owned()).await;
            answer.map(|_| ()).map_err(|refusal| refusal.of(&self.name))
        })
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(sql::fetch(self, plan))
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(sql::fetch_many(self, plans))
    }
}
