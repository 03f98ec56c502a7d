//! Goals that stand in for a formula whose sums are known already.

use std::collections::BTreeMap;

use epstats_experiment::formula::{Aggregation, Formula, Function, Goal};
use epstats_experiment::{GoalSums, Metric, Statistics, Sums};

/// A goal that no formula can name, and its sums in each variant.
pub(crate) struct StandIn {
    goal: Goal,
    sums: BTreeMap<String, GoalSums>,
    is_numerator: bool,
}

impl StandIn {
    /// The numerator of the metric at a place.
    pub(crate) fn numerator(place: usize, sums: BTreeMap<String, GoalSums>) -> Self {
        StandIn {
            goal: goal(Function::Value, format!("numerator {place}")),
            sums,
            is_numerator: true,
        }
    }

    /// Its denominator, which counts observations.
    pub(crate) fn denominator(place: usize, sums: BTreeMap<String, GoalSums>) -> Self {
        StandIn {
            goal: goal(Function::Count, format!("denominator {place}")),
            sums,
            is_numerator: false,
        }
    }
}

/// Names of goals have no spaces, so that no goal of a user is meant.
fn goal(function: Function, name: String) -> Goal {
    Goal {
        function,
        unit_type: String::new(),
        aggregation: Aggregation::Unit,
        name,
        filters: Vec::new(),
    }
}

/// Puts the goal into the place of the metric's formula, and its sums among the statistics.
pub(crate) fn stand_in(statistics: &mut Statistics, stand_in: StandIn, metric: &mut Metric) {
    let Sums::Marginal { variants } = &mut statistics.sums else {
        return;
    };
    for (name, sums) in variants {
        let known = stand_in.sums.get(name).copied();
        sums.goals.push(known.unwrap_or_default());
    }
    statistics.goals.push(stand_in.goal.clone());
    let formula = if stand_in.is_numerator {
        &mut metric.ratio.numerator
    } else {
        &mut metric.ratio.denominator
    };
    *formula = Formula::from(stand_in.goal);
}
