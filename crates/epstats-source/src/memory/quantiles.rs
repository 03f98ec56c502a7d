//! Quantiles of the values of events.

use std::collections::BTreeMap;

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::stats::{OrderStatistics, Probability, quantile_reach};
use epstats_experiment::{ClusteredEvents, EventQuantile, QuantileNeed};

use super::exact::{EXPOSURE, Event};
use super::questions::{Measure, Tables};
use crate::{FailureKind, SourceError};

/// A quantile that is asked for, and the events that it is of.
pub(super) struct Quantile<'t> {
    asked: &'t QuantileNeed,
    measure: Measure<'t>,
}

impl<'t> Quantile<'t> {
    pub(super) fn of(asked: &'t QuantileNeed, tables: &Tables<'t>) -> Result<Self, SourceError> {
        let goal = &asked.goal;
        let has_values = goal.function == Function::Value && goal.name != EXPOSURE;
        if !has_values || !tables.has_single_events {
            return Err(refusal(tables, goal));
        }
        match tables.measure(goal)? {
            measure @ Measure::Events { .. } => Ok(Quantile { asked, measure }),
            Measure::Zero | Measure::Exposure { .. } => Err(refusal(tables, goal)),
        }
    }

    /// One quantile for each goal, whatever its levels.
    pub(super) fn distinct_goals<'q>(
        all: &'q [Quantile<'t>],
    ) -> impl Iterator<Item = &'q Quantile<'t>> {
        all.iter().enumerate().filter_map(|(index, quantile)| {
            let mut before = all[..index].iter();
            let is_first = before.all(|other| other.asked.goal != quantile.asked.goal);
            is_first.then_some(quantile)
        })
    }

    /// Is the event one of those?
    pub(super) fn reads(&self, event: &Event<'_>) -> bool {
        self.measure.reads(event)
    }

    /// The quantile in each variant that has events; `units` are the counted ones, each with its variant and events.
    pub(super) fn answer<'u>(
        &self,
        units: impl Iterator<Item = (&'u str, &'u [Event<'u>])>,
    ) -> EventQuantile {
        let mut by_variant: BTreeMap<&str, Vec<Vec<f64>>> = BTreeMap::new();
        for (variant, events) in units {
            let own = events.iter().filter(|event| self.reads(event));
            let values = own.filter_map(|event| event.value).collect();
            by_variant.entry(variant).or_default().push(values);
        }
        let variants = by_variant.into_iter();
        EventQuantile {
            goal: self.asked.goal.clone(),
            level: self.asked.level,
            variants: variants
                .filter_map(|(variant, units)| {
                    let events = clustered(self.asked.level.value(), &units)?;
                    Some((variant.to_owned(), events))
                })
                .collect(),
        }
    }
}

/// What is known of the events of units around a quantile; `None` without events.
fn clustered(level: f64, units: &[Vec<f64>]) -> Option<ClusteredEvents> {
    let events = OrderStatistics::of(units.concat()).ok()?;
    #[allow(clippy::cast_precision_loss, reason = "far below 2^53 events")]
    let count = |number: usize| number as f64;
    let n_events = events.values().len();
    let reach = quantile_reach(Probability::new(level)?, count(n_events));
    let at = |level: f64| Some(events.quantile(Probability::new(level)?));
    let inside = |level: f64| (level > 0.0 && level < 1.0).then_some(level);
    let value = at(level)?;
    let share = count(events.count_up_to(value)) / count(n_events);
    let squares = units.iter().map(|values| {
        let up_to = values.iter().filter(|other| **other <= value).count();
        (count(up_to) - share * count(values.len())).powi(2)
    });
    Some(ClusteredEvents {
        n_units: units.len() as u64,
        n_events: n_events as u64,
        value,
        lower: inside(level - reach).and_then(at),
        upper: inside(level + reach).and_then(at),
        squares: squares.sum(),
    })
}

fn refusal(tables: &Tables<'_>, goal: &Goal) -> SourceError {
    tables.events.reader.failure(
        FailureKind::NotAnswerable,
        format!(
            "a quantile of `{goal}` needs the value of each event, which table `{}` does not tell",
            tables.events.reader.name
        ),
        Some("use a source that holds single events, and a goal of values".to_owned()),
    )
}
