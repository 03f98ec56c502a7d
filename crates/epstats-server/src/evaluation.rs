//! One experiment to its scorecard, counted, timed and reported.

use std::sync::Arc;
use std::time::Instant;

use epstats::EvaluationError;
use epstats::evaluate::{Outcome, Scorecard};
use epstats::experiment::{Experiment, Severity, Statistics};
use epstats::plan::{Plan, for_experiment};
use epstats_source::{Source, SourceError};

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
        let labels = self.labels();
        let ending = self.begin(&labels);
        let answer = self.steps(&labels).await;
        self.end(ending, answer)
    }

    /// The engine's three lines, timed one by one.
    async fn steps(&self, labels: &EvaluationLabels) -> Result<Scorecard, EvaluationError> {
        let plan = self.plan()?;
        let begin = Instant::now();
        let statistics = self.source.fetch(&plan).await;
        self.metrics.queried(labels, begin.elapsed());
        Ok(self.compute(&statistics?, labels))
    }

    /// What its source is to be asked.
    ///
    /// # Errors
    ///
    /// [`EvaluationError::Definition`] where the experiment has errors.
    pub(crate) fn plan(&self) -> Result<Plan, EvaluationError> {
        let problems = self.experiment.diagnose();
        if problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(EvaluationError::Definition(problems));
        }
        Ok(for_experiment(&self.experiment))
    }

    fn compute(&self, statistics: &Statistics, labels: &EvaluationLabels) -> Scorecard {
        let begin = Instant::now();
        let scorecard = epstats::evaluate::scorecard(&self.experiment, statistics);
        self.metrics
            .computed(labels, begin.elapsed(), n_not_evaluated(&scorecard));
        scorecard
    }

    fn labels(&self) -> EvaluationLabels {
        EvaluationLabels {
            experiment: self.experiment.id.clone(),
            is_performance_test: self.is_performance_test,
        }
    }

    fn begin<'e>(&'e self, labels: &'e EvaluationLabels) -> Ending<'e> {
        self.metrics.evaluation_requested();
        Ending {
            metrics: &self.metrics,
            labels,
            begin: Instant::now(),
            is_success: false,
        }
    }

    fn end(
        &self,
        mut ending: Ending<'_>,
        answer: Result<Scorecard, EvaluationError>,
    ) -> Result<Scorecard, EvaluationError> {
        ending.is_success = answer.is_ok();
        if let Err(error) = &answer {
            report::failed_evaluation(&self.experiment, self.source.name(), error);
        }
        answer
    }
}

/// Evaluates experiments whose plans one source answers in one go, which takes as long for each of them: an answer for each, in their order.
pub(crate) async fn scorecards(
    evaluations: &[(Evaluation, Plan)],
) -> Vec<Result<Scorecard, EvaluationError>> {
    let Some((first, _)) = evaluations.first() else {
        return Vec::new();
    };
    let labels = evaluations
        .iter()
        .map(|(evaluation, _)| evaluation.labels());
    let labels: Vec<EvaluationLabels> = labels.collect();
    let labelled = || {
        evaluations
            .iter()
            .map(|(evaluation, _)| evaluation)
            .zip(&labels)
    };
    let endings: Vec<Ending<'_>> = labelled()
        .map(|(evaluation, labels)| evaluation.begin(labels))
        .collect();
    let plans: Vec<Plan> = evaluations.iter().map(|(_, plan)| plan.clone()).collect();
    let begin = Instant::now();
    let mut answers = first.source.fetch_many(&plans).await.into_iter();
    let elapsed = begin.elapsed();
    let scorecards = labelled()
        .zip(endings)
        .map(|((evaluation, labels), ending)| {
            evaluation.metrics.queried(labels, elapsed);
            let answer = answers
                .next()
                .unwrap_or_else(|| Err(SourceError::no_answer(evaluation.source.name())));
            let answer = answer.map(|statistics| evaluation.compute(&statistics, labels));
            evaluation.end(ending, answer.map_err(EvaluationError::from))
        });
    scorecards.collect()
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
