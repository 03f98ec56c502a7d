//! Answers written as text.

use std::collections::BTreeMap;

use epstats_experiment::{GoalMoments, GoalSums, MarginalSums, Observations, Statistics, Sums};
use epstats_plan::Plan;

use crate::FailureKind;
use crate::contract::Expected;

/// The answer to a case, before its plan is known.
#[derive(Debug, Clone)]
pub(in crate::contract) enum Answer {
    /// Totals of every unit on the goals after the count of exposures, by variant.
    Units(BTreeMap<String, Vec<Vec<f64>>>, Observations),
    /// Sums and squares of all goals, by variant.
    Sums(BTreeMap<String, Vec<GoalSums>>, Observations),
    /// A refusal.
    Failure(FailureKind, Vec<String>),
}

/// An exact answer, a line per variant: `a: 1 2.5, 0 0` are two units with their totals on two goals, the count of
/// exposures not among them. Units in several variants are left out, and there are none, unless said otherwise.
pub(in crate::contract) fn answers(text: &str) -> Answer {
    let units = by_variant(text)
        .map(|(variant, units)| (variant, units.split(',').map(numbers).collect()))
        .collect();
    let observations = Observations {
        inconsistent_units: Some(BTreeMap::new()),
        inconsistent_units_left_out: true,
        ..Observations::default()
    };
    Answer::Units(units, observations)
}

/// A marginal answer, a line per variant: `a: 2 2, 5 13` are the sum and the squares of two goals, the first of
/// them the count of exposures.
pub(in crate::contract) fn sums(text: &str) -> Answer {
    let goal = |text: &str| match numbers(text).as_slice() {
        [sum, sum_of_squares] => GoalSums {
            sum: *sum,
            sum_of_squares: *sum_of_squares,
        },
        other => panic!("{other:?} is not a sum and its squares"),
    };
    let sums = by_variant(text)
        .map(|(variant, goals)| (variant, goals.split(',').map(goal).collect()))
        .collect();
    Answer::Sums(sums, Observations::default())
}

/// A refusal whose message contains all the words.
pub(in crate::contract) fn fails(kind: FailureKind, mentions: &[&str]) -> Answer {
    Answer::Failure(kind, mentions.iter().map(ToString::to_string).collect())
}

impl Answer {
    /// The units themselves, where names make a text unreadable.
    pub(in crate::contract) fn with_units(
        self,
        by_variant: BTreeMap<String, Vec<Vec<f64>>>,
    ) -> Self {
        match self {
            Answer::Units(_, observations) => Answer::Units(by_variant, observations),
            Answer::Sums(..) | Answer::Failure(..) => panic!("only an exact answer has units"),
        }
    }

    /// Units of the variant were seen in several variants, too.
    pub(in crate::contract) fn inconsistent(self, variant: &str, n_units: u64) -> Self {
        self.observing(|observations| {
            observations
                .inconsistent_units
                .get_or_insert_default()
                .insert(variant.to_owned(), n_units);
        })
    }

    /// Units in several variants are kept.
    pub(in crate::contract) fn kept(self) -> Self {
        self.observing(|observations| observations.inconsistent_units_left_out = false)
    }

    /// So many rows had NULL where a number was to be summed.
    pub(in crate::contract) fn null_values(self, null_values: u64) -> Self {
        self.observing(|observations| observations.null_values = null_values)
    }

    /// The data do not have these goals.
    pub(in crate::contract) fn never_seen(self, goals: &[usize]) -> Self {
        self.observing(|observations| observations.goals_never_seen = goals.to_vec())
    }

    /// The sums of these goals stand in for their squares.
    pub(in crate::contract) fn squares_assumed(self, goals: &[usize]) -> Self {
        self.observing(|observations| observations.squares_assumed = goals.to_vec())
    }

    /// The answer to the plan.
    pub(in crate::contract) fn to(self, plan: &Plan) -> Expected {
        let (sums, observations) = match self {
            Answer::Failure(kind, mentions) => return Expected::Failure { kind, mentions },
            Answer::Units(units, observations) => {
                let variants = units
                    .into_iter()
                    .map(|(variant, units)| (variant, moments(plan, &units)))
                    .collect();
                let pairs = plan.pairs.clone();
                (Sums::Exact { pairs, variants }, observations)
            }
            Answer::Sums(sums, observations) => {
                let variants = sums
                    .into_iter()
                    .map(|(variant, goals)| {
                        assert_eq!(goals.len(), plan.goals.len(), "goals of `{variant}`");
                        (variant, MarginalSums { goals })
                    })
                    .collect();
                (Sums::Marginal { variants }, observations)
            }
        };
        Expected::Statistics(Box::new(Statistics {
            observations,
            ..Statistics::new(plan.goals.clone(), sums)
        }))
    }

    fn observing(mut self, change: impl FnOnce(&mut Observations)) -> Self {
        match &mut self {
            Answer::Units(_, observations) | Answer::Sums(_, observations) => change(observations),
            Answer::Failure(..) => panic!("a refusal observes nothing"),
        }
        self
    }
}

/// Moments of totals by their definition, in two passes.
fn moments(plan: &Plan, units: &[Vec<f64>]) -> GoalMoments {
    let rows: Vec<Vec<f64>> = units
        .iter()
        .map(|totals| {
            let row: Vec<f64> = [1.0].iter().chain(totals).copied().collect();
            assert_eq!(row.len(), plan.goals.len(), "goals of the unit {totals:?}");
            row
        })
        .collect();
    #[allow(clippy::cast_precision_loss, reason = "a handful of units")]
    let n = rows.len() as f64;
    let means: Vec<f64> = (0..plan.goals.len())
        .map(|goal| rows.iter().map(|row| row[goal]).sum::<f64>() / n)
        .collect();
    let comoments = plan
        .pairs
        .iter()
        .map(|&(i, j)| {
            rows.iter()
                .map(|row| (row[i] - means[i]) * (row[j] - means[j]))
                .sum()
        })
        .collect();
    GoalMoments {
        n_units: rows.len() as u64,
        means,
        comoments,
        ..GoalMoments::default()
    }
}

fn by_variant(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| match line.rsplit_once(':') {
            Some((variant, rest)) => (variant.trim().to_owned(), rest),
            None => panic!("`{line}` has no variant"),
        })
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace()
        .map(|number| match number.parse() {
            Ok(number) => number,
            Err(_) => panic!("`{number}` is not a number"),
        })
        .collect()
}
