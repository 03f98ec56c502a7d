//! From the units and events of an exact layout to the answer of a plan.

use std::collections::BTreeMap;

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::stats::Moments;
use epstats_experiment::{
    CappedUnits, CapsInForce, GoalMoments, Observations, Shape, Statistics, Stratum, Sums,
};
use epstats_plan::{InconsistentUnits, Plan};

use super::exact::{Event, Unit, UnitId, is_asked};
use super::questions::{Measure, Questions};
use super::{strata, unit_values};
use crate::SourceError;

/// A unit that counts, with those of its events that pass the filters on goals.
struct Kept<'u, 't, M> {
    unit: &'u Unit<'t, M>,
    events: Vec<Event<'t>>,
    earlier: Vec<(i128, Event<'t>)>,
}

/// Answers a plan: filters units, computes the numbers of each, and takes their moments.
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
        let passes = |event: &Event<'_>| questions.passes_goal_filters(event);
        let events = unit.events.iter().filter(|event| passes(event));
        let earlier = unit.earlier.iter().filter(|(_, event)| passes(event));
        kept.push(Kept {
            unit,
            events: events.copied().collect(),
            earlier: earlier.copied().collect(),
        });
    }

    let null_values = questions.read_amounts(kept.iter().flat_map(|kept| {
        let since = kept.events.iter().map(|event| (None, event));
        let earlier = kept.earlier.iter();
        since.chain(earlier.map(|(ago, event)| (Some(*ago), event)))
    }))?;
    let (numbers, caps, capped) = numbers(questions, &kept)?;
    let all: Vec<usize> = (0..kept.len()).collect();
    let mut variants = by_variant(plan, &kept, &numbers, &all);
    for (variant, moments) in &mut variants {
        let of_variant = |index: &usize| kept[*index].unit.variant == variant;
        let own: Vec<usize> = all.iter().copied().filter(of_variant).collect();
        let shapes = plan.shapes.iter();
        moments.shapes = shapes
            .map(|quantity| shape(own.iter().map(|index| numbers[*index][*quantity])))
            .collect();
        let capped = capped.iter();
        moments.capped = capped
            .map(|beyond| sum(own.iter().map(|index| beyond[*index])))
            .collect();
    }

    let never_seen = |index: &usize| match &questions.measures[*index] {
        Measure::Zero => true,
        Measure::Exposure { .. } => false,
        Measure::Events { goal, .. } => !was_seen(goal),
    };
    let events = || {
        kept.iter()
            .map(|kept| (kept.unit.variant, &kept.events[..]))
    };
    Ok(Statistics {
        unit_values: plan.unit_values.clone(),
        shapes: plan.shapes.clone(),
        caps,
        strata: questions
            .strata
            .iter()
            .map(|stratum| {
                let name = stratum.dimension.to_owned();
                (name, by_value(plan, stratum, &kept, &numbers))
            })
            .collect(),
        quantiles: questions
            .quantiles
            .iter()
            .map(|quantile| quantile.answer(events()))
            .collect(),
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
                variants,
            },
        )
    })
}

/// The quantities of every kept unit after caps, the caps, and for each unit value whether each unit was beyond them.
#[allow(
    clippy::type_complexity,
    reason = "three tables of what is named above, used once"
)]
fn numbers<M: Copy + Ord>(
    questions: &Questions<'_>,
    kept: &[Kept<'_, '_, M>],
) -> Result<(Vec<Vec<f64>>, Vec<CapsInForce>, Vec<Vec<CappedUnits>>), SourceError> {
    let mut numbers: Vec<Vec<f64>> = kept
        .iter()
        .map(|kept| {
            let measures = questions.measures.iter();
            let totals = measures.map(|measure| total(measure, kept.unit, &kept.events));
            totals.collect()
        })
        .collect();
    let mut all_caps = Vec::new();
    let mut capped = Vec::new();
    for value in &questions.values {
        let raw: Vec<f64> = kept
            .iter()
            .map(|kept| value.of_unit(kept.unit, &kept.events, &kept.earlier))
            .collect();
        let n_undefined = raw.iter().filter(|number| !number.is_finite()).count();
        if n_undefined > 0 {
            return Err(value.undefined(questions.tables(), n_undefined));
        }
        let caps = value.caps(&raw);
        capped.push(
            raw.iter()
                .map(|number| CappedUnits {
                    below: u64::from(caps.lower.is_some_and(|lower| *number < lower)),
                    above: u64::from(caps.upper.is_some_and(|upper| *number > upper)),
                })
                .collect(),
        );
        for (numbers, raw) in numbers.iter_mut().zip(raw) {
            numbers.push(unit_values::kept(caps, raw));
        }
        all_caps.push(caps);
    }
    Ok((numbers, all_caps, capped))
}

/// Moments by variant of some of the kept units.
fn by_variant<M: Copy + Ord>(
    plan: &Plan,
    kept: &[Kept<'_, '_, M>],
    numbers: &[Vec<f64>],
    some: &[usize],
) -> BTreeMap<String, GoalMoments> {
    let mut moments: BTreeMap<&str, Moments> = BTreeMap::new();
    for index in some {
        let numbers = &numbers[*index];
        moments
            .entry(kept[*index].unit.variant)
            .or_insert_with(|| Moments::new(numbers.len()))
            .update(numbers);
    }
    moments
        .iter()
        .map(|(variant, moments)| ((*variant).to_owned(), goal_moments(plan, moments)))
        .collect()
}

/// Moments by variant for each value of a dimension.
fn by_value<M: Copy + Ord>(
    plan: &Plan,
    stratum: &strata::Stratum<'_>,
    kept: &[Kept<'_, '_, M>],
    numbers: &[Vec<f64>],
) -> Vec<Stratum> {
    let mut by_value: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (index, kept) in kept.iter().enumerate() {
        let value = stratum.value(kept.unit);
        by_value.entry(value).or_default().push(index);
    }
    by_value
        .into_iter()
        .map(|(value, some)| Stratum {
            value,
            variants: by_variant(plan, kept, numbers, &some),
        })
        .collect()
}

fn sum(units: impl Iterator<Item = CappedUnits>) -> CappedUnits {
    units.fold(CappedUnits::default(), |sum, unit| CappedUnits {
        below: sum.below + unit.below,
        above: sum.above + unit.above,
    })
}

fn shape(numbers: impl Iterator<Item = f64> + Clone) -> Shape {
    #[allow(clippy::cast_precision_loss, reason = "far below 2^53 units")]
    let n = numbers.clone().count() as f64;
    Shape {
        mean_cube: numbers.clone().map(|x| x * x * x).sum::<f64>() / n,
        lowest: numbers.clone().fold(f64::INFINITY, f64::min),
        highest: numbers.fold(f64::NEG_INFINITY, f64::max),
    }
}

/// The total of one goal for one unit.
pub(super) fn total<M: Copy + Ord>(
    measure: &Measure<'_>,
    unit: &Unit<'_, M>,
    events: &[Event<'_>],
) -> f64 {
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
        means: (0..moments.quantities()).map(|i| moments.mean(i)).collect(),
        comoments: plan
            .pairs
            .iter()
            .map(|&(i, j)| moments.comoment(i, j))
            .collect(),
        ..GoalMoments::default()
    }
}
