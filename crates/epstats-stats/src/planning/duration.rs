//! How long an experiment runs.

use super::whole::up_to_whole;
use crate::Undefined;

/// Units that come to an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traffic {
    /// New units a day.
    pub daily_units: f64,
    /// The share of them that takes part in the experiment, all variants together; above 0, at most 1.
    pub share: f64,
}

/// Days until so many units have come, all variants together.
///
/// **Formula**: units/(daily units · share), rounded up. **Assumptions**: the same number of *new* units every day; units that come back do not count
/// again, so days get fewer new units as an experiment goes on. **Range**: units ≥ 0, infinite ones take forever. **Accuracy**: exact; a quotient that is
/// whole but for its rounding is taken as whole.
///
/// ```
/// use epstats_stats::{Traffic, duration_days, up_to_whole_weeks};
/// let traffic = Traffic { daily_units: 5000.0, share: 1.0 };
/// let days = duration_days(80_000.0, &traffic).unwrap();
/// assert_eq!((days, up_to_whole_weeks(days)), (16.0, 21.0));
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn duration_days(units: f64, traffic: &Traffic) -> Result<f64, Undefined> {
    let Traffic { daily_units, share } = *traffic;
    let daily = daily_units * share;
    let in_range = daily_units.is_finite() && daily > 0.0 && share > 0.0 && share <= 1.0;
    if in_range && units >= 0.0 {
        Ok(up_to_whole(units / daily))
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// The days up to whole weeks, so that every weekday counts alike.
#[must_use]
pub fn up_to_whole_weeks(days: f64) -> f64 {
    7.0 * (days / 7.0).ceil()
}
