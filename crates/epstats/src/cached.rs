//! Statistics that were fetched a moment ago.

use std::sync::Arc;
use std::time::Duration;

use epstats_experiment::Statistics;
use epstats_plan::Plan;
use epstats_source::{Fetch, FetchMany, Probe, Source};
use moka::sync::Cache;

/// A source that keeps the answers of the one below it for a while.
///
/// An answer is given again to an equal plan until it has reached its age, or until answers that are asked for more often need its place.
/// Failures are not kept.
pub struct CachedSource {
    source: Arc<dyn Source>,
    answers: Cache<Plan, Arc<Statistics>>,
}

impl CachedSource {
    /// A source around another, which keeps at most `n_plans` answers, each for at most `age`.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, n_plans: u64, age: Duration) -> Self {
        let answers = Cache::builder()
            .max_capacity(n_plans)
            .time_to_live(age)
            .build();
        CachedSource { source, answers }
    }
}

impl Source for CachedSource {
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
        Box::pin(async move {
            if let Some(answer) = self.answers.get(plan) {
                return Ok((*answer).clone());
            }
            let answer = self.source.fetch(plan).await?;
            self.answers.insert(plan.clone(), Arc::new(answer.clone()));
            Ok(answer)
        })
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(async move {
            let kept = plans.iter().map(|plan| self.answers.get(plan));
            let kept: Vec<Option<Arc<Statistics>>> = kept.collect();
            let missing = plans.iter().zip(&kept).filter(|(_, kept)| kept.is_none());
            let missing: Vec<Plan> = missing.map(|(plan, _)| plan.clone()).collect();
            let mut fetched = self.source.fetch_many(&missing).await.into_iter();
            let mut answers = Vec::new();
            for (plan, kept) in plans.iter().zip(kept) {
                if let Some(answer) = kept {
                    answers.push(Ok((*answer).clone()));
                } else if let Some(answer) = fetched.next() {
                    if let Ok(answer) = &answer {
                        self.answers.insert(plan.clone(), Arc::new(answer.clone()));
                    }
                    answers.push(answer);
                }
            }
            answers
        })
    }
}
