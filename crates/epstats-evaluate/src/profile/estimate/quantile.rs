//! The estimate of a quantile of events.

use epstats_experiment::stats::{Probability, QuantileSummary, Undefined};
use epstats_experiment::{ClusteredEvents, EventQuantile, QuantileNeed, Statistics};

use super::Arm;

/// A quantile of events, in every variant.
pub(in crate::profile) struct Quantile<'a> {
    events: &'a EventQuantile,
    level: Probability,
}

impl<'a> Quantile<'a> {
    /// `None` where the statistics lack it.
    pub(super) fn new(need: &QuantileNeed, statistics: &'a Statistics) -> Option<Self> {
        let mut known = statistics.quantiles.iter();
        let events = known.find(|known| known.goal == need.goal && known.level == need.level)?;
        let level = Probability::new(need.level.value())?;
        Some(Quantile { events, level })
    }

    /// The sum of a quantile has no meaning, so it is that of nothing: undefined.
    pub(super) fn arm(&self, variant: &str) -> Arm {
        let Some(events) = self.events.variants.get(variant) else {
            return Arm::nothing(Undefined::NoUnits);
        };
        let estimate = self.summary(events).estimate();
        Arm {
            sample_size: Ok(events.n_units as f64),
            sum: Err(Undefined::InvalidInput),
            mean: if events.n_events > 0 {
                Ok(events.value)
            } else {
                Err(Undefined::NoUnits)
            },
            unit_variance: estimate.map(|estimate| estimate.unit_variance),
            precision_lost: false,
        }
    }

    fn summary(&self, events: &ClusteredEvents) -> QuantileSummary {
        QuantileSummary {
            level: self.level,
            units: events.n_units as f64,
            events: events.n_events as f64,
            value: events.value,
            lower: events.lower,
            upper: events.upper,
            squares: events.squares,
        }
    }
}
