//! Sums over units, and formulas over sums.

use std::collections::BTreeMap;

use epstats_evaluate::ep_stats::SumProgram;
use epstats_experiment::formula::Formula;
use epstats_experiment::{GoalSums, Statistics, Sums};

/// A sum and a sum of squares, each with what rounding took away (Neumaier 1974): a million additions lose no digit.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sum {
    sum: (f64, f64),
    squares: (f64, f64),
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        add(&mut self.sum, value);
        add(&mut self.squares, value * value);
    }

    pub(crate) fn finish(&self) -> GoalSums {
        GoalSums {
            sum: self.sum.0 + self.sum.1,
            sum_of_squares: self.squares.0 + self.squares.1,
        }
    }
}

fn add((sum, lost): &mut (f64, f64), value: f64) {
    let next = *sum + value;
    *lost += if sum.abs() >= value.abs() {
        (*sum - next) + value
    } else {
        (value - next) + *sum
    };
    *sum = next;
}

/// The value of a formula on the sums of each variant, in the arithmetic of ep-stats.
pub(crate) fn on_sums(formula: &Formula, statistics: &Statistics) -> BTreeMap<String, GoalSums> {
    let Sums::Marginal { variants } = &statistics.sums else {
        return BTreeMap::new();
    };
    let goals = &statistics.goals;
    let program = SumProgram::compile(formula, &mut |goal| {
        goals.iter().position(|known| known == goal)
    });
    let value = |sums: &[GoalSums]| match &program {
        Some(program) => program.evaluate(sums),
        None => GoalSums::default(),
    };
    variants
        .iter()
        .map(|(name, sums)| (name.clone(), value(&sums.goals)))
        .collect()
}
