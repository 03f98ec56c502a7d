//! Which statistics an experiment needs: declared by metrics and checks, merged, fetched once.

use std::collections::BTreeSet;
// tidy: unordered, never iterated
use std::collections::HashMap;
use std::hash::Hash;

use epstats_formula::{Aggregation, Function, Goal};

use crate::metric_needs::{MetricNeeds, Quantity, Reading};
use crate::{CheckKind, Experiment, Inference, QuantileNeed, UnitValue};

/// What the metrics and checks of one experiment read.
///
/// A *quantity* is a number that every unit has: the goals come first, then the unit values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Distinct goals in order of first appearance; the first is always the count of exposures.
    pub goals: Vec<Goal>,
    /// Distinct unit values in order of first appearance. Their goals are not among `goals`, unless they are read as well.
    pub unit_values: Vec<UnitValue>,
    /// Pairs of quantities whose co-moment is read, each `(i, j)` with `i <= j`, sorted.
    ///
    /// A pair with the count of exposures is never listed: it is one for every unit and varies with nothing.
    pub pairs: Vec<(usize, usize)>,
    /// Quantities whose shape is read, sorted. A source that knows no single units leaves them out of its answer.
    pub shapes: Vec<usize>,
    /// Dimensions of the exposure by whose values the moments are wanted, too; sorted.
    pub strata: Vec<String>,
    /// Distinct quantiles of events in order of first appearance.
    pub quantiles: Vec<QuantileNeed>,
}

impl Needs {
    /// Collects the needs of all metrics and checks of an experiment.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Needs {
        let unit_type = &experiment.unit_type;
        let of_metrics: Vec<MetricNeeds<'_>> = experiment
            .metrics
            .iter()
            .map(|metric| MetricNeeds::of(metric, unit_type))
            .collect();
        let mut found = Found::default();
        found.goal(&exposure_goal(unit_type));
        for (needs, metric) in of_metrics.iter().zip(&experiment.metrics) {
            if let Some(quantile) = &needs.quantile {
                if !found.quantiles.contains(quantile) {
                    found.quantiles.push(quantile.clone());
                }
                continue;
            }
            found.add(&needs.numerator);
            // Where only sums are known, and in profile `ep-stats`, exposures are read by the name they have in the denominator.
            let denominator = metric.ratio.denominator.goals();
            denominator.into_iter().for_each(|goal| found.goal(goal));
            needs.readings().for_each(|reading| found.add(reading));
        }
        for check in &experiment.checks {
            for goal in check.goals() {
                found.goal(goal);
            }
        }
        // Only now is it known how many goals come before the first unit value.
        let mut pairs = BTreeSet::new();
        let mut shapes = BTreeSet::new();
        for needs in of_metrics.iter().filter(|needs| needs.quantile.is_none()) {
            let quantities = needs.readings().flat_map(Reading::quantities);
            let mut indices: Vec<usize> = quantities
                .filter(|quantity| !is_constant(quantity, unit_type))
                .map(|quantity| found.index(&quantity))
                .collect();
            indices.sort_unstable();
            indices.dedup();
            for (place, &i) in indices.iter().enumerate() {
                pairs.extend(indices[place..].iter().map(|&j| (i, j)));
            }
            if experiment.inference == Inference::Standard {
                shapes.extend(needs.shape.as_ref().map(|quantity| found.index(quantity)));
            }
        }
        Needs {
            strata: strata(experiment),
            goals: found.goals.in_order,
            unit_values: found.values.in_order,
            pairs: pairs.into_iter().collect(),
            shapes: shapes.into_iter().collect(),
            quantiles: found.quantiles,
        }
    }
}

/// The dimensions that strata and checks ask for.
fn strata(experiment: &Experiment) -> Vec<String> {
    let of_checks = experiment
        .checks
        .iter()
        .flat_map(|check| match &check.kind {
            CheckKind::SampleRatioMismatch { by, .. } => &by[..],
            CheckKind::SumRatio { .. } => &[],
        });
    let all = of_checks.chain(&experiment.post_stratification).cloned();
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_constant(quantity: &Quantity, unit_type: &str) -> bool {
    matches!(quantity, Quantity::Goal(goal) if is_exposure_count(goal, unit_type))
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

/// What was found so far.
#[derive(Default)]
struct Found {
    goals: Distinct<Goal>,
    values: Distinct<UnitValue>,
    quantiles: Vec<QuantileNeed>,
}

impl Found {
    fn goal(&mut self, goal: &Goal) {
        self.goals.add(goal);
    }

    fn add(&mut self, reading: &Reading<'_>) {
        for quantity in reading.quantities() {
            match quantity {
                Quantity::Goal(goal) => self.goals.add(&goal),
                Quantity::Value(value) => self.values.add(&value),
            }
        }
    }

    /// The number of a quantity that was found.
    fn index(&self, quantity: &Quantity) -> usize {
        match quantity {
            Quantity::Goal(goal) => self.goals.positions[goal],
            Quantity::Value(value) => self.goals.in_order.len() + self.values.positions[value],
        }
    }
}

/// Distinct things in order of first appearance.
struct Distinct<T> {
    in_order: Vec<T>,
    // tidy: unordered, never iterated
    positions: HashMap<T, usize>,
}

impl<T: Clone + Eq + Hash> Distinct<T> {
    fn add(&mut self, thing: &T) {
        if !self.positions.contains_key(thing) {
            self.positions.insert(thing.clone(), self.in_order.len());
            self.in_order.push(thing.clone());
        }
    }
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Distinct {
            in_order: Vec::new(),
            // tidy: unordered, never iterated
            positions: HashMap::new(),
        }
    }
}
