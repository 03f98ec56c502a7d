//! The layout `agg-goals`: sums and squares by variant and goal.

use std::collections::BTreeMap;

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
    // A row looks its goal up once, however many measures there are.
    let mut measures: BTreeMap<Names<'_>, Measures> = BTreeMap::new();
    for (index, goal) in plan.goals.iter().enumerate() {
        let measure = Measure::of(index, goal, &columns, &dimensions)?;
        measures
            .entry(Names::of(goal))
            .or_default()
            .measures
            .push(measure);
    }
    let mut filters = Vec::new();
    for filter in &plan.filters {
        filters.push(RowFilter::of(filter, &dimensions)?);
    }

    let mut goals = Vec::new();
    let mut adding = Adding::new(plan, reader);
    for cells in reader.rows() {
        let Some(row) = columns.row(cells) else {
            continue;
        };
        if row.experiment != plan.experiment {
            continue;
        }
        let measures = match measures.get_mut(&row.names) {
            Some(of_goal) => {
                of_goal.were_seen = true;
                of_goal.measures.as_slice()
            }
            None => &[],
        };
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
        goals.clear();
        let read = measures.iter().filter(|measure| measure.reads(cells));
        goals.extend(read.map(|measure| (measure.index, measure.columns)));
        adding.add(variant, cells, &goals);
    }

    let never_seen = measures.values().filter(|of_goal| !of_goal.were_seen);
    let mut goals_never_seen: Vec<usize> = never_seen
        .flat_map(|of_goal| &of_goal.measures)
        .map(|measure| measure.index)
        .collect();
    goals_never_seen.sort_unstable();
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
    names: Names<'t>,
    cells: &'t [Cell],
}

/// What tells the rows of one goal from those of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Names<'t> {
    goal: &'t str,
    unit_type: &'t str,
    aggregation: &'t str,
}

impl<'t> Names<'t> {
    fn of(goal: &'t Goal) -> Self {
        Names {
            goal: &goal.name,
            unit_type: &goal.unit_type,
            aggregation: goal.aggregation.as_str(),
        }
    }
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
            names: Names {
                goal: cells[self.goal].as_text()?,
                unit_type: cells[self.unit_type].as_text()?,
                aggregation: cells[self.aggregation].as_text()?,
            },
            cells,
        })
    }
}

/// The measures that read rows of one goal, each those that pass its filters.
#[derive(Default)]
struct Measures {
    were_seen: bool,
    measures: Vec<Measure>,
}

/// Which of the rows of its goal a measure sums, and over which columns.
struct Measure {
    /// Which goal of the plan it is.
    index: usize,
    columns: SumColumns,
    conditions: Vec<Condition>,
}

impl Measure {
    fn of(
        index: usize,
        goal: &Goal,
        columns: &Columns,
        dimensions: &Dimensions<'_>,
    ) -> Result<Self, SourceError> {
        let mut conditions = Vec::new();
        for filter in &goal.filters {
            let column = dimensions.position(&filter.dimension)?;
            conditions.push(Condition::literal(column, filter));
        }
        Ok(Measure {
            index,
            columns: match goal.function {
                Function::Count => columns.counts,
                Function::Value => columns.values,
                Function::Unique => columns.uniques,
            },
            conditions,
        })
    }

    fn reads(&self, cells: &[Cell]) -> bool {
        self.conditions
            .iter()
            .all(|condition| condition.holds(cells))
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
        let is_exposure = row.names.goal == EXPOSURE;
        match self {
            RowFilter::Exposure(condition) => !is_exposure || condition.holds(row.cells),
            RowFilter::Goal(condition) => is_exposure || condition.holds(row.cells),
            RowFilter::Trigger { goal, condition } => {
                let fires = row.names.goal == *goal
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
