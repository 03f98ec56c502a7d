//! What all exact layouts share: from exposed units and their attributed events to moments.
//!
//! A layout says which units were exposed, when first, and which events are theirs; from there on every exact
//! layout means the same.

use std::collections::BTreeMap;

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::stats::Moments;
use epstats_experiment::{GoalMoments, Observations, Statistics, Sums};
use epstats_plan::{InconsistentUnits, Plan};

use super::questions::{Measure, Questions};
use super::table::Cell;
use crate::SourceError;

/// The reserved name of the goal that every exposed unit has.
pub(crate) const EXPOSURE: &str = "exposure";

/// The id of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnitId<'t> {
    Integer(i64),
    Text(&'t str),
}

impl<'t> UnitId<'t> {
    pub(super) fn of(cell: &'t Cell) -> Option<Self> {
        match cell {
            Cell::Integer(integer) => Some(UnitId::Integer(*integer)),
            Cell::Text(text) => Some(UnitId::Text(text)),
            _ => None,
        }
    }
}

/// One seen exposure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exposure<'t, M> {
    pub(crate) unit: UnitId<'t>,
    pub(crate) variant: &'t str,
    pub(crate) moment: M,
    pub(crate) row: &'t [Cell],
}

/// A unit that was exposed, and what it did.
#[derive(Debug, Clone)]
pub(crate) struct Unit<'t, M> {
    pub(crate) first_moment: M,
    /// The variant that sorts first among the exposures at the first moment.
    pub(crate) variant: &'t str,
    /// All seen exposures.
    pub(crate) exposures: Vec<Exposure<'t, M>>,
    /// The events that count for it, the goal `exposure` not among them.
    pub(crate) events: Vec<Event<'t>>,
}

/// Something attributed to a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'t> {
    pub(crate) unit_type: &'t str,
    /// The aggregation that the row is for; `None` where it is for every one.
    pub(crate) aggregation: Option<&'t str>,
    pub(crate) goal: &'t str,
    pub(crate) count: Amount,
    pub(crate) value: Amount,
    pub(crate) row: &'t [Cell],
}

/// A number of a row, or NULL.
pub(crate) type Amount = Option<f64>;

/// Groups exposures by unit and finds the first moment and the variant of each.
pub(crate) fn units<'t, M: Copy + Ord>(
    exposures: impl Iterator<Item = Exposure<'t, M>>,
) -> BTreeMap<UnitId<'t>, Unit<'t, M>> {
    let mut by_unit: BTreeMap<UnitId<'t>, Vec<Exposure<'t, M>>> = BTreeMap::new();
    for exposure in exposures {
        by_unit.entry(exposure.unit).or_default().push(exposure);
    }
    let mut units = BTreeMap::new();
    for (id, exposures) in by_unit {
        let Some(first) = exposures
            .iter()
            .min_by_key(|exposure| (exposure.moment, exposure.variant))
        else {
            continue;
        };
        let unit = Unit {
            first_moment: first.moment,
            variant: first.variant,
            exposures,
            events: Vec::new(),
        };
        units.insert(id, unit);
    }
    units
}

impl<'t, M: Copy + Ord> Unit<'t, M> {
    /// The rows of its exposures at the first moment, whatever their variant.
    pub(crate) fn first_rows(&self) -> impl Iterator<Item = &'t [Cell]> {
        self.exposures
            .iter()
            .filter(|exposure| exposure.moment == self.first_moment)
            .map(|exposure| exposure.row)
    }

    /// Was it exposed to more than one variant?
    pub(crate) fn is_inconsistent(&self) -> bool {
        self.exposures
            .iter()
            .any(|exposure| exposure.variant != self.variant)
    }
}

/// Is the variant one of those that the plan asks for?
pub(super) fn is_asked(plan: &Plan, variant: &str) -> bool {
    plan.variants
        .as_ref()
        .is_none_or(|variants| variants.iter().any(|asked| asked == variant))
}

/// Answers a plan: filters units, sums the goals of each, and takes the moments of the sums.
pub(super) fn answer<M: Copy + Ord>(
    plan: &Plan,
    policy: InconsistentUnits,
    questions: &Questions<'_>,
    units: &BTreeMap<UnitId<'_>, Unit<'_, M>>,
    was_seen: impl Fn(&Goal) -> bool,
) -> Result<Statistics, SourceError> {
    let left_out = policy == InconsistentUnits::LeaveOut;
    let mut inconsistent_units: BTreeMap<String, u64> = BTreeMap::new();
    let mut kept = Vec::new();
    for unit in units.values() {
        if !is_asked(plan, unit.variant) || !questions.keep(unit) {
            continue;
        }
        if unit.is_inconsistent() {
            *inconsistent_units
                .entry(unit.variant.to_owned())
                .or_default() += 1;
            if left_out {
                continue;
            }
        }
        let events: Vec<Event<'_>> = unit
            .events
            .iter()
            .filter(|event| questions.passes_goal_filters(event))
            .copied()
            .collect();
        kept.push((unit, events));
    }

    let null_values = questions.read_amounts(kept.iter().flat_map(|(_, events)| events))?;
    let mut moments: BTreeMap<&str, Moments> = BTreeMap::new();
    for (unit, events) in &kept {
        let totals: Vec<f64> = questions
            .measures
            .iter()
            .map(|measure| total(measure, unit, events))
            .collect();
        moments
            .entry(unit.variant)
            .or_insert_with(|| Moments::new(totals.len()))
            .update(&totals);
    }

    let never_seen = |index: &usize| match &questions.measures[*index] {
        Measure::Zero => true,
        Measure::Exposure { .. } => false,
        Measure::Events { goal, .. } => !was_seen(goal),
    };
    Ok(Statistics {
        observations: Observations {
            inconsistent_units: Some(inconsistent_units),
            inconsistent_units_left_out: left_out,
            null_values,
            goals_never_seen: (0..plan.goals.len()).filter(never_seen).collect(),
            squares_assumed: Vec::new(),
        },
        ..Statistics::new(
            plan.goals.clone(),
            Sums::Exact {
                pairs: plan.pairs.clone(),
                variants: moments
                    .iter()
                    .map(|(variant, moments)| ((*variant).to_owned(), goal_moments(plan, moments)))
                    .collect(),
            },
        )
    })
}

/// The total of one goal for one unit.
fn total<M: Copy + Ord>(measure: &Measure<'_>, unit: &Unit<'_, M>, events: &[Event<'_>]) -> f64 {
    match measure {
        Measure::Zero => 0.0,
        Measure::Exposure { goal, conditions } => {
            let has_it = unit
                .first_rows()
                .any(|row| conditions.iter().all(|condition| condition.holds(row)));
            match goal.function {
                Function::Count | Function::Unique if has_it => 1.0,
                _ => 0.0,
            }
        }
        Measure::Events { goal, .. } => {
            let mut count = 0.0;
            let mut value = 0.0;
            for event in events.iter().filter(|event| measure.reads(event)) {
                count += event.count.unwrap_or(0.0);
                value += event.value.unwrap_or(0.0);
            }
            match goal.function {
                Function::Count => count,
                Function::Value => value,
                Function::Unique if count > 0.0 => 1.0,
                Function::Unique => 0.0,
            }
        }
    }
}

fn goal_moments(plan: &Plan, moments: &Moments) -> GoalMoments {
    GoalMoments {
        n_units: moments.n(),
        means: (0..plan.goals.len()).map(|i| moments.mean(i)).collect(),
        comoments: plan
            .pairs
            .iter()
            .map(|&(i, j)| moments.comoment(i, j))
            .collect(),
        ..GoalMoments::default()
    }
}
