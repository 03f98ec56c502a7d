//! The range of days of a plan, as conditions on a column of moments or days.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::lower::table::{TimeColumn, TimeKind};
use crate::query::{Comparison, Expression};

/// Conditions that keep rows from the start of the first day to the start of the day after the last one.
///
/// Days are those of the time zone; a column of days stands for midnights in UTC. An open end gives no
/// condition.
pub(crate) fn within(
    days: (Option<Date>, Option<Date>),
    time_zone: &TimeZone,
    time: &TimeColumn,
) -> Vec<Expression> {
    within_and_before(days, 0, time_zone, time)
}

/// The same from so many seconds earlier on.
pub(crate) fn within_and_before(
    days: (Option<Date>, Option<Date>),
    seconds_earlier: u64,
    time_zone: &TimeZone,
    time: &TimeColumn,
) -> Vec<Expression> {
    let earlier = i64::try_from(seconds_earlier).map(ToSpan::seconds);
    let start = days
        .0
        .and_then(|first| start_of(first, time_zone))
        .zip(earlier.ok())
        .and_then(|(start, earlier)| start.checked_sub(earlier).ok());
    let start = start.filter(|start| *start > EARLIEST);
    let end = end_of(days.1, time_zone);
    let bound = |moment: Timestamp| match time.kind {
        TimeKind::Moment(kind) => Expression::Moment(within_nanoseconds(moment), kind),
        TimeKind::Date => Expression::Date(first_midnight_from(moment)),
    };
    let column = || time.column.clone();
    start
        .map(|start| column().compared(Comparison::GreaterOrEqual, bound(start)))
        .into_iter()
        .chain(end.map(|end| column().compared(Comparison::Less, bound(end))))
        .collect()
}

/// The first moment after the last day; `None` where there is no last day, or where its end is too late to be a bound.
pub(crate) fn end_of(last: Option<Date>, time_zone: &TimeZone) -> Option<Timestamp> {
    let day_after = last?.checked_add(1.day()).ok()?;
    start_of(day_after, time_zone).filter(|end| *end < LATEST)
}

/// The moment, or the nearest one that engines can hold in nanoseconds (years 1678 to 2262).
pub(crate) fn within_nanoseconds(moment: Timestamp) -> Timestamp {
    moment.clamp(EARLIEST, LATEST)
}

/// First moment that engines can hold in nanoseconds, rounded up; earlier starts are no bound.
const EARLIEST: Timestamp = Timestamp::constant(-9_223_372_036, 0);

/// Last moment that engines can hold in nanoseconds, rounded down; later ends are no bound.
const LATEST: Timestamp = Timestamp::constant(9_223_372_036, 0);

fn start_of(day: Date, time_zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned_datetime(time_zone.clone())
        .and_then(|midnight| midnight.start_of_day())
        .map(|start| start.timestamp())
        .ok()
}

/// The first day whose midnight in UTC is not before the moment.
fn first_midnight_from(moment: Timestamp) -> Date {
    let civil = moment.to_zoned_datetime(TimeZone::UTC).datetime();
    let is_midnight = civil == civil.date().to_datetime(jiff::civil::Time::midnight());
    if is_midnight {
        civil.date()
    } else {
        civil.date().saturating_add(1.day())
    }
}
