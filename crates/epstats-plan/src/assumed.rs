//! The types that the columns of a layout have where no database can be asked.

use std::collections::BTreeMap;

use epstats_experiment::Filter;
use epstats_experiment::formula::{DimensionFilter, FilterOperator, Goal};
use jiff::civil::Date;

use crate::lower::{EXPOSURE, squared};
use crate::{ColumnType, Columns, Layout, Plan, Tables};

impl Tables {
    /// The tables of a layout as they usually are, with what a plan reads of them; to show statements without a connection.
    ///
    /// Ids and names are texts, moments are timestamps without a zone, counts are integers and values numbers. Dimensions are texts, or
    /// numbers or days where the plan compares them as such. A real table may differ, and then so do its statements.
    ///
    /// ```
    /// use epstats_plan::{ColumnType, Layout, Tables, WideTable, experiment::Experiment, for_experiment};
    /// let layout = Layout::Wide(WideTable {
    ///     table: "results".to_owned(),
    ///     experiment: "experiment".to_owned(),
    ///     variant: "variant".to_owned(),
    /// });
    /// let plan = for_experiment(&Experiment::new("checkout", "a", "user"));
    /// let tables = Tables::assumed(&layout, &plan);
    /// assert_eq!(tables.columns("results").unwrap()["variant"], ColumnType::Text);
    /// ```
    #[must_use]
    pub fn assumed(layout: &Layout, plan: &Plan) -> Tables {
        let read = Dimensions::of(plan);
        let text = ColumnType::Text;
        let moment = ColumnType::Timestamp { zoned: false };
        match layout {
            Layout::Events {
                exposures, events, ..
            } => {
                let mut of_exposures = columns(&[
                    (&exposures.unit_id, &text),
                    (&exposures.variant, &text),
                    (&exposures.time, &moment),
                ]);
                of_exposures.extend(
                    exposures
                        .experiment
                        .clone()
                        .map(|name| (name, text.clone())),
                );
                read.add(&read.exposures, &exposures.dimensions, &mut of_exposures);
                let mut of_events = columns(&[
                    (&events.unit_id, &text),
                    (&events.goal, &text),
                    (&events.time, &moment),
                ]);
                of_events.extend(events.value.clone().map(|name| (name, ColumnType::Number)));
                read.add(&read.events, &events.dimensions, &mut of_events);
                // One table may hold both.
                let mut tables = BTreeMap::from([(exposures.table.clone(), of_exposures)]);
                tables
                    .entry(events.table.clone())
                    .or_default()
                    .extend(of_events);
                Tables::from(tables)
            }
            Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
                let mut all = columns(&[
                    (&table.experiment, &text),
                    (&table.variant, &text),
                    (&table.unit_type, &text),
                    (&table.aggregation, &text),
                    (&table.goal, &text),
                    (&table.unit_id, &text),
                    (&table.count, &ColumnType::Integer),
                    (&table.value, &ColumnType::Number),
                ]);
                all.extend(table.date.clone().map(|name| (name, ColumnType::Date)));
                read.add(&read.all(), &table.dimensions, &mut all);
                Tables::from(BTreeMap::from([(table.table.clone(), all)]))
            }
            Layout::AggGoals(table) => {
                let mut all = columns(&[
                    (&table.experiment, &text),
                    (&table.variant, &text),
                    (&table.unit_type, &text),
                    (&table.aggregation, &text),
                    (&table.goal, &text),
                    (&table.count, &ColumnType::Integer),
                    (&table.sum_sqr_count, &ColumnType::Integer),
                    (&table.sum_value, &ColumnType::Number),
                    (&table.sum_sqr_value, &ColumnType::Number),
                    (&table.count_unique, &ColumnType::Integer),
                ]);
                all.extend(table.date.clone().map(|name| (name, ColumnType::Date)));
                let texts = read.all().into_keys().map(|name| (name, ColumnType::Text));
                read.add(&texts.collect(), &table.dimensions, &mut all);
                Tables::from(BTreeMap::from([(table.table.clone(), all)]))
            }
            Layout::Wide(table) => {
                let mut all = columns(&[(&table.experiment, &text), (&table.variant, &text)]);
                for goal in &plan.goals {
                    for name in [goal.name.clone(), squared(&goal.name)] {
                        all.entry(name).or_insert(ColumnType::Number);
                    }
                }
                Tables::from(BTreeMap::from([(table.table.clone(), all)]))
            }
        }
    }
}

fn columns(of: &[(&String, &ColumnType)]) -> Columns {
    let columns = of.iter();
    columns
        .map(|(name, kind)| ((*name).clone(), (*kind).clone()))
        .collect()
}

/// The dimensions that a plan names, with the types that it compares them as.
#[derive(Default)]
struct Dimensions {
    exposures: Columns,
    events: Columns,
}

impl Dimensions {
    fn of(plan: &Plan) -> Dimensions {
        let mut read = Dimensions::default();
        for filter in &plan.filters {
            match filter {
                Filter::Exposure { dimension, .. } => note(&mut read.exposures, dimension, None),
                Filter::Goal { dimension, .. } => note(&mut read.events, dimension, None),
                Filter::Trigger { goal, condition } => {
                    if let Some((dimension, _)) = condition {
                        note(read.of_goal(goal), dimension, None);
                    }
                }
            }
        }
        for name in &plan.strata {
            note(&mut read.exposures, name, None);
        }
        let of_values = plan.unit_values.iter();
        let of_values = of_values.flat_map(|value| value.formula.goals());
        let of_quantiles = plan.quantiles.iter().map(|need| &need.goal);
        let goals: Vec<&Goal> = plan
            .goals
            .iter()
            .chain(of_values)
            .chain(of_quantiles)
            .collect();
        for goal in goals {
            for filter in &goal.filters {
                let columns = read.of_goal(&goal.name);
                note(columns, &filter.dimension, compared_as(filter));
            }
        }
        read
    }

    fn of_goal(&mut self, goal: &str) -> &mut Columns {
        if goal == EXPOSURE {
            &mut self.exposures
        } else {
            &mut self.events
        }
    }

    fn all(&self) -> Columns {
        let mut all = self.events.clone();
        for (name, kind) in &self.exposures {
            note(
                &mut all,
                name,
                Some(kind.clone()).filter(|kind| *kind != ColumnType::Text),
            );
        }
        all
    }

    /// Adds the dimensions that a table has: those that its mapping lists, or all that are named.
    fn add(&self, named: &Columns, listed: &Option<Vec<String>>, to: &mut Columns) {
        let kind = |name: &String| named.get(name).cloned().unwrap_or(ColumnType::Text);
        let names: Vec<&String> = match listed {
            Some(listed) => listed.iter().collect(),
            None => named.keys().collect(),
        };
        for name in names {
            to.entry(name.clone()).or_insert_with(|| kind(name));
        }
    }
}

/// Notes a dimension; a type that it must have for a comparison is more than none.
fn note(columns: &mut Columns, name: &str, kind: Option<ColumnType>) {
    match kind {
        Some(kind) => {
            columns.insert(name.to_owned(), kind);
        }
        None => {
            columns.entry(name.to_owned()).or_insert(ColumnType::Text);
        }
    }
}

/// The type that a range must have.
fn compared_as(filter: &DimensionFilter) -> Option<ColumnType> {
    match filter.operator {
        FilterOperator::Equal | FilterOperator::NotEqual | FilterOperator::StartsWith => None,
        FilterOperator::Less
        | FilterOperator::LessOrEqual
        | FilterOperator::Greater
        | FilterOperator::GreaterOrEqual => Some(match filter.value.parse::<Date>() {
            Ok(_) => ColumnType::Date,
            Err(_) => ColumnType::Number,
        }),
    }
}
