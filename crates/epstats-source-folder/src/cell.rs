//! One value of a CSV file.

use epstats_source::FailureKind;
use epstats_source::memory::{Cell, Kind};
use jiff::civil::DateTime;

use crate::shape::Role;

/// What is wrong with a value: kind, and what was expected.
pub(crate) type Wrong = (FailureKind, &'static str);

/// The type of a column by its role.
pub(crate) fn kind(role: Role) -> Kind {
    match role {
        Role::Amount => Kind::Number,
        Role::Date => Kind::Date,
        Role::Text | Role::Dimension | Role::Ignored => Kind::Text,
    }
}

/// Reads a value; an empty one is NULL, whatever the column.
pub(crate) fn read(role: Role, text: &str) -> Result<Cell, Wrong> {
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    match role {
        Role::Amount => number(text),
        Role::Date => day(text),
        Role::Text | Role::Dimension | Role::Ignored => Ok(Cell::from(text)),
    }
}

/// A number; those beyond double precision are infinite, and as little use as those that say so.
fn number(text: &str) -> Result<Cell, Wrong> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Cell::Number(number)),
        Ok(_) => Err((FailureKind::BadValues, "a finite number")),
        Err(_) => Err((FailureKind::WrongType, "a number")),
    }
}

/// A day, also where a time of day stands behind it, as pandas writes it.
fn day(text: &str) -> Result<Cell, Wrong> {
    match text.parse::<DateTime>() {
        Ok(moment) => Ok(Cell::Date(moment.date())),
        Err(_) => Err((FailureKind::WrongType, "a day such as `2026-09-01`")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_are_read_as_written() {
        for (text, expected) in [
            ("0", 0.0),
            ("-3", -3.0),
            ("+2.50", 2.5),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            ("12.000000000000001", 12.000_000_000_000_002),
            ("1e-400", 0.0),
        ] {
            assert_eq!(read(Role::Amount, text), Ok(Cell::Number(expected)));
        }
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["NaN", "nan", "inf", "-inf", "Infinity", "1e400", "-1e400"] {
            let wrong = Err((FailureKind::BadValues, "a finite number"));
            assert_eq!(read(Role::Amount, text), wrong, "{text}");
        }
        for text in ["x", "1,5", "1 000", " 1", "0x10", "NULL", "1.2.3", "-", "½"] {
            let wrong = Err((FailureKind::WrongType, "a number"));
            assert_eq!(read(Role::Amount, text), wrong, "{text}");
        }
    }

    #[test]
    fn days_may_have_a_time_of_day() {
        for text in [
            "2020-01-05",
            "2020-01-05 00:00:00",
            "2020-01-05T00:00:00",
            "2020-01-05 23:59:59.999",
        ] {
            let expected = Ok(Cell::Date(date(2020, 1, 5)));
            assert_eq!(read(Role::Date, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2020-13-05",
            "2020-02-30",
            "2020-1-5",
            "5.1.2020",
            "43835",
            "today",
            " 2020-01-05",
            "2020-01-05 25:00:00",
            "2020-01-05T00:00:00Z",
        ] {
            let wrong = Err((FailureKind::WrongType, "a day such as `2026-09-01`"));
            assert_eq!(read(Role::Date, text), wrong, "{text}");
        }
    }

    #[test]
    fn empty_is_null_and_all_other_text_is_itself() {
        for role in [Role::Text, Role::Amount, Role::Date, Role::Dimension] {
            assert_eq!(read(role, ""), Ok(Cell::Null));
        }
        for text in [" ", "NULL", "nan", "007", "a,b", "\u{0}", "é"] {
            assert_eq!(read(Role::Dimension, text), Ok(Cell::from(text)));
        }
    }
}
