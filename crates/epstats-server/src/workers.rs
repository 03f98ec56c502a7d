//! Where evaluations run: on threads of their own, so many at a time, each for so long.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use epstats_api::ServerSettings;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

/// Threads for evaluations, apart from those that serve connections: a long evaluation keeps no one else from being
/// served.
pub(crate) struct Workers {
    /// Taken by [`Drop`].
    runtime: Option<Runtime>,
    /// Evaluations at the same time.
    turns: Arc<Semaphore>,
    in_flight: AtomicUsize,
    max_in_flight: usize,
    time_limit: Duration,
}

/// Why work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// Too many requests are in flight.
    #[error("the service is busy with as many requests as it takes")]
    Full,
    /// It took longer than allowed, waiting included.
    #[error("there was no answer within {} seconds", .0.as_secs_f64())]
    TimedOut(Duration),
    /// A bug of ours: the work panicked.
    #[error("the service failed; its log tells why")]
    Panicked,
}

impl Workers {
    pub(crate) fn new(settings: &ServerSettings) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .thread_name("evaluation")
            .enable_all()
            .build()?;
        Ok(Workers {
            runtime: Some(runtime),
            turns: Arc::new(Semaphore::new(settings.evaluation_pool_size)),
            in_flight: AtomicUsize::new(0),
            max_in_flight: settings.max_concurrency,
            time_limit: settings.request_timeout,
        })
    }

    /// Evaluations that run or wait for their turn.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// A place among the requests in flight.
    pub(crate) fn admit(&self) -> Result<Place<'_>, Refused> {
        let place = Place(&self.in_flight);
        if self.in_flight.fetch_add(1, Ordering::Relaxed) >= self.max_in_flight {
            return Err(Refused::Full);
        }
        Ok(place)
    }

    /// Does the work when it is its turn. Dropping the future stops the work.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Refused> {
        let Some(runtime) = &self.runtime else {
            return Err(Refused::Panicked);
        };
        let turns = Arc::clone(&self.turns);
        let in_turn = async move {
            // The semaphore is never closed.
            let _turn = turns.acquire_owned().await;
            work.await
        };
        let task = AbortOnDropHandle::new(runtime.spawn(in_turn));
        match tokio::time::timeout(self.time_limit, task).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(Refused::Panicked),
            Err(_) => Err(Refused::TimedOut(self.time_limit)),
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // A runtime must not be dropped where it would wait for its threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// One of the places for requests in flight; given back when dropped.
pub(crate) struct Place<'w>(&'w AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
