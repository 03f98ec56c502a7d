//! The layout `agg-goals`: sums and sums of squares by variant and goal.

use epstats_experiment::Filter;
use epstats_experiment::formula::{FilterOperator, Function, Goal};
use jiff::tz::TimeZone;

use crate::lower::dimension::Dimension;
use crate::lower::marginal::MarginalSums;
use crate::lower::table::Table;
use crate::lower::together::of_parts;
use crate::lower::{EXPOSURE, LowerError, asker_of_filter, asker_of_goal, days};
use crate::query::{Expression, Query};
use crate::reading::Reading;
use crate::{AggregatedTable, Plan, Tables};

/// The sums of every variant.
pub(crate) fn sums(
    plan: &Plan,
    mapping: &AggregatedTable,
    tables: &Tables,
) -> Result<(Query, Reading), LowerError> {
    sums_of(plan, &[plan], mapping, tables)
}

/// The same for several plans, of which `plan` is the union, by experiment.
pub(crate) fn sums_of(
    plan: &Plan,
    parts: &[&Plan],
    mapping: &AggregatedTable,
    tables: &Tables,
) -> Result<(Query, Reading), LowerError> {
    let rows = AggregatedRows::of_parts(plan, parts, mapping, tables)?;
    let mut sums = MarginalSums::default();
    for goal in &plan.goals {
        let (sum, squares) = rows.columns(goal)?;
        sums.push(sum, Some(squares), rows.condition(goal)?);
    }
    Ok(sums.finish(
        &plan.goals,
        (&mapping.table, tables),
        (
            (parts.len() > 1).then_some(&mapping.experiment),
            &mapping.variant,
        ),
        rows.conditions,
    ))
}

/// The columns of the table, and the conditions on its rows.
pub(crate) struct AggregatedRows<'a> {
    pub(crate) table: Table<'a>,
    mapping: &'a AggregatedTable,
    pub(crate) unit_type: Expression,
    pub(crate) aggregation: Expression,
    pub(crate) goal: Expression,
    /// Is the row of the experiment?
    pub(crate) of_experiment: Expression,
    /// What holds for rows that are summed.
    pub(crate) conditions: Vec<Expression>,
}

impl<'a> AggregatedRows<'a> {
    pub(crate) fn of(
        plan: &Plan,
        mapping: &'a AggregatedTable,
        tables: &'a Tables,
    ) -> Result<AggregatedRows<'a>, LowerError> {
        AggregatedRows::of_parts(plan, &[plan], mapping, tables)
    }

    /// The rows of several plans of one unit type, each with its own experiment, variants and days.
    pub(crate) fn of_parts(
        plan: &Plan,
        parts: &[&Plan],
        mapping: &'a AggregatedTable,
        tables: &'a Tables,
    ) -> Result<AggregatedRows<'a>, LowerError> {
        let table = find(mapping, tables)?;
        let variant = table.text("table.exp_variant_id", &mapping.variant)?;
        let experiment = table.text("table.exp_id", &mapping.experiment)?;
        let date = match &mapping.date {
            None => None,
            Some(date) => Some(table.time("table.date", date)?),
        };
        let seen = of_parts(&experiment, parts, |part| {
            let mut conditions = vec![is_asked(&variant, part)];
            if let Some(date) = &date {
                conditions.extend(days::within(part.days, &TimeZone::UTC, date));
            }
            conditions
        });
        let mut rows = AggregatedRows {
            unit_type: table.text("table.unit_type", &mapping.unit_type)?,
            aggregation: table.text("table.agg_type", &mapping.aggregation)?,
            goal: table.text("table.goal", &mapping.goal)?,
            of_experiment: experiment
                .clone()
                .equals(Expression::text(&plan.experiment)),
            table,
            mapping,
            conditions: seen,
        };
        rows.add_filters(plan)?;
        Ok(rows)
    }

    /// The columns of the sum and the sum of squares that a goal reads.
    pub(crate) fn columns(&self, goal: &Goal) -> Result<(Expression, Expression), LowerError> {
        let (sum, squares) = self.names(goal);
        Ok((self.number(sum)?, self.number(squares)?))
    }

    /// The names of these columns, each with the field that maps it.
    pub(crate) fn names(&self, goal: &Goal) -> (Mapped<'a>, Mapped<'a>) {
        let mapping = self.mapping;
        let mapped = |field, column| Mapped { field, column };
        match goal.function {
            Function::Count => (
                mapped("table.count", &mapping.count),
                mapped("table.sum_sqr_count", &mapping.sum_sqr_count),
            ),
            Function::Value => (
                mapped("table.sum_value", &mapping.sum_value),
                mapped("table.sum_sqr_value", &mapping.sum_sqr_value),
            ),
            Function::Unique => {
                let unique = mapped("table.count_unique", &mapping.count_unique);
                (unique, unique)
            }
        }
    }

    /// A column in double precision.
    pub(crate) fn number(&self, mapped: Mapped<'_>) -> Result<Expression, LowerError> {
        self.table.number(mapped.field, mapped.column)
    }

    /// Does a row count for a goal?
    pub(crate) fn condition(&self, goal: &Goal) -> Result<Expression, LowerError> {
        let asker = asker_of_goal(goal);
        let mut conditions = vec![
            self.goal.clone().equals(Expression::text(&goal.name)),
            self.unit_type
                .clone()
                .equals(Expression::text(&goal.unit_type)),
            self.aggregation
                .clone()
                .equals(Expression::text(&goal.aggregation.to_string())),
        ];
        for filter in &goal.filters {
            let text = match filter.operator {
                FilterOperator::Equal => filter.value.clone(),
                operator => format!("{operator}{}", filter.value),
            };
            conditions.push(self.has_value(&asker, &filter.dimension, &[text])?);
        }
        Ok(Expression::all(conditions))
    }

    fn add_filters(&mut self, plan: &Plan) -> Result<(), LowerError> {
        let mut conditions = Vec::new();
        let exposure = || self.goal.clone().equals(Expression::text(EXPOSURE));
        for filter in &plan.filters {
            let asker = asker_of_filter(filter);
            conditions.push(match filter {
                Filter::Exposure { dimension, values } => Expression::any(vec![
                    exposure().negated(),
                    self.has_value(asker, dimension, values)?,
                ]),
                Filter::Goal { dimension, values } => {
                    Expression::any(vec![exposure(), self.has_value(asker, dimension, values)?])
                }
                Filter::Trigger { goal, condition } => {
                    let mut triggers = vec![self.goal.clone().equals(Expression::text(goal))];
                    if let Some((dimension, values)) = condition {
                        triggers.push(self.has_value(asker, dimension, values)?);
                    }
                    Expression::any(vec![exposure(), Expression::all(triggers)])
                }
            });
        }
        self.conditions.extend(conditions);
        Ok(())
    }

    fn has_value(
        &self,
        asker: &str,
        dimension: &str,
        values: &[String],
    ) -> Result<Expression, LowerError> {
        Dimension::in_table(&self.table, asker, dimension)?.is_one_of(values)
    }
}

/// Is the variant one of those that a plan asks for?
pub(crate) fn is_asked(variant: &Expression, plan: &Plan) -> Expression {
    match &plan.variants {
        None => variant.clone().is_not_null(),
        Some(names) => {
            let names = names.iter().map(|name| Expression::text(name));
            variant.clone().is_one_of(names.collect())
        }
    }
}

/// A column and the field of the mapping that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapped<'a> {
    pub(crate) field: &'static str,
    pub(crate) column: &'a str,
}

fn find<'a>(mapping: &'a AggregatedTable, tables: &'a Tables) -> Result<Table<'a>, LowerError> {
    let mapped = [
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
    ]
    .into_iter()
    .chain(&mapping.date);
    Table::find(
        tables,
        &mapping.table,
        mapped.map(String::as_str),
        mapping.dimensions.as_deref(),
    )
}
