//! Quantiles of the events of units.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::stats::{
    OrderStatistics, Probability, Undefined, quantile_reach,
};
use epstats_evaluate::experiment::{ClusteredEvents, EventQuantile, QuantileNeed};

use crate::Data;

/// A quantile of the events of every variant, with what its error needs.
pub(crate) fn quantile(need: &QuantileNeed, data: &Data) -> Result<EventQuantile, Undefined> {
    let level = Probability::new(need.level.value()).ok_or(Undefined::InvalidInput)?;
    let mut variants = BTreeMap::new();
    for (variant, units) in &data.variants {
        let events = units.iter().flat_map(|unit| unit.events.iter().copied());
        let events = OrderStatistics::of(events.collect())?;
        let n_events = events.values().len();
        let value = events.quantile(level);
        let reach = quantile_reach(level, n_events as f64);
        let outer = |level: f64| {
            let level =
                Probability::new(level).filter(|level| 0.0 < level.value() && level.value() < 1.0);
            level.map(|level| events.quantile(level))
        };
        let share = events.count_up_to(value) as f64 / n_events as f64;
        let squares = units.iter().map(|unit| {
            let up_to = unit.events.iter().filter(|event| **event <= value).count();
            (up_to as f64 - share * unit.events.len() as f64).powi(2)
        });
        variants.insert(
            variant.clone(),
            ClusteredEvents {
                n_units: units.len() as u64,
                n_events: n_events as u64,
                value,
                lower: outer(level.value() - reach),
                upper: outer(level.value() + reach),
                squares: squares.sum(),
            },
        );
    }
    Ok(EventQuantile {
        goal: need.goal.clone(),
        level: need.level,
        variants,
    })
}
