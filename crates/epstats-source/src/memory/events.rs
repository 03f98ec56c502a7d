//! The layout `events`: exposures and raw events in two tables.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::Statistics;
use epstats_plan::{Attribution, EventTable, ExposureTable, InconsistentUnits, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::answer::answer;
use super::days::{Moments, moment};
use super::exact::{self, Event, Exposure, Unit, UnitId};
use super::questions::{Dimensions, Questions, Tables};
use super::reader::{AMOUNT, ID, MOMENT, NAME, Reader};
use super::table::Table;
use crate::{FailureKind, SourceError};

/// Everything of the layout that says what its rows mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events<'t> {
    pub(crate) source: &'t str,
    pub(crate) tables: &'t BTreeMap<String, Table>,
    pub(crate) exposures: &'t ExposureTable,
    pub(crate) events: &'t EventTable,
    pub(crate) unit_type: &'t str,
    pub(crate) attribution: Attribution,
    pub(crate) time_zone: &'t TimeZone,
}

/// The exposed units and their attributed events.
pub(crate) struct Attributed<'t> {
    pub(crate) units: BTreeMap<UnitId<'t>, Unit<'t, Timestamp>>,
    pub(crate) exposures: Reader<'t>,
    pub(crate) events: Reader<'t>,
    /// Place of the value in the rows of events.
    value: Option<usize>,
    /// The names of all goals of the table, attributed or not.
    goals: BTreeSet<&'t str>,
}

pub(super) fn fetch(
    plan: &Plan,
    layout: Events<'_>,
    policy: InconsistentUnits,
) -> Result<Statistics, SourceError> {
    if plan.unit_type != layout.unit_type {
        let message = format!(
            "the experiment is about units of type `{}`, the source knows units of type `{}`",
            plan.unit_type, layout.unit_type
        );
        return Err(SourceError {
            kind: FailureKind::NotAnswerable,
            source_name: layout.source.to_owned(),
            message,
            help: Some("correct the unit type of one of the two".to_owned()),
            cause: None,
        });
    }
    let attributed = attribute(plan, layout)?;
    let tables = Tables {
        exposures: Dimensions {
            reader: attributed.exposures,
            listed: layout.exposures.dimensions.as_deref(),
            mapped: mapped_exposures(layout.exposures),
        },
        events: Dimensions {
            reader: attributed.events,
            listed: layout.events.dimensions.as_deref(),
            mapped: mapped_events(layout.events),
        },
        count: None,
        value: attributed.value,
        unit_type: layout.unit_type,
        lookback: Some(layout.attribution.lookback_seconds),
        has_single_events: true,
    };
    let questions = Questions::of(plan, tables)?;
    answer(plan, policy, &questions, &attributed.units, |goal| {
        attributed.goals.contains(goal.name.as_str())
    })
}

/// Finds the exposed units, and for each the events that happened from its first exposure on, inside the window
/// and the days of the plan.
pub(crate) fn attribute<'t>(
    plan: &Plan,
    layout: Events<'t>,
) -> Result<Attributed<'t>, SourceError> {
    let days = Moments::of(plan, layout.time_zone);
    let (exposures, mut units) = exposed(plan, layout, &days)?;

    let mapping = layout.events;
    let events = Reader::open(layout.source, layout.tables, &mapping.table)?;
    let unit_id = events.column(&mapping.unit_id, ID)?;
    let goal = events.column(&mapping.goal, NAME)?;
    let time = events.column(&mapping.time, MOMENT)?;
    let value = match &mapping.value {
        Some(value) => Some(events.column(value, AMOUNT)?),
        None => None,
    };
    check_ids_compare(layout, &exposures, &events)?;

    let mut goals = BTreeSet::new();
    for row in events.rows() {
        let Some(name) = row[goal].as_text() else {
            continue;
        };
        goals.insert(name);
        let (Some(id), Some(time)) = (UnitId::of(&row[unit_id]), moment(&row[time])) else {
            continue;
        };
        let Some(unit) = units.get_mut(&id) else {
            continue;
        };
        if name == exact::EXPOSURE {
            continue;
        }
        let event = Event {
            unit_type: layout.unit_type,
            aggregation: None,
            goal: name,
            count: Some(1.0),
            value: value.and_then(|value| row[value].as_number()),
            row,
        };
        let since_first = time.as_nanosecond() - unit.first_moment.as_nanosecond();
        if since_first < 0 {
            unit.earlier.push((-since_first, event));
        } else if is_inside_window(since_first, layout.attribution) && days.contain(time) {
            unit.events.push(event);
        }
    }
    Ok(Attributed {
        units,
        exposures,
        events,
        value,
        goals,
    })
}

/// The units with a seen exposure, without events as yet.
#[allow(
    clippy::type_complexity,
    reason = "a pair of what is named above, used once"
)]
fn exposed<'t>(
    plan: &Plan,
    layout: Events<'t>,
    days: &Moments,
) -> Result<(Reader<'t>, BTreeMap<UnitId<'t>, Unit<'t, Timestamp>>), SourceError> {
    let mapping = layout.exposures;
    let reader = Reader::open(layout.source, layout.tables, &mapping.table)?;
    let unit_id = reader.column(&mapping.unit_id, ID)?;
    let variant = reader.column(&mapping.variant, NAME)?;
    let time = reader.column(&mapping.time, MOMENT)?;
    let experiment = match &mapping.experiment {
        Some(experiment) => Some(reader.column(experiment, NAME)?),
        None => None,
    };
    let seen = reader.rows().filter_map(|row| {
        let is_of_experiment =
            experiment.is_none_or(|column| row[column].as_text() == Some(plan.experiment.as_str()));
        let exposure = Exposure {
            unit: UnitId::of(&row[unit_id])?,
            variant: row[variant].as_text()?,
            moment: moment(&row[time])?,
            row,
        };
        (is_of_experiment && days.contain(exposure.moment)).then_some(exposure)
    });
    Ok((reader, exact::units(seen)))
}

fn is_inside_window(since_first: i128, attribution: Attribution) -> bool {
    let window = attribution.window_seconds;
    window.is_none_or(|seconds| since_first < i128::from(seconds) * NANOSECONDS)
}

/// In a second.
const NANOSECONDS: i128 = 1_000_000_000;

fn check_ids_compare(
    layout: Events<'_>,
    exposures: &Reader<'_>,
    events: &Reader<'_>,
) -> Result<(), SourceError> {
    let of_exposures = exposures.kind(exposures.column(&layout.exposures.unit_id, ID)?);
    let of_events = events.kind(events.column(&layout.events.unit_id, ID)?);
    if of_exposures == of_events {
        return Ok(());
    }
    Err(events.failure(
        FailureKind::WrongType,
        format!(
            "column `{}` of table `{}` holds {of_events}, expected {of_exposures} as in column `{}` of table `{}`",
            layout.events.unit_id, events.name, layout.exposures.unit_id, exposures.name
        ),
        Some("convert one of the two columns".to_owned()),
    ))
}

fn mapped_exposures(mapping: &ExposureTable) -> Vec<&str> {
    let mut mapped: Vec<&str> = vec![&mapping.unit_id, &mapping.variant, &mapping.time];
    mapped.extend(mapping.experiment.as_deref());
    mapped
}

fn mapped_events(mapping: &EventTable) -> Vec<&str> {
    let mut mapped: Vec<&str> = vec![&mapping.unit_id, &mapping.goal, &mapping.time];
    mapped.extend(mapping.value.as_deref());
    mapped
}
