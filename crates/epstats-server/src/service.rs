//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use epstats_api::ServerSettings;

use crate::keys::ApiKeys;
use crate::metrics::Metrics;
use crate::sources::NamedSources;
use crate::workers::Workers;

/// Settings, sources, workers, keys and metrics of one service; cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    settings: ServerSettings,
    sources: NamedSources,
    keys: ApiKeys,
    workers: Workers,
    metrics: Metrics,
    is_stopping: AtomicBool,
}

impl Service {
    /// A service of these sources, for whoever has one of the keys; for everyone where there are none.
    ///
    /// # Errors
    ///
    /// When the system gives no threads.
    pub fn new(
        settings: ServerSettings,
        sources: NamedSources,
        keys: ApiKeys,
    ) -> std::io::Result<Self> {
        let metrics = Metrics::new(settings.metrics_experiments);
        Ok(Service(Arc::new(Inner {
            sources: sources.with_settings(&settings, &metrics),
            workers: Workers::new(&settings)?,
            metrics,
            settings,
            keys,
            is_stopping: AtomicBool::new(false),
        })))
    }

    pub(crate) fn settings(&self) -> &ServerSettings {
        &self.0.settings
    }

    pub(crate) fn sources(&self) -> &NamedSources {
        &self.0.sources
    }

    pub(crate) fn keys(&self) -> &ApiKeys {
        &self.0.keys
    }

    pub(crate) fn workers(&self) -> &Workers {
        &self.0.workers
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// From now on the service is not ready, so that no new requests are sent here.
    pub(crate) fn stop(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }
}
