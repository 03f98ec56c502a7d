//! One experiment to its scorecard, counted, timed and reported.

use std::sync::Arc;
use std::time::Instant;

use epstats::EvaluationError;
use epstats::evaluate::{Outcome, Scorecard};
use epstats::experiment::{Experiment, Severity};
use epstats::plan::for_experiment;
use epstats_source::Source;

use crate::metrics::{EvaluationLabels, Metrics};
use crate::telemetry::report;

/// An experiment, where its data are, and what its evaluation is counted under.
pub(crate) struct Evaluation {
    pub(crate) experiment: Experiment,
    pub(crate) source: Arc<dyn Source>,
    pub(crate) is_performance_test: bool,
    pub(crate) metrics: Metrics,
}

impl Evaluation {
    /// Evaluates the experiment.
    ///
    /// # Errors
    ///
    /// As [`epstats::evaluate`].
    pub(crate) async fn scorecard(&self) -> Result<Scorecard, EvaluationError> {
        let labels = EvaluationLabels {
            experiment: self.experiment.id.clone(),
            is_performance_test: self.is_performance_test,
        };
        self.metrics.evaluation_requested();
        let mut ending = Ending {
            metrics: &self.metrics,
            labels: &labels,
            begin: Instant::now(),
            is_success: false,
        };
        let answer = self.steps(&labels).await;
        ending.is_success = answer.is_ok();
        if let Err(error) = &answer {
            report::failed_evaluation(&self.experiment, self.source.name(), error);
        }
        answer
    }

    /// The engine's three lines, timed one by one.
    async fn steps(&self, labels: &EvaluationLabels) -> Result<Scorecard, EvaluationError> {
        let problems = self.experiment.diagnose();
        if problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(EvaluationError::Definition(problems));
        }
        let plan = for_experiment(&self.experiment);
        let begin = Instant::now();
        let statistics = self.source.fetch(&plan).await;
        self.metrics.queried(labels, begin.elapsed());
        let statistics = statistics?;
        let begin = Instant::now();
        let scorecard = epstats::evaluate::scorecard(&self.experiment, &statistics);
        self.metrics
            .computed(labels, begin.elapsed(), n_not_evaluated(&scorecard));
        Ok(scorecard)
    }
}

/// Counts the end of an evaluation, also of one that is dropped before.
struct Ending<'e> {
    metrics: &'e Metrics,
    labels: &'e EvaluationLabels,
    begin: Instant,
    is_success: bool,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.metrics
            .evaluation_ended(self.labels, self.begin.elapsed(), self.is_success);
    }
}

fn n_not_evaluated(scorecard: &Scorecard) -> u64 {
    let checks = scorecard.checks.iter();
    checks
        .filter(|check| matches!(check.outcome, Outcome::NotEvaluated(_)))
        .map(|check| {
            tracing::warn!(
                experiment = scorecard.experiment,
                check = check.id,
                "the check could not be evaluated"
            );
        })
        .count() as u64
}
