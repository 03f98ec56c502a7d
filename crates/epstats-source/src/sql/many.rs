//! Several plans at a time: those that go together are one statement.

use std::collections::BTreeMap;

use epstats_experiment::Statistics;
use epstats_plan::{Cell, Plan, lower_together, lower_variants_together, together};

use super::answer::unreadable_answer;
use super::{Asked, Opened, SqlSource};
use crate::{FailureKind, Refusal, SourceError};

/// Answers several plans of a source, each as if it had been asked alone, in their order.
///
/// Plans that go [`together`] are one statement. Where that is too much for the database, or does not tell what belongs to which plan, they are
/// asked one by one, as are all others.
pub async fn fetch_many(
    source: &dyn SqlSource,
    plans: &[Plan],
) -> Vec<Result<Statistics, SourceError>> {
    let mut answers: Vec<Answer> = vec![None; plans.len()];
    for group in together(plans, source.layout()) {
        let members: Vec<&Plan> = group.iter().map(|&index| &plans[index]).collect();
        let found = fetch_together(source, &members).await;
        for (index, answer) in group.into_iter().zip(found) {
            answers[index] = answer;
        }
    }
    let mut complete = Vec::new();
    for (answer, plan) in answers.into_iter().zip(plans) {
        complete.push(match answer {
            Some(answer) => answer.map_err(|refusal| refusal.of(source.name())),
            None => source.fetch(plan).await,
        });
    }
    complete
}

/// The answer to one of several plans; `None` where it is to be asked alone.
type Answer = Option<Result<Statistics, Refusal>>;

async fn fetch_together(source: &dyn SqlSource, plans: &[&Plan]) -> Vec<Answer> {
    let answers = async {
        let opened = Opened::of(source).await?;
        Ok(opened.asked().answer_together(plans).await)
    };
    let answers: Result<_, Refusal> = answers.await;
    answers.unwrap_or_else(|refusal| vec![Some(Err(refusal)); plans.len()])
}

impl Asked<'_> {
    async fn answer_together(&self, plans: &[&Plan]) -> Vec<Answer> {
        let alone = || vec![None; plans.len()];
        let refused = |refusal: Refusal| vec![Some(Err(refusal)); plans.len()];
        let plans = match self.with_variants_together(plans).await {
            Ok(plans) => plans,
            Err(refusal) if is_too_much(refusal.kind()) => return alone(),
            Err(refusal) => return refused(refusal),
        };
        let members: Vec<&Plan> = plans.iter().collect();
        // What cannot be asked of one of the plans is told of that one, when it is asked alone.
        let Ok(lowered) = lower_together(&members, self.layout, self.tables) else {
            return alone();
        };
        let rows = match self.rows(&lowered.query).await {
            Ok(rows) => rows,
            Err(refusal) if is_too_much(refusal.kind()) => return alone(),
            Err(refusal) => return refused(refusal),
        };
        let found = match lowered.decode(&rows) {
            Ok(found) => found,
            Err(error) => return refused(unreadable_answer(error)),
        };
        let mut answers = Vec::new();
        for (plan, statistics) in plans.iter().zip(found) {
            answers.push(match statistics {
                Some(statistics) => Some(self.complete(plan, statistics, &[]).await),
                None => None,
            });
        }
        answers
    }

    /// The plans with the variants of the data, where they name none themselves.
    async fn with_variants_together(&self, plans: &[&Plan]) -> Result<Vec<Plan>, Refusal> {
        let open: Vec<&Plan> = plans
            .iter()
            .copied()
            .filter(|plan| plan.variants.is_none())
            .collect();
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if !open.is_empty() {
            let query = lower_variants_together(&open, self.layout, self.tables)?;
            for row in self.rows(&query).await? {
                if let [Cell::Text(experiment), Cell::Text(variant)] = row.as_slice() {
                    let variants = found.entry(experiment.clone()).or_default();
                    variants.push(variant.clone());
                }
            }
        }
        let plans = plans.iter().map(|plan| match plan.variants {
            Some(_) => (*plan).clone(),
            None => {
                let variants = found.remove(&plan.experiment).unwrap_or_default();
                plan.with_variants_of_data(variants)
            }
        });
        Ok(plans.collect())
    }
}

/// May less at a time succeed?
fn is_too_much(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::OutOfMemory
            | FailureKind::DiskFull
            | FailureKind::TooManyRows
            | FailureKind::Rejected
    )
}
