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
    /// The last day that counts: the earlier of the planned end and the day of evaluation.
    #[must_use]
    pub fn last(&self) -> Option<Date> {
        match (self.to, self.evaluated_for) {
            (Some(to), Some(day)) => Some(to.min(day)),
            (to, day) => to.or(day),
        }
    }
}
