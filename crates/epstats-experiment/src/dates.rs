//! The days that count.

use jiff::civil::Date;

/// The range of days of an experiment, both ends included, and the day it is evaluated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dates {
    /// First day.
    pub from: Option<Date>,
    /// Last planned day.
    pub to: Option<Date>,
    /// The day the evaluation is made for: data after it are not seen.
    pub evaluated_for: Option<Date>,
}

impl Dates {
    /// The day as of which the profile `ep-stats` looks at an experiment whose days are planned: the one that is named, or today, but no day
    /// before the first. `None` where the days are not planned.
    ///
    /// ```
    /// use epstats_experiment::Dates;
    /// use jiff::civil::date;
    ///
    /// let dates = Dates { from: Some(date(2026, 9, 1)), to: Some(date(2026, 9, 28)), evaluated_for: None };
    /// assert_eq!(dates.looked_at(date(2026, 9, 14)), Some(date(2026, 9, 14)));
    /// assert_eq!(dates.looked_at(date(2026, 8, 1)), Some(date(2026, 9, 1)));
    /// ```
    #[must_use]
    pub fn looked_at(&self, today: Date) -> Option<Date> {
        match (self.from, self.to) {
            (Some(from), Some(_)) => Some(self.evaluated_for.unwrap_or(today.max(from))),
            _ => None,
        }
    }

    /// The last day that counts: the earlier of the planned end and the day of evaluation.
    #[must_use]
    pub fn last(&self) -> Option<Date> {
        match (self.to, self.evaluated_for) {
            (Some(to), Some(day)) => Some(to.min(day)),
            (to, day) => to.or(day),
        }
    }
}
