//! The layout `agg-goals`: sums and squares by variant and goal.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::formula::{Function, Goal};
use epstats_experiment::{Filter, Statistics};
use epstats_plan::{AggregatedTable, Plan};

use super::condition::Condition;
use super::days::Day;
use super::exact::{EXPOSURE, is_asked};
use super::marginal::{Adding, SumColumns};
use super::questions::Dimensions;
use super::reader::{AMOUNT, MOMENT, NAME, Reader};
use super::table::{Cell, Table};
use crate::SourceError;

pub(super) fn fetch(
    plan: &Plan,
    source: &str,
    tables: &BTreeMap<String, Table>,
    mapping: &AggregatedTable,
) -> Result<Statistics, SourceError> {
    let reader = Reader::open(source, tables, &mapping.table)?;
    let columns = Columns::of(&reader, mapping)?;
    let dimensions = Dimensions {
        reader,
        listed: mapping.dimensions.as_deref(),
        mapped: mapped(mapping),
    };
    let mut measures = Vec::new();
    for goal in &plan.goals {
        measures.push(Measure::of(goal, &columns, &dimensions)?);
    }
    let mut filters = Vec::new();
    for filter in &plan.filters {
        filters.push(RowFilter::of(filter, &dimensions)?);
    }

    let mut seen = BTreeSet::new();
    let mut adding = Adding::new(plan, reader);
    for cells in reader.rows() {
        let Some(row) = columns.row(cells) else {
            continue;
        };
        if row.experiment != plan.experiment {
            continue;
        }
        seen.insert((row.unit_type, row.aggregation, row.goal));
        let Some(variant) = row.variant else {
            continue;
        };
        let is_on_asked_day = columns
            .date
            .is_none_or(|date| Day::of(&cells[date]).is_asked(plan));
        if !is_asked(plan, variant)
            || !is_on_asked_day
            || !filters.iter().all(|filter| filter.keeps(&row))
        {
            continue;
        }
        let goals: Vec<(usize, SumColumns)> = measures
            .iter()
            .enumerate()
            .filter(|(_, measure)| measure.reads(&row))
            .map(|(index, measure)| (index, measure.columns))
            .collect();
        adding.add(variant, cells, &goals);
    }

    let never_seen = |index: &usize| {
        let goal = &plan.goals[*index];
        !seen.contains(&(
            goal.unit_type.as_str(),
            goal.aggregation.as_str(),
            goal.name.as_str(),
        ))
    };
    let goals_never_seen = (0..plan.goals.len()).filter(never_seen).collect();
    adding.finish(plan, goals_never_seen, Vec::new())
}

/// Where the mapped columns stand.
struct Columns {
    experiment: usize,
    variant: usize,
    unit_type: usize,
    aggregation: usize,
    goal: usize,
    date: Option<usize>,
    counts: SumColumns,
    values: SumColumns,
    uniques: SumColumns,
}

/// A row of some goal.
struct Row<'t> {
    experiment: &'t str,
    variant: Option<&'t str>,
    unit_type: &'t str,
    aggregation: &'t str,
    goal: &'t str,
    cells: &'t [Cell],
}

impl Columns {
    fn of(reader: &Reader<'_>, mapping: &AggregatedTable) -> Result<Self, SourceError> {
        let amounts = |sum: &str, squares: &str| {
            Ok(SumColumns {
                sum: reader.column(sum, AMOUNT)?,
                squares: reader.column(squares, AMOUNT)?,
            })
        };
        Ok(Columns {
            experiment: reader.column(&mapping.experiment, NAME)?,
            variant: reader.column(&mapping.variant, NAME)?,
            unit_type: reader.column(&mapping.unit_type, NAME)?,
            aggregation: reader.column(&mapping.aggregation, NAME)?,
            goal: reader.column(&mapping.goal, NAME)?,
            date: match &mapping.date {
                Some(date) => Some(reader.column(date, MOMENT)?),
                None => None,
            },
            counts: amounts(&mapping.count, &mapping.sum_sqr_count)?,
            values: amounts(&mapping.sum_value, &mapping.sum_sqr_value)?,
            uniques: amounts(&mapping.count_unique, &mapping.count_unique)?,
        })
    }

    /// The row; `None` if it is of no experiment and goal.
    fn row<'t>(&self, cells: &'t [Cell]) -> Option<Row<'t>> {
        Some(Row {
            experiment: cells[self.experiment].as_text()?,
            variant: cells[self.variant].as_text(),
            unit_type: cells[self.unit_type].as_text()?,
            aggregation: cells[self.aggregation].as_text()?,
            goal: cells[self.goal].as_text()?,
            cells,
        })
    }
}

/// Which rows a goal sums, and over which columns.
struct Measure<'t> {
    goal: &'t Goal,
    columns: SumColumns,
    conditions: Vec<Condition>,
}

impl<'t> Measure<'t> {
    fn of(
        goal: &'t Goal,
        columns: &Columns,
        dimensions: &Dimensions<'_>,
    ) -> Result<Self, SourceError> {
        let mut conditions = Vec::new();
        for filter in &goal.filters {
            let column = dimensions.position(&filter.dimension)?;
            conditions.push(Condition::literal(column, filter));
        }
        Ok(Measure {
            goal,
            columns: match goal.function {
                Function::Count => columns.counts,
                Function::Value => columns.values,
                Function::Unique => columns.uniques,
            },
            conditions,
        })
    }

    fn reads(&self, row: &Row<'_>) -> bool {
        row.unit_type == self.goal.unit_type
            && row.aggregation == self.goal.aggregation.as_str()
            && row.goal == self.goal.name
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(row.cells))
    }
}

/// A filter of the experiment, as far as rows without units can obey it.
enum RowFilter<'t> {
    Exposure(Condition),
    Goal(Condition),
    Trigger {
        goal: &'t str,
        condition: Option<Condition>,
    },
}

impl<'t> RowFilter<'t> {
    fn of(filter: &'t Filter, dimensions: &Dimensions<'_>) -> Result<Self, SourceError> {
        Ok(match filter {
            Filter::Exposure { dimension, values } => {
                RowFilter::Exposure(dimensions.one_of(dimension, values)?)
            }
            Filter::Goal { dimension, values } => {
                RowFilter::Goal(dimensions.one_of(dimension, values)?)
            }
            Filter::Trigger { goal, condition } => RowFilter::Trigger {
                goal,
                condition: match condition {
                    Some((dimension, values)) => Some(dimensions.one_of(dimension, values)?),
                    None => None,
                },
            },
        })
    }

    fn keeps(&self, row: &Row<'_>) -> bool {
        let is_exposure = row.goal == EXPOSURE;
        match self {
            RowFilter::Exposure(condition) => !is_exposure || condition.holds(row.cells),
            RowFilter::Goal(condition) => is_exposure || condition.holds(row.cells),
            RowFilter::Trigger { goal, condition } => {
                let fires = row.goal == *goal
                    && condition
                        .as_ref()
                        .is_none_or(|condition| condition.holds(row.cells));
                is_exposure || fires
            }
        }
    }
}

fn mapped(mapping: &AggregatedTable) -> Vec<&str> {
    let mut mapped: Vec<&str> = vec![
        &mapping.experiment,
        &mapping.variant,
        &mapping.unit_type,
        &mapping.aggregation,
        &mapping.goal,
        &mapping.count,
        &mapping.sum_sqr_count,
        &mapping.sum_value,
        &mapping.sum_sqr_value,
        &mapping.count_unique,
    ];
    mapped.extend(mapping.date.as_deref());
    mapped
}
