//! The three dates of a request.

use epstats_experiment::{Dates, shorten};
use jiff::civil::Date;

use crate::ep_stats::detail::{Details, Problem};
use crate::ep_stats::walk::At;
use crate::walk::date;

/// The dates as the request has them.
pub(super) struct GivenDates {
    from: Option<Date>,
    to: Option<Date>,
    evaluated_for: Option<Date>,
}

impl GivenDates {
    pub(super) fn read(at: &At<'_, '_>, details: &mut Details) -> Self {
        let mut day = |name| {
            let field = at.optional(name)?;
            let text = field.text(details)?;
            let day = date(text);
            if day.is_none() {
                let reason = format!(
                    "we expect {name} to be in format YYYY-MM-DD, received `{}`",
                    shorten(text)
                );
                return field.refuse(Problem::Value(reason), details);
            }
            day
        };
        GivenDates {
            from: day("date_from"),
            to: day("date_to"),
            evaluated_for: day("date_for"),
        }
    }

    /// The dates as they count, if they are in order.
    ///
    /// In ep-stats the day of evaluation has a meaning beside both other dates only: without them, data of any day count.
    pub(super) fn in_order(
        &self,
        at: &At<'_, '_>,
        today: Date,
        details: &mut Details,
    ) -> Option<Dates> {
        let later = [("date_to", self.to), ("date_for", self.evaluated_for)];
        for (name, day) in later {
            if let (Some(from), Some(day)) = (self.from, day)
                && day < from
            {
                let reason = format!(
                    "we expect {name} to be on or after date_from ({from}), received `{day}`"
                );
                return at.refuse(Problem::Value(reason), details);
            }
        }
        let dates = Dates {
            from: self.from,
            to: self.to,
            evaluated_for: self.evaluated_for,
        };
        Some(Dates {
            evaluated_for: dates.looked_at(today),
            ..dates
        })
    }
}
