//! Identical questions at the same time are one question.

use std::collections::HashMap; // tidy: unordered, never iterated but to forget
use std::sync::{Arc, Mutex, PoisonError};

use epstats_experiment::Statistics;
use epstats_plan::Plan;
use epstats_source::{Fetch, FetchMany, Probe, Source, SourceError};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};

type Answer = Result<Arc<Statistics>, SourceError>;
type Asking = BoxFuture<'static, Answer>;

/// A source that asks the one below it once, however many ask it the same at the same time.
///
/// Whoever asks while an equal plan is under way waits for that answer. Nothing is kept afterwards
/// ([`CachedSource`](crate::CachedSource) does that). The question is dropped when the last of those who wait for it is.
pub struct SharedSource {
    source: Arc<dyn Source>,
    under_way: Mutex<HashMap<Plan, WeakShared<Asking>>>,
}

impl SharedSource {
    /// A source around another.
    #[must_use]
    pub fn new(source: Arc<dyn Source>) -> Self {
        SharedSource {
            source,
            under_way: Mutex::default(),
        }
    }

    /// The question that is under way for this plan, or a new one.
    fn ask(&self, plan: &Plan) -> Shared<Asking> {
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let running = under_way.get(plan).and_then(WeakShared::upgrade);
        if let Some(asking) = running.filter(|asking| asking.peek().is_none()) {
            return asking;
        }
        under_way.retain(|_, asking| asking.upgrade().is_some());
        let (source, asked) = (Arc::clone(&self.source), plan.clone());
        let asking = async move { source.fetch(&asked).await.map(Arc::new) }
            .boxed()
            .shared();
        if let Some(weak) = asking.downgrade() {
            under_way.insert(plan.clone(), weak);
        }
        asking
    }
}

impl Source for SharedSource {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn probe(&self) -> Probe<'_> {
        self.source.probe()
    }

    fn together(&self, plans: &[Plan]) -> Vec<Vec<usize>> {
        self.source.together(plans)
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        let asking = self.ask(plan);
        Box::pin(async move { asking.await.map(Arc::unwrap_or_clone) })
    }

    /// Several plans are a question of their own, which is not shared.
    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        self.source.fetch_many(plans)
    }
}
