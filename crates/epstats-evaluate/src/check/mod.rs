//! Checks of the data's health.

mod sample_ratio_mismatch;
mod sum_ratio;

use epstats_experiment::formula::Formula;
use epstats_experiment::stats::Undefined;
use epstats_experiment::{Check, CheckKind, Experiment, GoalSums, Statistics};

use crate::ep_stats::SumProgram;
use crate::evaluate::Warnings;
use crate::formulas::{index_of, why_not_finite};
use crate::profile::Totals;
use crate::scorecard::finite;
use crate::variants::Variants;
use crate::{CheckPart, CheckResult, CheckTest, Outcome, Value};

/// The checks of an experiment, in the order of the definition.
pub(crate) fn results(
    experiment: &Experiment,
    statistics: &Statistics,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) -> Vec<CheckResult> {
    if experiment.checks.is_empty() {
        return Vec::new();
    }
    let totals = Totals::new(statistics, &experiment.unit_type);
    let data = Data {
        experiment,
        statistics,
        variants,
        totals: variants
            .iter()
            .map(|(variant, _)| totals.of(variant.data))
            .collect(),
    };
    let checks = experiment.checks.iter().enumerate();
    checks
        .map(|(position, check)| result(position, check, &data, warnings))
        .collect()
}

/// What checks look at.
struct Data<'a> {
    experiment: &'a Experiment,
    statistics: &'a Statistics,
    variants: &'a Variants<'a>,
    /// Sums of all goals in each variant.
    totals: Vec<Vec<GoalSums>>,
}

impl Data<'_> {
    /// The value of a formula on the sums of each variant.
    fn values(&self, formula: &Formula) -> Result<Vec<f64>, Undefined> {
        let goals = &self.statistics.goals;
        let program = SumProgram::compile(formula, &mut |goal| index_of(goals, goal))
            .ok_or(Undefined::InvalidInput)?;
        let value = |totals: &Vec<GoalSums>| {
            let value = program.evaluate(totals).sum;
            if value.is_finite() {
                Ok(value)
            } else {
                let sum = |goal: &_| Some(totals[index_of(goals, goal)?].sum);
                Err(why_not_finite(formula, sum))
            }
        };
        self.totals.iter().map(value).collect()
    }
}

/// What a check finds: how it ends, and the numbers behind that.
struct Finding {
    outcome: Outcome,
    values: Vec<(&'static str, Value)>,
    /// The same test on parts of the units.
    parts: Vec<CheckPart>,
}

impl Finding {
    /// What is found about all units.
    fn new(outcome: Outcome, values: Vec<(&'static str, Value)>) -> Self {
        Finding {
            outcome,
            values,
            parts: Vec::new(),
        }
    }
}

fn result(position: usize, check: &Check, data: &Data<'_>, warnings: &mut Warnings) -> CheckResult {
    let level = check.confidence_level;
    let (test, finding) = match &check.kind {
        CheckKind::SampleRatioMismatch {
            counts,
            by,
            sequential,
        } => {
            let question = sample_ratio_mismatch::Question {
                counts,
                by,
                sequential: *sequential,
                level,
            };
            (
                CheckTest::SampleRatioMismatch,
                sample_ratio_mismatch::find(position, &question, data, warnings),
            )
        }
        CheckKind::SumRatio {
            numerator,
            denominator,
            max_sum_ratio,
        } => (
            CheckTest::SumRatio,
            sum_ratio::find(numerator, denominator, *max_sum_ratio, level, data),
        ),
    };
    CheckResult {
        id: check.id.clone(),
        name: check.name.clone(),
        test,
        confidence_level: level,
        outcome: finding.outcome,
        values: finding
            .values
            .into_iter()
            .map(|(name, value)| (name, value.and_then(finite)))
            .collect(),
        parts: finding.parts,
    }
}

/// Passed or failed, where the number that decides is there.
fn judge(failed: Result<bool, Undefined>) -> Outcome {
    match failed {
        Ok(false) => Outcome::Passed,
        Ok(true) => Outcome::Failed,
        Err(reason) => Outcome::NotEvaluated(reason),
    }
}
