//! The engine: three lines, of which only the middle one waits or fails.
//!
//! ```text
//! let plan = plan::for_experiment(&experiment);                    // pure: what must be known
//! let statistics = source.fetch(&plan).await?;                     // the only line that waits or fails
//! let scorecard = evaluate::scorecard(&experiment, &statistics);   // pure: cannot fail
//! ```
//!
//! This is the crate to add to a program. It re-exports the rooms that its signatures name.

pub use epstats_evaluate as evaluate;
pub use epstats_plan as plan;
pub use epstats_plan::experiment;
pub use epstats_source as source;

use epstats_evaluate::Scorecard;
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
    let problems = experiment.diagnose();
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        return Err(EvaluationError::Definition(problems));
    }
    let plan = plan::for_experiment(experiment);
    let statistics = source.fetch(&plan).await?;
    Ok(evaluate::scorecard(experiment, &statistics))
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
