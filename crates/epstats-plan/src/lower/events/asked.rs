//! What the goals and filters of a plan ask of each unit.

use epstats_experiment::Filter;
use epstats_experiment::formula::{Function, Goal};

use super::Events;
use super::tracked::Tracked;
use crate::Plan;
use crate::lower::dimension::Dimension;
use crate::lower::first_moments::FirstMoments;
use crate::lower::table::Table;
use crate::lower::units::{Totals, as_double, at_least_one};
use crate::lower::{EXPOSURE, LowerError, asker_of_filter, asker_of_goal};
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
}

impl Asked {
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

    pub(super) fn goal(
        &mut self,
        goal: &Goal,
        layout: Events<'_>,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
        tracked: Option<&mut Tracked<'_>>,
    ) -> Result<(), LowerError> {
        if goal.unit_type != layout.unit_type {
            self.totals.push_constant(0.0);
            return Ok(());
        }
        match tracked {
            _ if goal.name == EXPOSURE => self.exposure(goal, exposures, first)?,
            Some(tracked) => {
                let total = match goal.function {
                    Function::Count => as_double(tracked.count(goal)?),
                    Function::Unique => at_least_one(tracked.count(goal)?),
                    Function::Value => tracked.sum(goal)?,
                };
                self.totals.push(total);
            }
            None => self.totals.push_constant(0.0),
        }
        Ok(())
    }

    fn exposure(
        &mut self,
        goal: &Goal,
        exposures: &Table<'_>,
        first: &mut FirstMoments,
    ) -> Result<(), LowerError> {
        let asker = asker_of_goal(goal);
        let mut conditions = Vec::new();
        for filter in &goal.filters {
            let dimension = Dimension {
                asker: &asker,
                name: &filter.dimension,
                kind: exposures.dimension(&asker, &filter.dimension)?,
                value: Expression::column(&filter.dimension),
            };
            conditions.push(dimension.satisfies(filter)?);
        }
        if goal.function == Function::Value {
            self.totals.push_constant(0.0);
        } else if conditions.is_empty() {
            self.totals.push_constant(1.0);
        } else {
            let condition = first.at_first(Expression::all(conditions));
            let name = exposed_name(self.exposed.len());
            self.exposed.push(condition);
            self.totals.push(as_double(Expression::column(&name)));
        }
        Ok(())
    }
}

fn exposed_with(
    exposures: &Table<'_>,
    filter: &Filter,
    dimension: &str,
    values: &[String],
) -> Result<Expression, LowerError> {
    let asker = asker_of_filter(filter);
    Dimension {
        asker,
        name: dimension,
        kind: exposures.dimension(asker, dimension)?,
        value: Expression::column(dimension),
    }
    .is_one_of(values)
}

/// Name of the column that marks units whose exposure satisfies the filters of a goal.
pub(super) fn exposed_name(index: usize) -> String {
    format!("exposed_{index}")
}
