//! The layouts `goals` and `unit-goals`: attributed events, one by one or summed by unit.

use std::collections::BTreeMap;

use epstats_experiment::Statistics;
use epstats_plan::{GoalTable, InconsistentUnits, Plan};

use super::answer::answer;
use super::days::Day;
use super::exact::{self, EXPOSURE, Event, Exposure, UnitId};
use super::questions::{Dimensions, Questions, Tables};
use super::reader::{AMOUNT, ID, MOMENT, NAME, Reader};
use super::table::{Cell, Table};
use crate::SourceError;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// One attributed event.
    Events,
    /// Some or all events of a unit.
    Sums,
}

pub(super) fn fetch(
    plan: &Plan,
    source: &str,
    tables: &BTreeMap<String, Table>,
    mapping: &GoalTable,
    rows: Rows,
    policy: InconsistentUnits,
) -> Result<Statistics, SourceError> {
    let reader = Reader::open(source, tables, &mapping.table)?;
    let columns = Columns::of(&reader, mapping)?;
    let seen: Vec<Row<'_>> = reader
        .rows()
        .filter_map(|row| columns.row(row))
        .filter(|row| row.names.experiment == plan.experiment)
        .filter(|row| columns.date.is_none() || row.day.is_asked(plan))
        .collect();

    let (exposures, others): (Vec<&Row<'_>>, Vec<&Row<'_>>) = seen
        .iter()
        .partition(|row| row.names.goal == EXPOSURE && row.names.unit_type == plan.unit_type);
    let mut units = exact::units(exposures.into_iter().map(|row| Exposure {
        unit: row.unit,
        variant: row.variant,
        moment: row.day,
        row: row.cells,
    }));
    for row in others {
        if let Some(unit) = units.get_mut(&row.unit) {
            unit.events.push(Event {
                unit_type: row.names.unit_type,
                aggregation: Some(row.names.aggregation),
                goal: row.names.goal,
                count: row.cells[columns.count].as_number(),
                value: row.cells[columns.value].as_number(),
                row: row.cells,
            });
        }
    }

    let dimensions = || Dimensions {
        reader,
        listed: mapping.dimensions.as_deref(),
        mapped: mapped(mapping),
    };
    let tables = Tables {
        exposures: dimensions(),
        events: dimensions(),
        count: Some(columns.count),
        value: Some(columns.value),
        unit_type: &plan.unit_type,
        lookback: None,
        has_single_events: rows == Rows::Events,
    };
    let questions = Questions::of(plan, tables)?;
    answer(plan, policy, &questions, &units, |goal| {
        let mut names = reader.rows().filter_map(|row| columns.names(row));
        names.any(|names| {
            names.goal == goal.name
                && names.unit_type == goal.unit_type
                && names.aggregation == goal.aggregation.as_str()
                && names.experiment == plan.experiment
        })
    })
}

/// Where the mapped columns stand.
struct Columns {
    experiment: usize,
    variant: usize,
    unit_type: usize,
    aggregation: usize,
    goal: usize,
    unit_id: usize,
    date: Option<usize>,
    count: usize,
    value: usize,
}

/// A row that concerns some unit of some variant.
struct Row<'t> {
    names: Names<'t>,
    variant: &'t str,
    unit: UnitId<'t>,
    day: Day,
    cells: &'t [Cell],
}

/// What a row tells about its goal.
#[derive(Clone, Copy)]
struct Names<'t> {
    experiment: &'t str,
    unit_type: &'t str,
    aggregation: &'t str,
    goal: &'t str,
}

impl Columns {
    fn of(reader: &Reader<'_>, mapping: &GoalTable) -> Result<Self, SourceError> {
        Ok(Columns {
            experiment: reader.column(&mapping.experiment, NAME)?,
            variant: reader.column(&mapping.variant, NAME)?,
            unit_type: reader.column(&mapping.unit_type, NAME)?,
            aggregation: reader.column(&mapping.aggregation, NAME)?,
            goal: reader.column(&mapping.goal, NAME)?,
            unit_id: reader.column(&mapping.unit_id, ID)?,
            date: match &mapping.date {
                Some(date) => Some(reader.column(date, MOMENT)?),
                None => None,
            },
            count: reader.column(&mapping.count, AMOUNT)?,
            value: reader.column(&mapping.value, AMOUNT)?,
        })
    }

    /// The names of a row; `None` if one of them is NULL, so that the row is of no goal.
    fn names<'t>(&self, row: &'t [Cell]) -> Option<Names<'t>> {
        Some(Names {
            experiment: row[self.experiment].as_text()?,
            unit_type: row[self.unit_type].as_text()?,
            aggregation: row[self.aggregation].as_text().unwrap_or_default(),
            goal: row[self.goal].as_text()?,
        })
    }

    /// The row; `None` if it has no unit or no variant.
    fn row<'t>(&self, cells: &'t [Cell]) -> Option<Row<'t>> {
        Some(Row {
            names: self.names(cells)?,
            variant: cells[self.variant].as_text()?,
            unit: UnitId::of(&cells[self.unit_id])?,
            day: self.date.map_or(Day::Unknown, |date| Day::of(&cells[date])),
            cells,
        })
    }
}

fn mapped(mapping: &GoalTable) -> Vec<&str> {
    let mut mapped: Vec<&str> = vec![
        &mapping.experiment,
        &mapping.variant,
        &mapping.unit_type,
        &mapping.aggregation,
        &mapping.goal,
        &mapping.unit_id,
        &mapping.count,
        &mapping.value,
    ];
    mapped.extend(mapping.date.as_deref());
    mapped
}
