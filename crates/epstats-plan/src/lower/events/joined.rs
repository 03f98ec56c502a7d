//! Units joined with the events that count for them, one row per unit.

use super::asked::exposed_name;
use super::tracked::Tracked;
use super::{TIME, UNIT_ID};
use crate::Attribution;
use crate::lower::first_moments::FIRST_TIME;
use crate::lower::names::Names;
use crate::lower::units::{INCONSISTENT, VARIANT};
use crate::query::{Comparison, Expression, LeftJoin, Relation, Select, Step};

/// Assigned units, to be joined with their events.
pub(super) struct Joined<'a> {
    /// The step of assigned units.
    pub(super) assigned: &'a str,
    /// Number of columns that mark exposures.
    pub(super) n_exposed: usize,
    /// How long events count.
    pub(super) attribution: Attribution,
}

impl Joined<'_> {
    /// The step of events that may count, and the step that sums them per unit.
    pub(super) fn steps(self, tracked: Tracked<'_>, names: &Names) -> [Step; 2] {
        let unit = |name: &str| Expression::column_of(self.assigned, name);
        let (step, measures) = tracked.into_step();
        let event = |name: &str| Expression::column_of(&step.name, name);
        let mut on = vec![
            event(UNIT_ID).equals(unit(UNIT_ID)),
            event(TIME).compared(Comparison::GreaterOrEqual, unit(FIRST_TIME)),
        ];
        let window = self.attribution.window_seconds;
        if let Some(seconds) = window.filter(|seconds| *seconds < CENTURY) {
            let end = Expression::SecondsLater(Box::new(unit(FIRST_TIME)), seconds);
            on.push(event(TIME).compared(Comparison::Less, end));
        }
        let mut columns = vec![
            unit(VARIANT).min().named(VARIANT),
            unit(INCONSISTENT).min().named(INCONSISTENT),
        ];
        for index in 0..self.n_exposed {
            let name = exposed_name(index);
            columns.push(unit(&name).min().named(name));
        }
        columns.extend(measures.into_columns());
        let mut select = Select::of(columns, self.assigned)
            .filtered([unit(VARIANT).is_not_null()])
            .grouped([unit(UNIT_ID)]);
        select.left_join = Some(LeftJoin {
            relation: Relation {
                name: step.name.clone(),
            },
            on,
        });
        let per_unit = Step {
            name: names.step("per_unit"),
            select,
        };
        [step, per_unit]
    }
}

/// Seconds of a hundred years. A longer window has no end, because its end may lie beyond what engines can hold.
const CENTURY: u64 = 36_525 * 86_400;
