//! The sources that requests may name.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Instant;

use epstats::experiment::Experiment;
use epstats::plan::Plan;
use epstats::{CachedSource, SharedSource};
use epstats_api::ServerSettings;
use epstats_source::{Fetch, FetchMany, Probe, Source};
use serde_json::{Map, Value};

use crate::metrics::Metrics;

/// Sources by name, and the one for requests that name none.
#[derive(Clone, Default)]
pub struct NamedSources {
    sources: BTreeMap<String, Named>,
    default: Option<String>,
}

/// Two sources have the same name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two sources are called `{0}`")]
pub struct NameTaken(pub String);

/// A source for all requests, or what makes one for each.
#[derive(Clone)]
enum Named {
    Shared(Arc<dyn Source>),
    PerRequest {
        sources: Arc<dyn RequestSources>,
        /// Where its questions are counted, once the service has its metrics.
        metrics: Option<Metrics>,
    },
}

/// Makes a source for each request, for sources that must know more of a request than the plan tells.
///
/// Their answers are neither shared between requests nor kept, since equal plans may have other answers.
pub trait RequestSources: Send + Sync {
    /// The name that requests call it by; never a path, an address or a secret.
    fn name(&self) -> &str;

    /// The source for one experiment, and the parameters that its request has for sources.
    fn source(&self, experiment: &Experiment, parameters: &Map<String, Value>) -> Arc<dyn Source>;

    /// Looks whether its sources could answer, as [`Source::probe`].
    fn probe(&self) -> Probe<'_> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A source that a request has named, or that is its default.
pub(crate) struct Found(Named);

impl Found {
    /// The source for an experiment, and the parameters of its request.
    pub(crate) fn source(
        &self,
        experiment: &Experiment,
        parameters: &Map<String, Value>,
    ) -> Arc<dyn Source> {
        match &self.0 {
            Named::Shared(source) => Arc::clone(source),
            Named::PerRequest { sources, metrics } => {
                let source = sources.source(experiment, parameters);
                match metrics {
                    Some(metrics) => Arc::new(Measured {
                        source,
                        metrics: metrics.clone(),
                    }),
                    None => source,
                }
            }
        }
    }
}

/// A source whose readiness is asked for.
pub(crate) struct Probed<'s>(&'s Named);

impl Probed<'_> {
    pub(crate) fn name(&self) -> &str {
        match self.0 {
            Named::Shared(source) => source.name(),
            Named::PerRequest { sources, .. } => sources.name(),
        }
    }

    pub(crate) fn probe(&self) -> Probe<'_> {
        match self.0 {
            Named::Shared(source) => source.probe(),
            Named::PerRequest { sources, .. } => sources.probe(),
        }
    }
}

/// There is no source to ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoSource {
    /// The request names one that is not there.
    #[error("there is no source `{0}`")]
    Unknown(String),
    /// The request names none, and there are several.
    #[error("the request names no source, and there are several")]
    NotNamed,
    /// The service has none.
    #[error("the service has no source")]
    None,
}

impl NamedSources {
    /// Adds a source under its name.
    ///
    /// # Errors
    ///
    /// [`NameTaken`] where another source has that name: requests could not tell the two apart.
    pub fn with(self, source: Arc<dyn Source>) -> Result<Self, NameTaken> {
        let name = source.name().to_owned();
        self.with_named(name, Named::Shared(source))
    }

    /// Adds what makes a source for each request, under its name.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub fn with_per_request(self, sources: Arc<dyn RequestSources>) -> Result<Self, NameTaken> {
        let name = sources.name().to_owned();
        let named = Named::PerRequest {
            sources,
            metrics: None,
        };
        self.with_named(name, named)
    }

    fn with_named(mut self, name: String, named: Named) -> Result<Self, NameTaken> {
        match self.sources.entry(name) {
            Entry::Occupied(taken) => Err(NameTaken(taken.key().clone())),
            Entry::Vacant(free) => {
                free.insert(named);
                Ok(self)
            }
        }
    }

    /// Takes the source of that name where a request names none. Without it, the only source is taken.
    #[must_use]
    pub fn with_default(mut self, name: Option<String>) -> Self {
        self.default = name;
        self
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The source for requests that name none.
    #[must_use]
    pub fn default_name(&self) -> Option<&str> {
        match &self.default {
            Some(name) => Some(name),
            None if self.sources.len() == 1 => self.names().next(),
            None => None,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Probed<'_>> {
        self.sources.values().map(Probed)
    }

    pub(crate) fn find(&self, name: Option<&str>) -> Result<Found, NoSource> {
        let Some(name) = name.or_else(|| self.default_name()) else {
            return Err(if self.sources.is_empty() {
                NoSource::None
            } else {
                NoSource::NotNamed
            });
        };
        let source = self.sources.get(name);
        source
            .cloned()
            .map(Found)
            .ok_or_else(|| NoSource::Unknown(name.to_owned()))
    }

    /// The same sources, asked once for the same question at the same time, their answers kept where the settings say so.
    pub(crate) fn with_settings(self, settings: &ServerSettings, metrics: &Metrics) -> Self {
        let around = |source: Arc<dyn Source>| -> Arc<dyn Source> {
            let measured = Arc::new(Measured {
                source,
                metrics: metrics.clone(),
            });
            let shared = Arc::new(SharedSource::new(measured));
            match settings.cache_age {
                Some(age) => Arc::new(CachedSource::new(shared, settings.cache_plans, age)),
                None => shared,
            }
        };
        NamedSources {
            default: settings.default_source.clone().or(self.default),
            sources: self
                .sources
                .into_iter()
                .map(|(name, named)| match named {
                    Named::Shared(source) => (name, Named::Shared(around(source))),
                    Named::PerRequest { sources, .. } => {
                        let metrics = Some(metrics.clone());
                        (name, Named::PerRequest { sources, metrics })
                    }
                })
                .collect(),
        }
    }
}

/// A source whose questions are counted and timed.
struct Measured {
    source: Arc<dyn Source>,
    metrics: Metrics,
}

impl Source for Measured {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn probe(&self) -> Probe<'_> {
        self.source.probe()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move {
            let begin = Instant::now();
            let answer = self.source.fetch(plan).await;
            let failure = answer.as_ref().err().map(|error| error.kind);
            self.metrics.asked(self.name(), begin.elapsed(), failure);
            answer
        })
    }

    fn together(&self, plans: &[Plan]) -> Vec<Vec<usize>> {
        self.source.together(plans)
    }

    /// Plans that are answered in one go are one question, which failed if one of its answers is a failure.
    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(async move {
            let begin = Instant::now();
            let answers = self.source.fetch_many(plans).await;
            let failure = answers.iter().find_map(|answer| answer.as_ref().err());
            let failure = failure.map(|error| error.kind);
            self.metrics.asked(self.name(), begin.elapsed(), failure);
            answers
        })
    }
}
