//! ep-stats' confidence level for an experiment that is still running.

use epstats_experiment::stats::distribution::{normal_isf, normal_sf};

use super::round_to;

/// The largest level that ep-stats gives.
pub const LARGEST_LEVEL: f64 = 0.9999;

/// The level in force on a day of the experiment: the one asked for on the last day, stricter before.
///
/// **Formula**: min(round(1 − 2 (1 − Φ(z/√t)), 4 digits), 0.9999), z the normal quantile at 1 − a/2, t = actual day/total days.
/// **Legend**: a = 1 − the level asked for. **Range**: 1 ≤ day ≤ total. It is the alpha that an O'Brien–Fleming plan would have spent *in all* until that
/// day, used as the level of *one* look; with a look on each of 14 days the error is 7.2% instead of 5%. **Accuracy**: equal digits.
/// **Source**: ep-stats 2.5, documentation of its sequential evaluation.
///
/// ```
/// assert_eq!(epstats_evaluate::ep_stats::level(0.95, 7, 14), 0.9944);
/// ```
#[must_use]
pub fn level(confidence_level: f64, actual_day: u32, total_days: u32) -> f64 {
    let unrounded = unrounded_level(confidence_level, actual_day, total_days);
    round_to(unrounded, 1e4).min(LARGEST_LEVEL)
}

/// [`level`] before it is rounded and limited.
#[must_use]
pub fn unrounded_level(confidence_level: f64, actual_day: u32, total_days: u32) -> f64 {
    let share = f64::from(actual_day) / f64::from(total_days);
    let z = normal_isf((1.0 - confidence_level) / 2.0);
    1.0 - 2.0 * normal_sf(z / share.sqrt())
}

/// The day of the experiment on which it is looked at: the first is 1, and after the end it stays the last.
#[must_use]
pub fn actual_day(days_since_start: i64, total_days: u32) -> u32 {
    let day = days_since_start.saturating_add(1).max(1);
    u32::try_from(day).map_or(total_days, |day| day.min(total_days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_stays_within_the_experiment() {
        assert_eq!(
            [-3, 0, 6, 13, 20, i64::MAX].map(|days| actual_day(days, 14)),
            [1, 1, 7, 14, 14, 14]
        );
    }

    #[test]
    fn the_last_day_has_the_level_asked_for() {
        for asked in [0.9, 0.95, 0.99] {
            assert_eq!(level(asked, 21, 21), asked);
        }
    }

    #[test]
    fn the_level_falls_from_day_to_day() {
        let levels: Vec<f64> = (1..=28).map(|day| level(0.95, day, 28)).collect();
        assert!(
            levels.is_sorted_by(|earlier, later| earlier >= later),
            "{levels:?}"
        );
        assert_eq!(levels[0], LARGEST_LEVEL);
    }
}
