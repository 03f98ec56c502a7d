//! Units joined with the events that count for them, one row per unit.

use super::asked::exposed_name;
use super::ends::{END, Ends};
use super::tracked::Tracked;
use super::{TIME, UNIT_ID};
use crate::Attribution;
use crate::lower::first_moments::FIRST_TIME;
use crate::lower::names::Names;
use crate::lower::together::EXPERIMENT;
use crate::lower::units::{INCONSISTENT, VARIANT, stratum_name};
use crate::query::{Column, Comparison, Expression, LeftJoin, Relation, Select, Step};

/// Assigned units, to be joined with their events.
pub(super) struct Joined<'a> {
    /// The step of assigned units.
    pub(super) assigned: &'a str,
    /// Number of columns that mark exposures.
    pub(super) n_exposed: usize,
    /// Number of columns with values of strata.
    pub(super) n_strata: usize,
    /// Are units asked for with their ids and first moments?
    pub(super) is_by_unit: bool,
    /// Are units told apart by experiment, too?
    pub(super) is_apart: bool,
    /// The ends of days, where experiments have different ones.
    pub(super) ends: Option<Ends>,
    /// How long events count.
    pub(super) attribution: Attribution,
}

impl Joined<'_> {
    /// The step of events that may count, and the step that sums them per unit.
    pub(super) fn steps(self, tracked: Tracked<'_>, names: &Names) -> [Step; 2] {
        let unit = |name: &str| Expression::column_of(self.assigned, name);
        let longest_lookback = tracked.longest_lookback;
        let (step, measures) = tracked.into_step();
        let event = |name: &str| Expression::column_of(&step.name, name);
        let mut on = vec![event(UNIT_ID).equals(unit(UNIT_ID))];
        on.extend(from(event(TIME), unit(FIRST_TIME), longest_lookback));
        on.extend(inside_window(
            event(TIME),
            unit(FIRST_TIME),
            self.attribution,
        ));
        let ends = self.ends.iter();
        on.extend(ends.map(|ends| ends.is_before(event(TIME), unit(END))));
        let experiment = self.is_apart.then(|| unit(EXPERIMENT));
        let experiment_column = experiment
            .iter()
            .cloned()
            .map(|name| name.named(EXPERIMENT));
        let mut columns: Vec<Column> = experiment_column.collect();
        columns.push(unit(VARIANT).min().named(VARIANT));
        columns.push(unit(INCONSISTENT).min().named(INCONSISTENT));
        let exposed = (0..self.n_exposed).map(exposed_name);
        for name in exposed.chain((0..self.n_strata).map(stratum_name)) {
            columns.push(unit(&name).min().named(name));
        }
        if self.is_by_unit {
            columns.push(unit(UNIT_ID).named(UNIT_ID));
            columns.push(unit(FIRST_TIME).min().named(FIRST_TIME));
        }
        columns.extend(measures.into_columns());
        let mut select = Select::of(columns, self.assigned)
            .filtered([unit(VARIANT).is_not_null()])
            .grouped(experiment)
            .grouped([unit(UNIT_ID)]);
        select.left_join = Some(LeftJoin {
            relation: Relation {
                name: step.name.clone(),
            },
            on,
        });
        let per_unit = Step {
            name: names.step("per_unit"),
            note: "one row per exposed unit: what its events add up to",
            select,
        };
        [step, per_unit]
    }
}

/// Does an event happen at or after the first exposure, or no longer before it?
fn from(time: Expression, first_time: Expression, lookback: Option<u64>) -> Option<Expression> {
    let begin = match lookback {
        None => first_time,
        Some(seconds) if seconds < CENTURY => {
            Expression::SecondsEarlier(Box::new(first_time), seconds)
        }
        Some(_) => return None,
    };
    Some(time.compared(Comparison::GreaterOrEqual, begin))
}

/// Does an event happen before the window of attribution ends?
pub(super) fn inside_window(
    time: Expression,
    first_time: Expression,
    attribution: Attribution,
) -> Option<Expression> {
    let seconds = attribution
        .window_seconds
        .filter(|seconds| *seconds < CENTURY)?;
    let end = Expression::SecondsLater(Box::new(first_time), seconds);
    Some(time.compared(Comparison::Less, end))
}

/// Seconds of a hundred years. What lasts longer has no end, because its end may lie beyond what engines can hold.
pub(super) const CENTURY: u64 = 36_525 * 86_400;
