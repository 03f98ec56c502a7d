//! Which statistics an experiment needs: declared by metrics and checks, merged, fetched once.

use std::collections::{BTreeMap, BTreeSet};

use epstats_formula::{Aggregation, Function, Goal};

use crate::Experiment;

/// The goals and the pairs of goals that the metrics and checks of one experiment read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Distinct goals in order of first appearance; the first is always the count of exposures.
    pub goals: Vec<Goal>,
    /// Pairs of indices into `goals` whose co-moment is read, each `(i, j)` with `i <= j`, sorted.
    ///
    /// A pair with the count of exposures is never listed: it is one for every unit and varies with nothing.
    pub pairs: Vec<(usize, usize)>,
}

impl Needs {
    /// Collects the needs of all metrics and checks of an experiment.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Needs {
        let mut goals = Goals::default();
        goals.index(&exposure_goal(&experiment.unit_type));
        let mut pairs = BTreeSet::new();
        for metric in &experiment.metrics {
            let mut indices = Vec::new();
            for goal in metric.ratio.goals() {
                let index = goals.index(goal);
                if !is_exposure_count(goal, &experiment.unit_type) {
                    indices.push(index);
                }
            }
            for &i in &indices {
                for &j in &indices {
                    if i <= j {
                        pairs.insert((i, j));
                    }
                }
            }
        }
        for check in &experiment.checks {
            for goal in check.goals() {
                goals.index(goal);
            }
        }
        Needs {
            goals: goals.in_order,
            pairs: pairs.into_iter().collect(),
        }
    }
}

/// The goal that counts exposed units: `count(<unit type>.global.exposure)`.
#[must_use]
pub fn exposure_goal(unit_type: &str) -> Goal {
    Goal {
        function: Function::Count,
        unit_type: unit_type.to_owned(),
        aggregation: Aggregation::Global,
        name: "exposure".to_owned(),
        filters: Vec::new(),
    }
}

/// Is the goal one for every exposed unit: `count` or `unique` of the exposure, unfiltered?
#[must_use]
pub fn is_exposure_count(goal: &Goal, unit_type: &str) -> bool {
    goal.name == "exposure"
        && goal.unit_type == unit_type
        && goal.filters.is_empty()
        && goal.function != Function::Value
}

/// Distinct goals in order of first appearance.
#[derive(Default)]
struct Goals {
    in_order: Vec<Goal>,
    positions: BTreeMap<Goal, usize>,
}

impl Goals {
    fn index(&mut self, goal: &Goal) -> usize {
        *self.positions.entry(goal.clone()).or_insert_with(|| {
            self.in_order.push(goal.clone());
            self.in_order.len() - 1
        })
    }
}
