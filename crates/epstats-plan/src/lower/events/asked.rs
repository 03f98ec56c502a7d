//! What the goals and filters of a plan ask of each unit.

use epstats_experiment::Filter;
use epstats_experiment::formula::{Function, Goal};

use super::Events;
use super::tracked::Tracked;
use crate::Plan;
use crate::lower::dimension::Dimension;
use crate::lower::first_moments::FirstMoments;
use crate::lower::table::Table;
use crate::lower::totals::Totals;
use crate::lower::unit_values::{Bounds, Total, lookback, of_formula};
use crate::lower::units::{as_double, at_least_one};
use crate::lower::{EXPOSURE, LowerError, STRATUM, asker_of_filter, asker_of_goal};
use crate::query::{Comparison, Expression};

/// What the goals and filters of a plan ask of each unit.
#[derive(Default)]
pub(super) struct Asked {
    /// Conditions on a unit's exposures.
    pub(super) exposure_conditions: Vec<Expression>,
    /// Conditions on the row of a unit after its events were summed.
    pub(super) event_conditions: Vec<Expression>,
    /// Conditions on exposures that goals count.
    pub(super) exposed: Vec<Expression>,
    pub(super) totals: Totals,
    /// The values of the strata at the first exposure.
    pub(super) strata: Vec<Expression>,
}

impl Asked {
    pub(super) fn strata(
        &mut self,
        plan: &Plan,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
    ) -> Result<(), LowerError> {
        for name in &plan.strata {
            let dimension = Dimension::in_table(exposures, STRATUM, name)?;
            self.strata.push(first.text_at_first(dimension.text()?));
        }
        Ok(())
    }

    pub(super) fn filters(
        &mut self,
        plan: &Plan,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
        mut tracked: Option<&mut Tracked<'_>>,
    ) -> Result<(), LowerError> {
        for filter in &plan.filters {
            match (filter, tracked.as_deref_mut()) {
                (Filter::Exposure { dimension, values }, _) => {
                    let condition = exposed_with(exposures, filter, dimension, values)?;
                    self.exposure_conditions.push(first.at_first(condition));
                }
                (Filter::Trigger { goal, condition }, _) if goal == EXPOSURE => {
                    if let Some((dimension, values)) = condition {
                        let condition = exposed_with(exposures, filter, dimension, values)?;
                        self.exposure_conditions.push(first.at_first(condition));
                    }
                }
                (Filter::Trigger { goal, condition }, Some(tracked)) => {
                    let triggers = tracked.triggers(filter, goal, condition.as_ref())?;
                    self.event_conditions
                        .push(triggers.compared(Comparison::Greater, Expression::Integer(0)));
                }
                (Filter::Goal { .. } | Filter::Trigger { .. }, _) => {}
            }
        }
        Ok(())
    }

    /// All quantities of the plan.
    pub(super) fn quantities(
        &mut self,
        plan: &Plan,
        layout: Events<'_>,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
        mut tracked: Option<&mut Tracked<'_>>,
    ) -> Result<(), LowerError> {
        for goal in &plan.goals {
            let total = self.goal(goal, None, layout, exposures, first, tracked.as_deref_mut())?;
            self.totals.push(total);
        }
        for value in &plan.unit_values {
            let lookback = lookback(value.period, layout.attribution)?;
            let total = of_formula(&value.formula, &mut |goal| {
                self.goal(
                    goal,
                    lookback,
                    layout,
                    exposures,
                    first,
                    tracked.as_deref_mut(),
                )
            })?;
            self.totals.push_value(total, Bounds::of(value.caps));
        }
        Ok(())
    }

    /// The total of a goal since the first exposure, or in so many seconds before it. The goal `exposure` is the same at any time.
    fn goal(
        &mut self,
        goal: &Goal,
        lookback: Option<u64>,
        layout: Events<'_>,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
        tracked: Option<&mut Tracked<'_>>,
    ) -> Result<Total, LowerError> {
        if goal.unit_type != layout.unit_type {
            return Ok(Total::Constant(0.0));
        }
        match tracked {
            _ if goal.name == EXPOSURE => self.exposure(goal, exposures, first),
            Some(tracked) => {
                let total = match goal.function {
                    Function::Count => as_double(tracked.count(goal, lookback)?),
                    Function::Unique => at_least_one(tracked.count(goal, lookback)?),
                    Function::Value => tracked.sum(goal, lookback)?,
                };
                Ok(Total::Computed(total))
            }
            None => Ok(Total::Constant(0.0)),
        }
    }

    fn exposure(
        &mut self,
        goal: &Goal,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
    ) -> Result<Total, LowerError> {
        let asker = asker_of_goal(goal);
        let mut conditions = Vec::new();
        for filter in &goal.filters {
            let dimension = Dimension::in_table(exposures, &asker, &filter.dimension)?;
            conditions.push(dimension.satisfies(filter)?);
        }
        if goal.function == Function::Value {
            return Ok(Total::Constant(0.0));
        }
        if conditions.is_empty() {
            return Ok(Total::Constant(1.0));
        }
        let condition = first.at_first(Expression::all(conditions));
        let known = self.exposed.iter().position(|other| *other == condition);
        let index = known.unwrap_or_else(|| {
            self.exposed.push(condition);
            self.exposed.len() - 1
        });
        let is_exposed = Expression::column(&exposed_name(index));
        Ok(Total::Computed(as_double(is_exposed)))
    }
}

fn exposed_with(
    exposures: &Table<'_>,
    filter: &Filter,
    dimension: &str,
    values: &[String],
) -> Result<Expression, LowerError> {
    let asker = asker_of_filter(filter);
    Dimension::in_table(exposures, asker, dimension)?.is_one_of(values)
}

/// Name of the column that marks units whose exposure satisfies the filters of a goal.
pub(super) fn exposed_name(index: usize) -> String {
    format!("exposed_{index}")
}
