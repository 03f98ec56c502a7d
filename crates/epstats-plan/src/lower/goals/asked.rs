//! What the goals and filters of a plan ask of the rows of each unit.

use std::collections::BTreeSet;

use epstats_experiment::Filter;
use epstats_experiment::formula::{Function, Goal};

use super::GoalRows;
use crate::Plan;
use crate::lower::dimension::Dimension;
use crate::lower::first_moments::FirstMoments;
use crate::lower::measures::Measures;
use crate::lower::totals::Totals;
use crate::lower::unit_values::{Bounds, Total, of_formula, since_exposure_only};
use crate::lower::units::{at_least_one, at_least_one_if_finite};
use crate::lower::{EXPOSURE, LowerError, STRATUM, Watch, asker_of_filter, asker_of_goal};
use crate::query::{Comparison, Expression};

/// What is asked of each unit.
pub(super) struct Asked<'a> {
    plan: &'a Plan,
    rows: &'a GoalRows<'a>,
    /// The goals whose rows are read.
    pub(super) goals: BTreeSet<String>,
    /// Conditions on units.
    pub(super) conditions: Vec<Expression>,
    pub(super) totals: Totals,
    pub(super) measures: Measures,
    counts: Summed,
    values: Summed,
}

/// A column of numbers that goals sum, and the conditions under which they do.
#[derive(Default)]
struct Summed {
    column: Option<Expression>,
    conditions: Vec<Expression>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(plan: &'a Plan, rows: &'a GoalRows<'a>) -> Asked<'a> {
        Asked {
            plan,
            rows,
            goals: BTreeSet::from([EXPOSURE.to_owned()]),
            conditions: Vec::new(),
            totals: Totals::default(),
            measures: Measures::default(),
            counts: Summed::default(),
            values: Summed::default(),
        }
    }

    pub(super) fn filter(
        &mut self,
        filter: &Filter,
        first: &mut FirstMoments,
    ) -> Result<(), LowerError> {
        match filter {
            Filter::Goal { .. } => {}
            Filter::Exposure { dimension, values } => {
                let condition = self.has_value(filter, dimension, values)?;
                let exposure = Expression::all(vec![self.rows.is_exposure.clone(), condition]);
                self.conditions.push(first.at_first(exposure));
            }
            Filter::Trigger { goal, condition } if goal == EXPOSURE => {
                if let Some((dimension, values)) = condition {
                    let condition = self.has_value(filter, dimension, values)?;
                    let exposure = Expression::all(vec![self.rows.is_exposure.clone(), condition]);
                    self.conditions.push(first.at_first(exposure));
                }
            }
            Filter::Trigger { goal, condition } => {
                self.goals.insert(goal.clone());
                let count = self.count_column()?;
                let rows = self.rows;
                let mut conditions = vec![
                    rows.goal.clone().equals(Expression::text(goal)),
                    rows.unit_type
                        .clone()
                        .equals(Expression::text(&self.plan.unit_type)),
                    count.compared(Comparison::Greater, Expression::Integer(0)),
                ];
                if let Some((dimension, values)) = condition {
                    conditions.push(self.has_value(filter, dimension, values)?);
                }
                let triggers = self.measures.count("triggers", Expression::all(conditions));
                self.conditions
                    .push(triggers.compared(Comparison::Greater, Expression::Integer(0)));
            }
        }
        Ok(())
    }

    /// The values of the strata at the first exposure.
    pub(super) fn strata(&self, first: &mut FirstMoments) -> Result<Vec<Expression>, LowerError> {
        let strata = self.plan.strata.iter().map(|name| {
            let dimension = Dimension::in_table(&self.rows.table, STRATUM, name)?;
            Ok(first.text_at_first(dimension.text()?))
        });
        strata.collect()
    }

    /// All quantities of the plan.
    pub(super) fn quantities(&mut self, first: &mut FirstMoments) -> Result<(), LowerError> {
        let plan = self.plan;
        for goal in &plan.goals {
            let total = self.goal(goal, first)?;
            self.totals.push(total);
        }
        for value in &plan.unit_values {
            since_exposure_only(value.period)?;
            let total = of_formula(&value.formula, &mut |goal| self.goal(goal, first))?;
            self.totals.push_value(total, Bounds::of(value.caps));
        }
        Ok(())
    }

    fn goal(&mut self, goal: &Goal, first: &mut FirstMoments) -> Result<Total, LowerError> {
        if goal.name == EXPOSURE {
            return self.exposure(goal, first);
        }
        self.goals.insert(goal.name.clone());
        let condition = self.condition(goal)?;
        let total = match goal.function {
            Function::Value => {
                let column = self.value_column()?;
                self.values.add(column.clone(), condition.clone());
                self.measures.sum("value", column, condition)
            }
            Function::Count | Function::Unique => {
                let column = self.count_column()?;
                self.counts.add(column.clone(), condition.clone());
                let count = self.measures.sum("count", column, condition);
                match (goal.function, self.rows.counts_are_whole()) {
                    (Function::Unique, true) => at_least_one(count),
                    (Function::Unique, false) => at_least_one_if_finite(count),
                    _ => count,
                }
            }
        };
        Ok(Total::Computed(total))
    }

    /// Does a row count for a goal?
    pub(super) fn condition(&self, goal: &Goal) -> Result<Expression, LowerError> {
        let mut conditions = vec![
            goal_is(self.rows, goal),
            self.rows
                .unit_type
                .clone()
                .equals(Expression::text(&goal.unit_type)),
            self.rows
                .aggregation
                .clone()
                .equals(Expression::text(&goal.aggregation.to_string())),
        ];
        conditions.extend(self.formula_filters(goal)?);
        for filter in &self.plan.filters {
            if let Filter::Goal { dimension, values } = filter {
                conditions.push(self.has_value(filter, dimension, values)?);
            }
        }
        Ok(Expression::all(conditions))
    }

    /// Numbers of rows per unit to be watched: all in one for NULL, by column for what is not finite.
    pub(super) fn watched(&mut self, watch: Watch) -> (Vec<String>, Vec<(String, String)>) {
        let mapping = self.rows.mapping;
        let mut conditions = Vec::new();
        let mut columns = Vec::new();
        for (summed, column) in [
            (&self.values, &mapping.value),
            (&self.counts, &mapping.count),
        ] {
            if let Some(condition) = summed.watched(watch) {
                conditions.push(condition);
                columns.push((mapping.table.clone(), column.clone()));
            }
        }
        if watch == Watch::Null && !conditions.is_empty() {
            conditions = vec![Expression::any(conditions)];
        }
        let watched = conditions
            .into_iter()
            .map(|condition| self.measures.watch(watch, condition))
            .collect();
        (watched, columns)
    }

    fn exposure(&self, goal: &Goal, first: &mut FirstMoments) -> Result<Total, LowerError> {
        if goal.unit_type != self.plan.unit_type {
            return Ok(Total::Constant(0.0));
        }
        let filters = self.formula_filters(goal)?;
        if goal.function == Function::Value {
            return Ok(Total::Constant(0.0));
        }
        if filters.is_empty() {
            return Ok(Total::Constant(1.0));
        }
        let mut conditions = vec![self.rows.is_exposure.clone()];
        conditions.extend(filters);
        let condition = first.at_first(Expression::all(conditions));
        Ok(Total::Computed(condition.indicator()))
    }

    fn formula_filters(&self, goal: &Goal) -> Result<Vec<Expression>, LowerError> {
        let asker = asker_of_goal(goal);
        let conditions = goal.filters.iter().map(|filter| {
            Dimension::in_table(&self.rows.table, &asker, &filter.dimension)?.satisfies(filter)
        });
        conditions.collect()
    }

    fn has_value(
        &self,
        filter: &Filter,
        dimension: &str,
        values: &[String],
    ) -> Result<Expression, LowerError> {
        let asker = asker_of_filter(filter);
        Dimension::in_table(&self.rows.table, asker, dimension)?.is_one_of(values)
    }

    fn count_column(&self) -> Result<Expression, LowerError> {
        let mapping = self.rows.mapping;
        self.rows.table.number("table.count", &mapping.count)
    }

    pub(super) fn value_column(&self) -> Result<Expression, LowerError> {
        let mapping = self.rows.mapping;
        self.rows.table.number("table.value", &mapping.value)
    }
}

impl Summed {
    fn add(&mut self, column: Expression, condition: Expression) {
        self.column = Some(column);
        self.conditions.push(condition);
    }

    fn watched(&self, watch: Watch) -> Option<Expression> {
        let watched = watch.condition(self.column.clone()?);
        let summed = Expression::any(self.conditions.clone());
        Some(Expression::all(vec![watched, summed]))
    }
}

fn goal_is(rows: &GoalRows<'_>, goal: &Goal) -> Expression {
    rows.goal.clone().equals(Expression::text(&goal.name))
}
