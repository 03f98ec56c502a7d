//! The confidence level in force on the day of evaluation.

use epstats_experiment::Dates;

use crate::ep_stats::{actual_day, level};
use crate::evaluate::Warnings;
use crate::{Warning, WarningCode};

/// The level asked for, or the stricter one of an experiment that has both dates and is still running.
pub(super) fn in_force(asked: f64, dates: &Dates, warnings: &mut Warnings) -> f64 {
    let Some((day, total)) = days(dates) else {
        return asked;
    };
    if total > 1 {
        warnings.push(sequential_level());
    }
    level(asked, day, total)
}

/// The day that is evaluated and the planned number of days, where both ends are given.
fn days(dates: &Dates) -> Option<(u32, u32)> {
    let (from, to) = (dates.from?, dates.to?);
    let days_after_start = |date| i64::from(from.until(date).map_or(0, |span| span.get_days()));
    let total = u32::try_from(days_after_start(to) + 1).unwrap_or(1).max(1);
    let looked_at = dates.evaluated_for.unwrap_or(to);
    Some((actual_day(days_after_start(looked_at), total), total))
}

fn sequential_level() -> Warning {
    Warning::new(
        WarningCode::SequentialLevelExceedsError,
        "with a look every day, the sequential level of ep-stats errs more often than one minus the confidence level",
    )
}
