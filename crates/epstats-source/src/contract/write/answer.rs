//! Answers written as text.

use std::collections::BTreeMap;

use epstats_experiment::{
    CappedUnits, CapsInForce, ClusteredEvents, GoalSums, MarginalSums, Observations, Statistics,
    Sums,
};
use epstats_plan::Plan;

use super::units::Units;
use crate::FailureKind;
use crate::contract::Expected;

/// The answer to a case, before its plan is known.
#[derive(Debug, Clone)]
pub(in crate::contract) enum Answer {
    /// Exact moments.
    Units(Units),
    /// Sums and squares of all goals, by variant.
    Sums(BTreeMap<String, Vec<GoalSums>>, Observations),
    /// A refusal.
    Failure(FailureKind, Vec<String>),
}

/// An exact answer, a line per variant: `a: 1 2.5, 0 0` are two units with their numbers on two quantities, the count of
/// exposures not among them; unit values stand after the goals, as they are after caps. Units in several variants are left out, and there are none, unless said otherwise.
pub(in crate::contract) fn answers(text: &str) -> Answer {
    let units = by_variant(text)
        .map(|(variant, units)| (variant, units.split(',').map(numbers).collect()))
        .collect();
    let observations = Observations {
        inconsistent_units: Some(BTreeMap::new()),
        inconsistent_units_left_out: true,
        ..Observations::default()
    };
    Answer::Units(Units {
        by_variant: units,
        observations,
        ..Units::default()
    })
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
        self.exact(|units| units.by_variant = by_variant)
    }

    /// The caps in force, for each unit value.
    pub(in crate::contract) fn caps(self, caps: &[(Option<f64>, Option<f64>)]) -> Self {
        let caps = caps.iter();
        let caps = caps.map(|&(lower, upper)| CapsInForce { lower, upper });
        self.exact(|units| units.caps = caps.collect())
    }

    /// Units of the variant below and above the caps, for each unit value.
    pub(in crate::contract) fn capped(self, variant: &str, capped: &[(u64, u64)]) -> Self {
        let capped = capped.iter();
        let capped = capped.map(|&(below, above)| CappedUnits { below, above });
        self.exact(|units| {
            units.capped.insert(variant.to_owned(), capped.collect());
        })
    }

    /// The value of every unit in a dimension, a line per variant: `a: CZ, NULL`.
    pub(in crate::contract) fn stratum(self, dimension: &str, text: &str) -> Self {
        let value = |text: &str| (text.trim() != "NULL").then(|| text.trim().to_owned());
        let values = by_variant(text)
            .map(|(variant, values)| (variant, values.split(',').map(value).collect()))
            .collect();
        self.exact(|units| {
            units.strata.insert(dimension.to_owned(), values);
        })
    }

    /// The next quantile, a line per variant that has events: `a: 3 5 2.5 - 4 1.5` are the numbers of units and events, the quantile, those
    /// beside it (`-` for none), and the squares.
    pub(in crate::contract) fn quantile(self, text: &str) -> Self {
        let variants = by_variant(text)
            .map(|(variant, events)| (variant, clustered(events)))
            .collect();
        self.exact(|units| units.quantiles.push(variants))
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
            Answer::Units(units) => {
                return Expected::Statistics(Box::new(units.to(plan)));
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

    fn exact(mut self, change: impl FnOnce(&mut Units)) -> Self {
        match &mut self {
            Answer::Units(units) => change(units),
            Answer::Sums(..) | Answer::Failure(..) => panic!("only an exact answer has units"),
        }
        self
    }

    fn observing(mut self, change: impl FnOnce(&mut Observations)) -> Self {
        match &mut self {
            Answer::Units(Units { observations, .. }) | Answer::Sums(_, observations) => {
                change(observations);
            }
            Answer::Failure(..) => panic!("a refusal observes nothing"),
        }
        self
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

fn clustered(text: &str) -> ClusteredEvents {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [n_units, n_events, value, lower, upper, squares] = words.as_slice() else {
        panic!("`{text}` is not a quantile");
    };
    let number = |word: &str| match word.parse() {
        Ok(number) => number,
        Err(_) => panic!("`{word}` is not a number"),
    };
    let count = |word: &str| match word.parse() {
        Ok(count) => count,
        Err(_) => panic!("`{word}` is not a count"),
    };
    let limit = |word: &str| (word != "-").then(|| number(word));
    ClusteredEvents {
        n_units: count(n_units),
        n_events: count(n_events),
        value: number(value),
        lower: limit(lower),
        upper: limit(upper),
        squares: number(squares),
    }
}
