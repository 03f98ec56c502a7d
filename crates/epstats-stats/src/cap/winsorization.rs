//! Limits at quantiles of all units together.

use super::Caps;
use crate::{OrderStatistics, Probability, Undefined};

/// Winsorization: limits at quantiles of the values of all variants together.
///
/// **Formula**: lower limit the quantile at p/100, upper limit the quantile at 1 − p/100 (see [`OrderStatistics::quantile`]), p the percentage of
/// that side. **Assumptions**: as [`Caps`]; the pool holds every unit, those without an event with 0. **Range**: percentages from 0 to below 50; 0
/// is no limit on that side. **Edges**: with many zeros the upper limit can be 0, and then nothing varies. The limits count as given: that they
/// are estimated is left out of the variance. **Accuracy**: as the quantiles. **Source**: Hyndman and Fan 1996 for the quantile.
///
/// ```
/// use epstats_stats::{OrderStatistics, Winsorization};
/// let pool = OrderStatistics::of((0..=100).map(f64::from).collect()).unwrap();
/// let caps = Winsorization::new(0.0, 5.0).unwrap().caps(&pool);
/// assert_eq!((caps.lower(), caps.upper()), (None, Some(95.0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Winsorization {
    lower_percent: f64,
    upper_percent: f64,
}

impl Winsorization {
    /// The percentages to cut off on the lower and on the upper side.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for a percentage outside [0, 50).
    pub fn new(lower_percent: f64, upper_percent: f64) -> Result<Self, Undefined> {
        let in_range = |percent: f64| (0.0..50.0).contains(&percent);
        if in_range(lower_percent) && in_range(upper_percent) {
            Ok(Self {
                lower_percent,
                upper_percent,
            })
        } else {
            Err(Undefined::InvalidInput)
        }
    }

    /// The limits for a pool of values.
    #[must_use]
    pub fn caps(&self, pool: &OrderStatistics) -> Caps {
        let at = |level: f64| Probability::new(level).map(|level| pool.quantile(level));
        let beyond = |percent: f64| (percent > 0.0).then_some(percent / 100.0);
        // The levels are on either side of one half, so the limits are in order.
        Caps {
            lower: beyond(self.lower_percent).and_then(at),
            upper: beyond(self.upper_percent).and_then(|share| at(1.0 - share)),
        }
    }
}
