//! One source: which fields it has depends on the layout of its data.

use epstats_plan::{Attribution, EventTable, ExposureTable, InconsistentUnits, Layout};
use jiff::tz::TimeZone;

use super::engine::{KINDS, Kind};
use super::goals::{agg_goals, goals, wide};
use super::places::Places;
use super::table::Table;
use super::{SourceDefinition, units};
use crate::walk::{At, Object, Problems};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Events,
    Goals,
    UnitGoals,
    AggGoals,
    Wide,
}

const SHAPES: [(&str, Shape); 5] = [
    ("events", Shape::Events),
    ("goals", Shape::Goals),
    ("unit-goals", Shape::UnitGoals),
    ("agg-goals", Shape::AggGoals),
    ("wide", Shape::Wide),
];

/// Fields of every source.
const COMMON: &[&str] = &["engine", "layout", "timeout"];

impl Shape {
    /// The fields that sources of this layout have besides the common ones.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Shape::Events => &[
                "unit_type",
                "exposures",
                "events",
                "attribution",
                "time_zone",
                "inconsistent_exposures",
            ],
            Shape::Goals | Shape::UnitGoals => &["table", "inconsistent_exposures"],
            Shape::AggGoals | Shape::Wide => &["table"],
        }
    }
}

/// Reads a source. The value may hold stand-ins where there were errors.
pub(super) fn read(name: &str, at: At<'_>, problems: &mut Problems) -> Option<SourceDefinition> {
    let kind = kind(&at, problems);
    let common = [COMMON, kind.fields()].concat();
    let Some(shape) = shape(&at, problems) else {
        let known: Vec<&str> = SHAPES
            .iter()
            .flat_map(|(_, shape)| shape.fields())
            .copied()
            .collect();
        Object::open(at, &[common, known].concat(), problems);
        return None;
    };
    let object = Object::open(at, &[&common, shape.fields()].concat(), problems)?;
    let mut places = kind.places();
    let layout = match shape {
        Shape::Events => events(&object, &mut places, problems),
        Shape::Goals => goals(&object, "value", &mut places, problems).map(|table| Layout::Goals {
            table,
            inconsistent_units: inconsistent_units(&object, problems),
        }),
        Shape::UnitGoals => {
            goals(&object, "sum_value", &mut places, problems).map(|table| Layout::UnitGoals {
                table,
                inconsistent_units: inconsistent_units(&object, problems),
            })
        }
        Shape::AggGoals => agg_goals(&object, &mut places, problems).map(Layout::AggGoals),
        Shape::Wide => wide(&object, &mut places, problems).map(Layout::Wide),
    };
    let engine = kind.read(&object, places, problems);
    let timeout = object
        .optional("timeout")
        .and_then(|field| units::duration(&field, problems));
    Some(SourceDefinition {
        name: name.to_owned(),
        engine: engine?,
        layout: layout?,
        timeout,
    })
}

/// The engine decides which fields are known, so it is looked at first; files where there is none, or none that is known.
fn kind(at: &At<'_>, problems: &mut Problems) -> Kind {
    let fields = at.entries(&mut Problems::new()).unwrap_or_default();
    let engine = fields.into_iter().rfind(|(name, _)| *name == "engine");
    engine
        .and_then(|(_, field)| field.choice(&KINDS, problems))
        .unwrap_or(Kind::Files)
}

/// The layout decides which fields are known, so it is looked at first.
fn shape(at: &At<'_>, problems: &mut Problems) -> Option<Shape> {
    let fields = at.entries(&mut Problems::new()).unwrap_or_default();
    match fields.into_iter().rfind(|(name, _)| *name == "layout") {
        Some((_, field)) => field.choice(&SHAPES, problems),
        None => {
            // Not an object at all is told by the caller's opening it.
            let object = Object::open(at.clone(), &[], &mut Problems::new())?;
            problems.push(object.missing("layout", "the layout of the data, such as `events`"));
            None
        }
    }
}

fn events(object: &Object<'_>, places: &mut Places, problems: &mut Problems) -> Option<Layout> {
    let unit_type = object
        .required(
            "unit_type",
            "the type of unit that the ids name, such as `user`",
            problems,
        )
        .and_then(|field| field.filled_text(problems));
    const EXPOSURE_COLUMNS: &[&str] = &["unit_id", "experiment", "variant", "time", "dimensions"];
    let exposures = Table::open(object, "exposures", places, EXPOSURE_COLUMNS, problems);
    let exposures = exposures.map(|table| ExposureTable {
        table: places.add("exposures", &table, problems),
        unit_id: table.column("unit_id", "unit_id", problems),
        experiment: table.optional_column("experiment", "experiment", problems),
        variant: table.column("variant", "variant", problems),
        time: table.column("time", "time", problems),
        dimensions: table.dimensions(problems),
    });
    const EVENT_COLUMNS: &[&str] = &["unit_id", "goal", "value", "time", "dimensions"];
    let events = Table::open(object, "events", places, EVENT_COLUMNS, problems);
    let events = events.map(|table| EventTable {
        table: places.add("events", &table, problems),
        unit_id: table.column("unit_id", "unit_id", problems),
        goal: table.column("goal", "goal", problems),
        value: table.optional_column("value", "value", problems),
        time: table.column("time", "time", problems),
        dimensions: table.dimensions(problems),
    });
    let attribution = attribution(object, problems);
    let time_zone = object
        .optional("time_zone")
        .and_then(|field| units::time_zone(&field, problems));
    let inconsistent_units = inconsistent_units(object, problems);
    Some(Layout::Events {
        exposures: exposures?,
        events: events?,
        unit_type: unit_type?.into_owned(),
        attribution,
        time_zone: time_zone.unwrap_or(TimeZone::UTC),
        inconsistent_units,
    })
}

fn attribution(object: &Object<'_>, problems: &mut Problems) -> Attribution {
    let attribution = object
        .optional("attribution")
        .and_then(|at| Object::open(at, &["window", "lookback"], problems));
    let Some(attribution) = attribution else {
        return Attribution::default();
    };
    let mut seconds = |name: &str| {
        let duration = units::duration(&attribution.optional(name)?, problems)?;
        Some(duration.as_secs())
    };
    Attribution {
        window_seconds: seconds("window"),
        lookback_seconds: seconds("lookback").unwrap_or(0),
    }
}

fn inconsistent_units(object: &Object<'_>, problems: &mut Problems) -> Option<InconsistentUnits> {
    let policies = [
        ("keep", InconsistentUnits::Keep),
        ("leave-out", InconsistentUnits::LeaveOut),
    ];
    object
        .optional("inconsistent_exposures")
        .and_then(|field| field.choice(&policies, problems))
}
