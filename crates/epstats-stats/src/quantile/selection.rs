//! A quantile of values that need not be put in order.

use super::order_statistics::{Place, interpolate};
use crate::{Probability, Undefined};

/// The quantile of values at a level, the same as [`OrderStatistics::quantile`](crate::OrderStatistics::quantile), in time linear in their number. It
/// moves the values about.
///
/// **Formula**: h = (n − 1) q; x₍⌊h⌋₎ + (h − ⌊h⌋)(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎), counted from 0. **Range**: finite values in any order; level 0 is the smallest, 1 the
/// largest. **Edges**: of one value it is that value. **Accuracy**: that of the other, bit for bit. **Source**: Hyndman and Fan 1996, definition 7.
///
/// # Errors
///
/// [`Undefined::NoUnits`] where there are none; [`Undefined::InvalidInput`] where one is not finite.
///
/// ```
/// use epstats_stats::{Probability, select_quantile};
/// let median = Probability::new(0.5).unwrap();
/// assert_eq!(select_quantile(&mut [8.0, 1.0, 4.0, 2.0], median), Ok(3.0));
/// ```
pub fn select_quantile(values: &mut [f64], level: Probability) -> Result<f64, Undefined> {
    if values.is_empty() {
        return Err(Undefined::NoUnits);
    }
    if !values.iter().all(|value| value.is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let place = Place::of(level, values.len());
    let (_, &mut low, rest) = values.select_nth_unstable_by(place.below, f64::total_cmp);
    let high = rest.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    Ok(interpolate(low, high, place.share))
}
