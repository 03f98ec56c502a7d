//! The engine: three lines, of which only the middle one waits or fails.
//!
//! ```text
//! let plan = plan::for_experiment(&experiment);                    // pure: what must be known
//! let statistics = source.fetch(&plan).await?;                     // the only line that waits or fails
//! let scorecard = evaluate::scorecard(&experiment, &statistics);   // pure: cannot fail
//! ```
//!
//! This is the crate to add to a program. It re-exports the rooms that its signatures name. [`SharedSource`] and [`CachedSource`] are
//! sources around a source, for programs that are asked the same by many.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use epstats::experiment::formula::parse;
//! use epstats::experiment::{Experiment, Metric, Ratio};
//! use epstats::plan::{Layout, WideTable};
//! use epstats::source::memory::{Cell, Column, Kind, MemorySource, Table};
//!
//! // What is asked: clicks per exposed user.
//! let formula = |text: &str| parse(text).formula.expect("it is a formula");
//! let mut experiment = Experiment::new("checkout", "control", "user");
//! let ratio = Ratio {
//!     numerator: formula("count(user.unit.click)"),
//!     denominator: formula("count(user.unit.exposure)"),
//! };
//! experiment.metrics.push(Metric::new("1", "Clicks per user", ratio));
//!
//! // Where the data are: here, a table with one row per variant.
//! let names = ["experiment", "variant", "exposure", "exposure_squared", "click", "click_squared"];
//! let kinds = [Kind::Text, Kind::Text, Kind::Integer, Kind::Integer, Kind::Integer, Kind::Integer];
//! let columns = names.iter().zip(kinds).map(|(&name, kind)| Column::new(name, kind)).collect();
//! let row = |variant: &str, sums: [i64; 4]| {
//!     let mut cells = vec![Cell::from("checkout"), Cell::from(variant)];
//!     cells.extend(sums.map(Cell::Integer));
//!     cells
//! };
//! let rows = vec![row("control", [1000, 1000, 240, 400]), row("new", [1010, 1010, 310, 520])];
//! let layout = Layout::Wide(WideTable {
//!     table: "results".to_owned(),
//!     experiment: "experiment".to_owned(),
//!     variant: "variant".to_owned(),
//! });
//! let tables = BTreeMap::from([("results".to_owned(), Table { columns, rows })]);
//! let source = MemorySource::new("results", layout, tables);
//!
//! // Ask, and read the answer.
//! let scorecard = futures::executor::block_on(epstats::evaluate(&experiment, &source))?;
//! let effect = scorecard.metrics[0].variants[1].effect.as_ref().expect("a treatment");
//! assert!((effect.relative.estimate.unwrap() - 0.279).abs() < 0.001);
//! assert!(effect.p_value.unwrap() < 0.05);
//! # Ok::<(), epstats::EvaluationError>(())
//! ```

mod cached;
mod shared;

pub use cached::CachedSource;
pub use shared::SharedSource;

pub use epstats_evaluate as evaluate;
pub use epstats_plan as plan;
pub use epstats_plan::experiment;
pub use epstats_source as source;

use epstats_evaluate::Scorecard;
use epstats_plan::Plan;
use epstats_plan::experiment::{Diagnostic, Experiment, Severity};
use epstats_source::{Source, SourceError};

/// Evaluates an experiment on a source.
///
/// # Errors
///
/// [`EvaluationError::Definition`] with every problem of the experiment, before the source is asked;
/// [`EvaluationError::Source`] when the source does not answer.
pub async fn evaluate(
    experiment: &Experiment,
    source: &dyn Source,
) -> Result<Scorecard, EvaluationError> {
    let plan = plan_of(experiment)?;
    let statistics = source.fetch(&plan).await?;
    Ok(evaluate::scorecard(experiment, &statistics))
}

/// Evaluates several experiments on a source: one answer for each, in their order, as [`evaluate`] would give it.
///
/// The source is asked once for all of them, so that it may read its data once for several.
pub async fn evaluate_many(
    experiments: &[Experiment],
    source: &dyn Source,
) -> Vec<Result<Scorecard, EvaluationError>> {
    let plans: Vec<Result<Plan, EvaluationError>> = experiments.iter().map(plan_of).collect();
    let mut distinct: Vec<Plan> = Vec::new();
    for plan in plans.iter().flatten() {
        if !distinct.contains(plan) {
            distinct.push(plan.clone());
        }
    }
    let answers = source.fetch_many(&distinct).await;
    let scorecards = experiments.iter().zip(plans).map(|(experiment, plan)| {
        let plan = plan?;
        let answer = distinct.iter().position(|other| *other == plan);
        let answer = answer.and_then(|index| answers.get(index));
        match answer {
            Some(Ok(statistics)) => Ok(evaluate::scorecard(experiment, statistics)),
            Some(Err(error)) => Err(error.clone().into()),
            None => Err(EvaluationError::Source(SourceError::no_answer(
                source.name(),
            ))),
        }
    });
    scorecards.collect()
}

/// The plan of an experiment without errors.
fn plan_of(experiment: &Experiment) -> Result<Plan, EvaluationError> {
    let problems = experiment.diagnose();
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        return Err(EvaluationError::Definition(problems));
    }
    Ok(plan::for_experiment(experiment))
}

/// Why there is no scorecard.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The experiment is not as it must be: all problems, warnings among them.
    #[error("the definition has {} problems", .0.len())]
    Definition(Vec<Diagnostic>),
    /// The source did not answer.
    #[error(transparent)]
    Source(#[from] SourceError),
}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
