//! When the days of several experiments end, where that differs.
//!
//! An event counts for one experiment and is too late for another, though both have the same unit. That it is not too early follows
//! from the first exposure, which is inside the days.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Plan;
use crate::lower::days::{end_of, within_nanoseconds};
use crate::lower::together::EXPERIMENT;
use crate::query::{Comparison, Expression, MomentKind};

/// Name of the column with the end of the days of a unit's experiment.
pub(super) const END: &str = "end_time";

/// The ends of the days of several experiments.
pub(super) struct Ends {
    /// Each end that there is, with the experiments that have it.
    ends: Vec<(Timestamp, Vec<Expression>)>,
    /// Have some of them no end?
    is_open: bool,
}

impl Ends {
    /// The ends of plans; `None` where all have the same, so that the events are bounded by it already.
    pub(super) fn of(parts: &[&Plan], time_zone: &TimeZone) -> Option<Ends> {
        let mut ends: Vec<(Timestamp, Vec<Expression>)> = Vec::new();
        let mut is_open = false;
        for part in parts {
            let Some(end) = end_of(part.days.1, time_zone) else {
                is_open = true;
                continue;
            };
            let name = Expression::text(&part.experiment);
            match ends.iter_mut().find(|(other, _)| *other == end) {
                Some((_, names)) => names.push(name),
                None => ends.push((end, vec![name])),
            }
        }
        let differ = ends.len() + usize::from(is_open) > 1;
        differ.then_some(Ends { ends, is_open })
    }

    /// The end by the experiment of a row; NULL where there is none.
    pub(super) fn column(&self, kind: MomentKind) -> Expression {
        let ends = self.ends.iter().map(|(end, names)| {
            (
                Expression::column(EXPERIMENT).is_one_of(names.clone()),
                Expression::Moment(within_nanoseconds(*end), kind),
            )
        });
        Expression::Case(ends.collect(), None)
    }

    /// Is a moment before the end?
    pub(super) fn is_before(&self, time: Expression, end: Expression) -> Expression {
        let before = time.compared(Comparison::Less, end.clone());
        if self.is_open {
            Expression::any(vec![end.is_null(), before])
        } else {
            before
        }
    }
}
