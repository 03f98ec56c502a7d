//! Days and moments as databases write them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A day or a moment of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Time {
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// What is beyond the years 0 to 9999, as the database writes it.
    Other(String),
}

impl Time {
    /// What a database writes of a day, or of a moment in UTC.
    pub(super) fn read(text: &str) -> Time {
        let read = if text.contains(':') {
            let moment: Option<DateTime> = text.parse().ok();
            let moment = moment.and_then(|moment| moment.to_zoned_datetime(TimeZone::UTC).ok());
            moment.map(|moment| Time::Moment(moment.timestamp()))
        } else {
            text.parse().ok().map(Time::Day)
        };
        read.unwrap_or_else(|| Time::Other(text.to_owned()))
    }

    /// The moment, or that at which the day begins in UTC.
    #[must_use]
    pub fn begin(&self) -> Option<Timestamp> {
        match self {
            Time::Day(day) => {
                let midnight = day.to_zoned_datetime(TimeZone::UTC).ok()?;
                Some(midnight.timestamp())
            }
            Time::Moment(moment) => Some(*moment),
            Time::Other(_) => None,
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Time::Day(day) => day.fmt(f),
            Time::Moment(moment) => moment.fmt(f),
            Time::Other(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_databases_write_them() {
        for (written, expected) in [
            ("2026-09-01", "2026-09-01"),
            ("2026-09-01 10:00:00", "2026-09-01T10:00:00Z"),
            ("2026-09-01T10:00:00", "2026-09-01T10:00:00Z"),
            ("2026-09-01 10:00:00.250000", "2026-09-01T10:00:00.25Z"),
            ("2026-09-01 10:00:00.250000000", "2026-09-01T10:00:00.25Z"),
            ("20260-09-01 10:00:00", "20260-09-01 10:00:00"),
            ("infinity", "infinity"),
        ] {
            assert_eq!(Time::read(written).to_string(), expected);
        }
    }
}
