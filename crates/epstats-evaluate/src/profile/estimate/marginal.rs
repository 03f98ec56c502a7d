//! The estimate from sums alone.

use epstats_experiment::formula::Goal;
use epstats_experiment::stats::{Undefined, from_sums};
use epstats_experiment::{MarginalSums, Metric};

use super::Arm;
use crate::Value;
use crate::ep_stats::SumProgram;
use crate::formulas::{index_of, why_not_finite};

/// n is the value of the denominator, and the numerator's squares stand for squares per observation.
pub(in crate::profile) struct Marginal<'a> {
    metric: &'a Metric,
    goals: &'a [Goal],
    numerator: SumProgram,
    denominator: SumProgram,
}

impl<'a> Marginal<'a> {
    pub(super) fn new(metric: &'a Metric, goals: &'a [Goal]) -> Option<Self> {
        let mut index = |goal: &Goal| index_of(goals, goal);
        Some(Marginal {
            metric,
            goals,
            numerator: SumProgram::compile(&metric.ratio.numerator, &mut index)?,
            denominator: SumProgram::compile(&metric.ratio.denominator, &mut index)?,
        })
    }

    pub(super) fn arm(&self, sums: &MarginalSums) -> Arm {
        let total = self.numerator.evaluate(&sums.goals);
        let n = self.denominator.evaluate(&sums.goals).sum;
        let value_of = |goal: &Goal| Some(sums.goals[index_of(self.goals, goal)?].sum);
        let finite = |value: f64, formula| {
            if value.is_finite() {
                Ok(value)
            } else {
                Err(why_not_finite(formula, value_of))
            }
        };
        let sample_size = finite(n, &self.metric.ratio.denominator);
        let sum = finite(total.sum, &self.metric.ratio.numerator);
        let why = match (sample_size, sum) {
            (Ok(0.0), _) => Some(Undefined::DenominatorZero),
            (Err(reason), _) | (_, Err(reason)) => Some(reason),
            _ => None,
        };
        let found = from_sums(n, total.sum, total.sum_of_squares);
        let or_why = |value: Value| why.map_or(value, Err);
        Arm {
            sample_size,
            sum,
            mean: or_why(found.mean),
            unit_variance: or_why(found.variance),
            precision_lost: found.precision_lost(),
        }
    }
}
