//! The days of an experiment as ranges of moments and of days.

use epstats_plan::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::table::Cell;

/// A range of moments, the end excluded; open where a bound is missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Moments {
    /// From the start of the first day to the start of the day after the last, in a time zone.
    pub(super) fn of(plan: &Plan, zone: &TimeZone) -> Self {
        let (first, last) = plan.days;
        Moments {
            start: first.and_then(|day| start_of(day, zone)),
            end: last
                .and_then(|day| day.tomorrow().ok())
                .and_then(|day| start_of(day, zone)),
        }
    }

    pub(super) fn contain(&self, moment: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= moment) && self.end.is_none_or(|end| moment < end)
    }
}

/// The moment that a cell tells: a day counts as its midnight in UTC.
pub(crate) fn moment(cell: &Cell) -> Option<Timestamp> {
    match cell {
        Cell::Timestamp(timestamp) => Some(*timestamp),
        Cell::Date(date) => start_of(*date, &TimeZone::UTC),
        _ => None,
    }
}

/// When a row of a table by days happened; the unknown sorts after every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Day {
    On(Date),
    Unknown,
}

impl Day {
    /// The day that a cell tells: a moment counts as its day in UTC.
    pub(super) fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Date(date) => Day::On(*date),
            Cell::Timestamp(timestamp) => {
                Day::On(timestamp.to_zoned_datetime(TimeZone::UTC).date())
            }
            _ => Day::Unknown,
        }
    }

    /// Is it one of the days of the plan? The unknown is outside of every range that has a bound.
    pub(super) fn is_asked(self, plan: &Plan) -> bool {
        let (first, last) = plan.days;
        match self {
            Day::On(date) => {
                first.is_none_or(|first| first <= date) && last.is_none_or(|last| date <= last)
            }
            Day::Unknown => first.is_none() && last.is_none(),
        }
    }
}

/// The first moment of a day, which is not midnight where clocks go forward at midnight.
fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned_datetime(zone.clone())
        .ok()
        .map(|zoned| zoned.timestamp())
}
