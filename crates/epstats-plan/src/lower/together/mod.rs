//! Several experiments in one statement, where each row says which experiment it is of.
//!
//! The statement asks for all that one of the experiments needs, over the rows of all of them, and groups by experiment. Each experiment
//! reads its own rows of the answer, and its own columns.

mod groups;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::Statistics;

use super::{
    LowerError, Watch, aggregated, events, events_of, goals, other_units, refuse_what_needs_units,
    units, wide,
};
use crate::query::{Expression, Query};
use crate::reading::{DecodeError, Reading, Row};
use crate::{Cell, InconsistentUnits, Layout, Plan, Tables};
pub use groups::together;
pub(crate) use union::{moved, places};
use union::{positions, union};

/// Name of the column with the experiment of a row.
pub(crate) const EXPERIMENT: &str = "experiment";

/// The statement of several plans, and how its rows are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The statement.
    pub query: Query,
    members: Vec<Member>,
}

/// One of the plans.
#[derive(Debug, Clone, PartialEq)]
struct Member {
    experiment: String,
    /// The positions of its variants among those of all plans, where rows tell variants by position.
    variants: Option<BTreeSet<u64>>,
    reading: Reading,
    /// Does it read all goals of the statement?
    reads_all: bool,
}

/// Turns plans that go [`together`] into one statement.
///
/// As for [`lower`](super::lower), exact layouts need the variants.
///
/// # Errors
///
/// [`LowerError`] as [`lower`](super::lower) has it; it may be due to one of the plans alone.
pub fn lower_together(
    plans: &[&Plan],
    layout: &Layout,
    tables: &Tables,
) -> Result<Together, LowerError> {
    let union = union(plans)?;
    let variants = union.variants.clone().unwrap_or_default();
    let (query, reading) = match layout {
        Layout::AggGoals(table) => {
            refuse_what_needs_units(&union)?;
            aggregated::sums_of(&union, plans, table, tables)?
        }
        Layout::Wide(table) => {
            refuse_what_needs_units(&union)?;
            wide::sums_of(&union, plans, table, tables)?
        }
        Layout::Goals {
            table,
            inconsistent_units,
        }
        | Layout::UnitGoals {
            table,
            inconsistent_units,
        } => {
            let policy = inconsistent_units.unwrap_or(union.inconsistent_units);
            units::moments(
                goals::units_of(&union, plans, table, tables, &variants, Watch::Null)?,
                &union,
                &variants,
                policy == InconsistentUnits::LeaveOut,
                &goals::names(table),
            )
        }
        Layout::Events {
            exposures,
            unit_type,
            inconsistent_units,
            ..
        } => {
            if union.unit_type != *unit_type {
                return Err(other_units(&union, unit_type));
            }
            if exposures.experiment.is_none() {
                return Err(LowerError::not_answerable(
                    "the exposures do not say which experiment they are of".to_owned(),
                    "ask for one experiment at a time",
                ));
            }
            let policy = inconsistent_units.unwrap_or(union.inconsistent_units);
            let layout = events_of(layout, tables)?;
            units::moments(
                events::units_of(layout, &union, plans, &variants, Watch::Null)?,
                &union,
                &variants,
                policy == InconsistentUnits::LeaveOut,
                &layout.names(),
            )
        }
    };
    let tells_positions = !matches!(layout, Layout::AggGoals(_) | Layout::Wide(_));
    let members = plans.iter().map(|plan| Member {
        reads_all: plan.goals.len() == union.goals.len(),
        experiment: plan.experiment.clone(),
        variants: tells_positions.then(|| positions(plan, &variants)),
        reading: reading.of_member(&union, plan),
    });
    Ok(Together {
        members: members.collect(),
        query,
    })
}

impl Together {
    /// The statistics of each plan, in their order, that the rows of the answer tell; what is not finite, never seen or to be read otherwise is
    /// as with [`Reading::decode`]. `None` where NULL values were counted of which other plans may have some: that plan is to be asked alone.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Vec<Option<Statistics>>, DecodeError> {
        let mut by_experiment: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
        for (index, cells) in rows.iter().enumerate() {
            let experiment = Row::new(index, cells, cells.len().max(1))?.text(0)?;
            let own = by_experiment.entry(experiment).or_default();
            own.push(cells[1..].to_vec());
        }
        let members = self.members.iter().map(|member| {
            let rows = by_experiment.remove(&member.experiment).unwrap_or_default();
            member.decode(rows)
        });
        members.collect()
    }
}

impl Member {
    fn decode(&self, mut rows: Vec<Vec<Cell>>) -> Result<Option<Statistics>, DecodeError> {
        if let Some(variants) = &self.variants {
            rows.retain(|cells| match cells.first() {
                Some(Cell::Integer(position)) => {
                    u64::try_from(*position).map_or(true, |position| variants.contains(&position))
                }
                _ => true,
            });
        }
        let statistics = self.reading.decode(&rows)?;
        let is_sure = statistics.observations.null_values == 0 || self.reads_all;
        Ok(is_sure.then_some(statistics))
    }
}

/// Is the row of one of the experiments, and does what must hold for its rows hold?
pub(crate) fn of_parts(
    experiment: &Expression,
    parts: &[&Plan],
    conditions: impl Fn(&Plan) -> Vec<Expression>,
) -> Vec<Expression> {
    let mut alike: Vec<(Vec<Expression>, Vec<Expression>)> = Vec::new();
    for part in parts {
        let name = Expression::text(&part.experiment);
        let conditions = conditions(part);
        match alike.iter_mut().find(|(other, _)| *other == conditions) {
            Some((_, names)) => names.push(name),
            None => alike.push((conditions, vec![name])),
        }
    }
    let mut alike = alike.into_iter().map(|(mut conditions, names)| {
        conditions.insert(0, experiment.clone().is_one_of(names));
        conditions
    });
    if alike.len() == 1 {
        return alike.next().unwrap_or_default();
    }
    vec![Expression::any(alike.map(Expression::all).collect())]
}
