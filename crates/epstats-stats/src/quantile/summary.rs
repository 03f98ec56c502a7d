//! A quantile of events from what a database can tell of them.

use super::clustered::z;
use crate::{Estimate, Probability, Undefined};

/// What is known of the events of one variant around a quantile, where they themselves are elsewhere.
///
/// The same quantile and error as [`ClusteredQuantile`](crate::ClusteredQuantile) with [`ErrorForm::ScaledAfter`](crate::ErrorForm::ScaledAfter).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileSummary {
    /// The level ν.
    pub level: Probability,
    /// Number of units K, also those without an event.
    pub units: f64,
    /// Number of events N.
    pub events: f64,
    /// The quantile at ν.
    pub value: f64,
    /// The quantile at ν less [`quantile_reach`], where that is above 0.
    pub lower: Option<f64>,
    /// The quantile at ν and [`quantile_reach`], where that is below 1.
    pub upper: Option<f64>,
    /// Σ(S − R n)² over units.
    pub squares: f64,
}

/// How far from the level ν of a quantile of N events the outer quantiles lie: z √(ν(1 − ν)/N), z the normal quantile of a two-sided 95%.
///
/// ```
/// use epstats_stats::{Probability, quantile_reach};
/// let reach = quantile_reach(Probability::new(0.5).unwrap(), 100.0);
/// assert!((reach - 0.0979981992270027).abs() < 1e-15);
/// ```
#[must_use]
pub fn quantile_reach(level: Probability, events: f64) -> f64 {
    z() * independent(level, events)
}

impl QuantileSummary {
    /// The quantile as an estimate of one variant; its degrees of freedom are one less than there are units.
    ///
    /// **Formula**: s_c = √(K/(K − 1) Σ(S − R n)²)/N, error (U − L)/(2 z) · s_c/s_0 with s_0 = √(ν(1 − ν)/N). **Accuracy**: 1e-15 relative to what is
    /// given. **Source**: Deng, Knoblich and Lu 2018, section 4.
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`] without an event, [`Undefined::TooFewUnits`] below two units, [`Undefined::TooFewEventsForQuantile`],
    /// [`Undefined::CollapsedQuantileBounds`]; [`Undefined::InvalidInput`] for numbers that are not finite or a level of 0 or 1.
    pub fn estimate(&self) -> Result<Estimate, Undefined> {
        let level = self.level.value();
        if self.events < 1.0 {
            return Err(Undefined::NoUnits);
        }
        if self.units < 2.0 {
            return Err(Undefined::TooFewUnits);
        }
        if level == 0.0 || level == 1.0 {
            return Err(Undefined::InvalidInput);
        }
        let (Some(lower), Some(upper)) = (self.lower, self.upper) else {
            return Err(Undefined::TooFewEventsForQuantile);
        };
        if lower == upper {
            return Err(Undefined::CollapsedQuantileBounds);
        }
        let of_share = (self.squares * self.units / (self.units - 1.0)).sqrt() / self.events;
        let slope = (upper - lower) / (2.0 * z() * independent(self.level, self.events));
        let error = slope * of_share;
        let unit_variance = error * error * self.units;
        if !(unit_variance.is_finite() && self.value.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
        Ok(Estimate {
            value: self.value,
            unit_variance,
            n: self.units,
        })
    }
}

/// Error of the share of N independent events up to a quantile.
fn independent(level: Probability, events: f64) -> f64 {
    let level = level.value();
    (level * (1.0 - level) / events).sqrt()
}
