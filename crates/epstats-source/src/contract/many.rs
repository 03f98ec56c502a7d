//! Several questions at a time get the answers that each gets alone.

use std::ops::Range;

use epstats_experiment::Statistics;
use epstats_plan::{Plan, together};

use super::random::{ManyCase, random_many};
use super::{Rig, differences};
use crate::memory::MemorySource;
use crate::{Source, SourceError};

/// How far sums may differ from those of the in-memory source, relative to their scale: databases add in another order.
const TOLERANCE: f64 = 1e-9;

/// Asks a source random plans over the same tables, several at a time; each must be answered, or refused, as the in-memory source answers
/// it alone.
///
/// # Panics
///
/// After the last case, with each plan that was not answered as expected, and what differed; and if hardly any of the plans could go together,
/// so that nothing was shown.
pub async fn check_many(rig: &dyn Rig, seeds: Range<u64>) {
    let n_cases = seeds.clone().count();
    let mut failures = Vec::new();
    let mut n_together = 0;
    for seed in seeds {
        let many = random_many(seed);
        n_together += together(&many.plans, &many.layout).concat().len();
        failures.extend(check(rig, &many).await);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(n_together >= n_cases, "{n_together} plans went together");
}

/// Asks one case; what differs, or nothing.
async fn check(rig: &dyn Rig, many: &ManyCase) -> Vec<String> {
    let referee = MemorySource::new("memory", many.layout.clone(), many.tables.clone());
    let answers = match rig.open(&many.layout, &many.tables).await {
        Ok(source) => source.fetch_many(&many.plans).await,
        Err(error) => many.plans.iter().map(|_| Err(error.clone())).collect(),
    };
    let mut failures = Vec::new();
    if answers.len() != many.plans.len() {
        failures.push(format!("{}: {} answers", many.name, answers.len()));
    }
    for (number, (plan, answer)) in many.plans.iter().zip(answers).enumerate() {
        for problem in problems(&referee, plan, answer).await {
            failures.push(format!("{}, plan {number}: {problem}", many.name));
        }
    }
    failures
}

async fn problems(
    referee: &MemorySource,
    plan: &Plan,
    answer: Result<Statistics, SourceError>,
) -> Vec<String> {
    match (referee.fetch(plan).await, answer) {
        (Ok(expected), Ok(answer)) => differences(&expected, &answer, TOLERANCE),
        (Err(expected), Err(error)) if error.kind == expected.kind => Vec::new(),
        (Err(expected), Err(error)) => vec![format!("refused with {error}, not {expected}")],
        (Err(expected), Ok(_)) => vec![format!("answered, not refused with {expected}")],
        (Ok(_), Err(error)) => vec![format!("refused with {error} {:?}", error.cause)],
    }
}
