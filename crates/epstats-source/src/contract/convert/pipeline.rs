//! Attribution: the exposures and events that count, with the variant and the local day of each.

use std::collections::BTreeSet;

use epstats_plan::{Layout, Plan};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::SourceError;
use crate::contract::Case;
use crate::memory::days::moment;
use crate::memory::events::{Events, attribute};
use crate::memory::exact::{EXPOSURE, Exposure, Unit, UnitId};
use crate::memory::{Cell, Column, Kind, Table};

/// The name that the in-memory source has in its messages here.
const SOURCE: &str = "raw events";

type Exposures<'u, 't> = Vec<&'u Exposure<'t, Timestamp>>;

/// Everything that the tables are made of.
pub(super) struct Pipeline {
    pub(super) experiment: String,
    pub(super) unit_type: String,
    /// Type of the ids.
    pub(super) id_kind: Kind,
    /// The dimensions of exposures and events, each once.
    pub(super) dimensions: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

/// An exposure or an attributed event.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) unit: Cell,
    pub(super) variant: String,
    /// Was its unit seen in several variants?
    pub(super) is_inconsistent: bool,
    /// Does an exposure only tell that the unit was seen in this variant later on?
    pub(super) is_later_exposure: bool,
    pub(super) goal: String,
    pub(super) day: Date,
    pub(super) value: Option<f64>,
    /// In the order of the dimensions of the pipeline.
    pub(super) dimensions: Vec<Cell>,
}

impl Pipeline {
    pub(super) fn run(case: &Case, plan: &Plan) -> Result<Self, SourceError> {
        let Layout::Events {
            exposures,
            events,
            unit_type,
            attribution,
            time_zone,
            ..
        } = &case.layout
        else {
            panic!("`{}` is not of the layout events", case.name);
        };
        let attributed = attribute(
            plan,
            Events {
                source: SOURCE,
                tables: &case.tables,
                exposures,
                events,
                unit_type,
                attribution: *attribution,
                time_zone,
            },
        )?;
        let exposure_table = attributed.exposures.table;
        let event_table = attributed.events.table;
        let mut mapped_exposures = vec![&exposures.unit_id, &exposures.variant, &exposures.time];
        mapped_exposures.extend(&exposures.experiment);
        let mut mapped_events = vec![&events.unit_id, &events.goal, &events.time];
        mapped_events.extend(&events.value);
        let of_exposures = dimensions(exposure_table, &mapped_exposures, &exposures.dimensions);
        let of_events = dimensions(event_table, &mapped_events, &events.dimensions);
        let mut all = of_exposures.clone();
        all.extend(
            of_events
                .iter()
                .filter(|c| !of_exposures.contains(c))
                .cloned(),
        );

        let id_kind = exposure_table
            .position(&exposures.unit_id)
            .map_or(Kind::Text, |position| exposure_table.columns[position].kind);
        let time = event_table.position(&events.time).unwrap_or_default();
        let mut pipeline = Pipeline {
            experiment: plan.experiment.clone(),
            unit_type: unit_type.clone(),
            id_kind,
            dimensions: all,
            rows: Vec::new(),
        };
        for (id, unit) in &attributed.units {
            pipeline.add_exposures(*id, unit, plan, time_zone, (exposure_table, &of_exposures));
            pipeline.add_events(*id, unit, time_zone, (event_table, time, &of_events));
        }
        Ok(pipeline)
    }

    /// The rows of the first moment, and one row for every other variant that the unit met later.
    ///
    /// Tables by days cannot tell apart two variants of one day. Exposures to later variants are moved to the next
    /// day there, or where the range ends before that, those of the first moment to the day before. In a range of
    /// one day neither is possible.
    fn add_exposures(
        &mut self,
        id: UnitId<'_>,
        unit: &Unit<'_, Timestamp>,
        plan: &Plan,
        time_zone: &TimeZone,
        (table, listed): (&Table, &[Column]),
    ) {
        let (first, later): (Exposures<'_, '_>, Exposures<'_, '_>) = unit
            .exposures
            .iter()
            .partition(|exposure| exposure.moment == unit.first_moment);
        let mut met: BTreeSet<&str> = first.iter().map(|exposure| exposure.variant).collect();
        let later: Exposures<'_, '_> = later
            .into_iter()
            .filter(|exposure| met.insert(exposure.variant))
            .collect();

        let (earliest, latest) = plan.days;
        let mut first_day = local_day(unit.first_moment, time_zone);
        let is_ambiguous = later
            .iter()
            .any(|exposure| local_day(exposure.moment, time_zone) == first_day);
        let may_be_later = latest.is_none_or(|latest| first_day < latest);
        let may_be_earlier = earliest.is_none_or(|earliest| earliest < first_day);
        let day_of_later = if is_ambiguous && may_be_later {
            first_day.saturating_add(jiff::Span::new().days(1))
        } else {
            if is_ambiguous && may_be_earlier {
                first_day = first_day.saturating_sub(jiff::Span::new().days(1));
            }
            first_day
        };
        let all = first.into_iter().map(|exposure| (exposure, false));
        for (exposure, is_later) in all.chain(later.into_iter().map(|exposure| (exposure, true))) {
            let day = if is_later {
                day_of_later.max(local_day(exposure.moment, time_zone))
            } else {
                first_day
            };
            let dimensions = self.cells(table, listed, exposure.row);
            self.rows.push(Row {
                unit: id_cell(id),
                variant: exposure.variant.to_owned(),
                is_inconsistent: unit.is_inconsistent(),
                is_later_exposure: is_later,
                goal: EXPOSURE.to_owned(),
                day,
                value: None,
                dimensions,
            });
        }
    }

    fn add_events(
        &mut self,
        id: UnitId<'_>,
        unit: &Unit<'_, Timestamp>,
        time_zone: &TimeZone,
        (table, time, listed): (&Table, usize, &[Column]),
    ) {
        for event in &unit.events {
            let Some(moment) = moment(&event.row[time]) else {
                continue;
            };
            let dimensions = self.cells(table, listed, event.row);
            self.rows.push(Row {
                unit: id_cell(id),
                variant: unit.variant.to_owned(),
                is_inconsistent: unit.is_inconsistent(),
                is_later_exposure: false,
                goal: event.goal.to_owned(),
                day: local_day(moment, time_zone),
                value: event.value,
                dimensions,
            });
        }
    }

    /// The dimensions of a row; NULL where its table does not have one.
    fn cells(&self, table: &Table, listed: &[Column], row: &[Cell]) -> Vec<Cell> {
        self.dimensions
            .iter()
            .map(|dimension| {
                let position = table
                    .position(&dimension.name)
                    .filter(|_| listed.contains(dimension));
                position.map_or(Cell::Null, |position| row[position].clone())
            })
            .collect()
    }
}

/// The columns that filters may name.
fn dimensions(table: &Table, mapped: &[&String], listed: &Option<Vec<String>>) -> Vec<Column> {
    table
        .columns
        .iter()
        .filter(|column| match listed {
            Some(listed) => listed.contains(&column.name),
            None => !mapped.contains(&&column.name),
        })
        .cloned()
        .collect()
}

fn local_day(moment: Timestamp, time_zone: &TimeZone) -> Date {
    moment.to_zoned_datetime(time_zone.clone()).date()
}

fn id_cell(id: UnitId<'_>) -> Cell {
    match id {
        UnitId::Integer(integer) => Cell::Integer(integer),
        UnitId::Text(text) => Cell::from(text),
    }
}
