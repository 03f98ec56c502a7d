//! Values in order, and their quantiles.

use crate::{Probability, Undefined};

/// Values in ascending order.
///
/// ```
/// use epstats_stats::{OrderStatistics, Probability};
/// let values = OrderStatistics::of(vec![8.0, 1.0, 4.0, 2.0]).unwrap();
/// let median = Probability::new(0.5).unwrap();
/// assert_eq!(values.quantile(median), 3.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OrderStatistics(Vec<f64>);

impl OrderStatistics {
    /// Puts values in order.
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`] where there are none; [`Undefined::InvalidInput`] where one is not finite.
    pub fn of(mut values: Vec<f64>) -> Result<Self, Undefined> {
        if values.is_empty() {
            return Err(Undefined::NoUnits);
        }
        if !values.iter().all(|value| value.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
        values.sort_unstable_by(f64::total_cmp);
        Ok(Self(values))
    }

    /// The values in ascending order, at least one.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The quantile at a level, by linear interpolation between neighbours (type 7).
    ///
    /// **Formula**: h = (n − 1) q; x₍⌊h⌋₎ + (h − ⌊h⌋)(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎), counted from 0. **Range**: any values; level 0 is the smallest, 1 the
    /// largest. **Accuracy**: rounding of h, so n ulps of the distance between neighbours. **Source**: Hyndman and Fan 1996, definition 7.
    #[must_use]
    pub fn quantile(&self, level: Probability) -> f64 {
        let place = Place::of(level, self.0.len());
        let above = (place.below + 1).min(self.0.len() - 1);
        interpolate(self.0[place.below], self.0[above], place.share)
    }

    /// How many values are at most this one.
    #[must_use]
    pub fn count_up_to(&self, value: f64) -> usize {
        self.0.partition_point(|other| *other <= value)
    }
}

/// Where a quantile lies among values in order.
pub(super) struct Place {
    /// The value below it, counted from 0.
    pub(super) below: usize,
    /// Its share of the way to the next one.
    pub(super) share: f64,
}

impl Place {
    /// Among so many values, at least one.
    pub(super) fn of(level: Probability, count: usize) -> Self {
        let last = count - 1;
        let place = last as f64 * level.value();
        let below = (place.floor() as usize).min(last);
        Self {
            below,
            share: place - below as f64,
        }
    }
}

/// The value at a share of the way from one to another.
pub(super) fn interpolate(low: f64, high: f64, share: f64) -> f64 {
    let distance = high - low;
    if distance.is_finite() {
        low + share * distance
    } else {
        low * (1.0 - share) + high * share
    }
}
