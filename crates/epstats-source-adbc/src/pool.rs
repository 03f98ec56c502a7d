//! Connections: at most so many at a time, used again, thrown away after a failure.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use adbc_driver_manager::{ManagedConnection, ManagedDatabase};
use epstats_source::{FailureKind, Refusal};
use tokio::sync::Semaphore;

use crate::call::{Watch, call};
use crate::{Settings, connect, run};

/// The connections of a source.
pub(crate) struct Pool {
    places: Arc<Semaphore>,
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    database: Mutex<Option<ManagedDatabase>>,
    idle: Mutex<Vec<Idle>>,
}

/// A connection that nobody uses.
struct Idle {
    connection: ManagedConnection,
    since: Instant,
}

/// A connection in use.
pub(crate) struct Lease<'a> {
    /// What the operator says about its database.
    pub(crate) settings: &'a Settings,
    /// The connection.
    pub(crate) connection: ManagedConnection,
    /// How the call stands.
    pub(crate) watch: &'a Watch,
}

impl Pool {
    pub(crate) fn new(settings: Settings) -> Self {
        Pool {
            places: Arc::new(Semaphore::new(settings.connections.max(1))),
            shared: Arc::new(Shared {
                settings,
                database: Mutex::new(None),
                idle: Mutex::new(Vec::new()),
            }),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Waits until no call of the driver is under way.
    pub(crate) async fn idle(&self) {
        let all = self.settings().connections.max(1);
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        // The places are never closed.
        let _all = self.places.acquire_many(all).await;
    }

    /// Runs `work` with a connection. It has its place until the driver has returned, even where nobody waits for it any more.
    pub(crate) async fn with_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Lease<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let shared = Arc::clone(&self.shared);
        call(move |watch| {
            let _place = place;
            let mut lease = Lease {
                settings: &shared.settings,
                connection: shared.take(watch)?,
                watch,
            };
            let answer = work(&mut lease);
            let was_cancelled = watch.end();
            if answer.is_ok() && !was_cancelled {
                shared.put_back(lease.connection);
            }
            answer
        })
        .await
    }
}

/// Connecting is tried so often, with a longer pause each time: a server may be starting anew.
const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A connection that was idle for longer is asked whether it still stands.
const FRESH: Duration = Duration::from_secs(1);

impl Shared {
    fn take(&self, watch: &Watch) -> Result<ManagedConnection, Refusal> {
        while let Some(mut idle) = self.pop() {
            let stands = idle.since.elapsed() < FRESH
                || run::stands(&self.settings, &mut idle.connection, watch);
            if stands {
                return Ok(idle.connection);
            }
        }
        let mut pause = FIRST_PAUSE;
        for _ in 1..TRIES {
            match self.open() {
                Err(refusal) if refusal.kind() == FailureKind::Unreachable => {}
                opened => return opened,
            }
            if watch.is_cancelled() {
                break;
            }
            thread::sleep(pause);
            pause *= 4;
        }
        self.open()
    }

    fn open(&self) -> Result<ManagedConnection, Refusal> {
        let database = self.database()?;
        let connection = connect::connection(&self.settings, &database);
        if connection.is_err() {
            *lock(&self.database) = None;
        }
        connection
    }

    /// The database, opened by whoever needs it first.
    fn database(&self) -> Result<ManagedDatabase, Refusal> {
        let mut database = lock(&self.database);
        if let Some(database) = database.as_ref() {
            return Ok(database.clone());
        }
        let opened = connect::database(&self.settings)?;
        *database = Some(opened.clone());
        Ok(opened)
    }

    /// The connection that was used last, so that those of a busy hour grow old and are replaced.
    fn pop(&self) -> Option<Idle> {
        lock(&self.idle).pop()
    }

    fn put_back(&self, connection: ManagedConnection) {
        lock(&self.idle).push(Idle {
            connection,
            since: Instant::now(),
        });
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
