//! A plan made ready to be asked of rows of an exact layout.

use epstats_experiment::Filter;
use epstats_experiment::formula::{Function, Goal};
use epstats_plan::Plan;

use super::condition::Condition;
use super::exact::{Amount, EXPOSURE, Event, Unit};
use super::quantiles::Quantile;
use super::reader::Reader;
use super::strata::Stratum;
use super::unit_values::Value;
use crate::{FailureKind, SourceError};

/// The dimensions of one table that filters may name.
pub(super) struct Dimensions<'t> {
    pub(super) reader: Reader<'t>,
    /// Those that the layout lists, if it does.
    pub(super) listed: Option<&'t [String]>,
    /// Columns that the mapping names, which are no dimensions.
    pub(super) mapped: Vec<&'t str>,
}

/// What an exact layout tells about its tables.
pub(super) struct Tables<'t> {
    pub(super) exposures: Dimensions<'t>,
    pub(super) events: Dimensions<'t>,
    /// Column with the number of events, where a row can stand for several.
    pub(super) count: Option<usize>,
    /// Column with the value.
    pub(super) value: Option<usize>,
    /// The unit type of the exposures.
    pub(super) unit_type: &'t str,
    /// Seconds before the first exposure over which covariates are measured that do not say it themselves, zero if it is not told; `None` where
    /// nothing is known of that time.
    pub(super) lookback: Option<u64>,
    /// Is every row of one event only?
    pub(super) has_single_events: bool,
}

/// The filters and goals of a plan, each with the columns it reads.
pub(super) struct Questions<'t> {
    pub(super) measures: Vec<Measure<'t>>,
    pub(super) values: Vec<Value<'t>>,
    pub(super) strata: Vec<Stratum<'t>>,
    pub(super) quantiles: Vec<Quantile<'t>>,
    exposure_filters: Vec<Condition>,
    goal_filters: Vec<Condition>,
    triggers: Vec<Trigger<'t>>,
    tables: Tables<'t>,
}

/// How the total of a goal is found.
pub(super) enum Measure<'t> {
    /// The data cannot have the goal.
    Zero,
    /// From the exposures at the first moment.
    Exposure {
        goal: &'t Goal,
        conditions: Vec<Condition>,
    },
    /// From the attributed events.
    Events {
        goal: &'t Goal,
        conditions: Vec<Condition>,
    },
}

struct Trigger<'t> {
    goal: &'t str,
    condition: Option<Condition>,
}

impl<'t> Questions<'t> {
    /// Looks up the columns of all filters and goals.
    pub(super) fn of(plan: &'t Plan, tables: Tables<'t>) -> Result<Self, SourceError> {
        let mut measures = Vec::new();
        for goal in &plan.goals {
            measures.push(tables.measure(goal)?);
        }
        let (mut values, mut strata, mut quantiles) = (Vec::new(), Vec::new(), Vec::new());
        for value in &plan.unit_values {
            values.push(Value::of(value, &tables)?);
        }
        for dimension in &plan.strata {
            strata.push(Stratum::of(dimension, &tables)?);
        }
        for need in &plan.quantiles {
            quantiles.push(Quantile::of(need, &tables)?);
        }
        let mut questions = Questions {
            measures,
            values,
            strata,
            quantiles,
            exposure_filters: Vec::new(),
            goal_filters: Vec::new(),
            triggers: Vec::new(),
            tables,
        };
        for filter in &plan.filters {
            questions.add_filter(filter)?;
        }
        Ok(questions)
    }

    /// What the layout tells about its tables.
    pub(super) fn tables(&self) -> &Tables<'t> {
        &self.tables
    }

    /// Does a unit pass the filters on exposures and the triggers?
    pub(super) fn keep<M: Copy + Ord>(&self, unit: &Unit<'_, M>) -> bool {
        let exposed = self
            .exposure_filters
            .iter()
            .all(|condition| unit.first_rows().any(|row| condition.holds(row)));
        exposed
            && self
                .triggers
                .iter()
                .all(|trigger| unit.events.iter().any(|event| self.fires(trigger, event)))
    }

    /// Does an event pass the filters on goals?
    pub(super) fn passes_goal_filters(&self, event: &Event<'_>) -> bool {
        self.goal_filters
            .iter()
            .all(|condition| condition.holds(event.row))
    }

    /// Counts the rows whose NULL stands for a zero of some goal, and those that a quantile leaves out; refuses NaN and infinite amounts.
    ///
    /// Events from before the exposure come with the nanoseconds between.
    pub(super) fn read_amounts<'e>(
        &self,
        events: impl Iterator<Item = (Option<i128>, &'e Event<'e>)>,
    ) -> Result<u64, SourceError> {
        let mut null_values = 0;
        let mut bad_values = 0;
        let mut bad_counts = 0;
        for (ago, event) in events {
            let reads_value = || self.reads(ago, event, |function| function == Function::Value);
            let reads_count = || self.reads(ago, event, |function| function != Function::Value);
            let has = |test: fn(Amount) -> bool| {
                (
                    test(event.value) && reads_value(),
                    test(event.count) && reads_count(),
                )
            };
            let (null_value, null_count) = has(|amount| amount.is_none());
            let (bad_value, bad_count) = has(|amount| amount.is_some_and(|a| !a.is_finite()));
            null_values += u64::from(null_value || null_count);
            let quantiles = Quantile::distinct_goals(&self.quantiles);
            let of_quantiles = quantiles.filter(|quantile| ago.is_none() && quantile.reads(event));
            let n_quantiles = of_quantiles.count() as u64;
            if event.value.is_none() {
                null_values += n_quantiles;
            }
            let bad_in_quantile =
                n_quantiles > 0 && event.value.is_some_and(|value| !value.is_finite());
            bad_values += u64::from(bad_value || bad_in_quantile);
            bad_counts += u64::from(bad_count);
        }
        let reader = &self.tables.events.reader;
        for (column, n_rows) in [
            (self.tables.value, bad_values),
            (self.tables.count, bad_counts),
        ] {
            if let Some(column) = column
                && n_rows > 0
            {
                return Err(reader.not_finite(column, n_rows));
            }
        }
        Ok(null_values)
    }

    fn add_filter(&mut self, filter: &'t Filter) -> Result<(), SourceError> {
        let Tables {
            exposures, events, ..
        } = &self.tables;
        match filter {
            Filter::Exposure { dimension, values } => {
                let condition = exposures.one_of(dimension, values)?;
                self.exposure_filters.push(condition);
            }
            Filter::Goal { dimension, values } => {
                let condition = events.one_of(dimension, values)?;
                self.goal_filters.push(condition);
            }
            Filter::Trigger { goal, condition } if goal == EXPOSURE => {
                if let Some((dimension, values)) = condition {
                    let condition = exposures.one_of(dimension, values)?;
                    self.exposure_filters.push(condition);
                }
            }
            Filter::Trigger { goal, condition } => {
                let condition = match condition {
                    Some((dimension, values)) => Some(events.one_of(dimension, values)?),
                    None => None,
                };
                self.triggers.push(Trigger { goal, condition });
            }
        }
        Ok(())
    }

    fn fires(&self, trigger: &Trigger<'_>, event: &Event<'_>) -> bool {
        event.goal == trigger.goal
            && event.unit_type == self.tables.unit_type
            && event.count.is_some_and(|count| count > 0.0)
            && trigger
                .condition
                .as_ref()
                .is_none_or(|condition| condition.holds(event.row))
    }

    /// Is there a goal of such a function that the event counts for?
    fn reads(&self, ago: Option<i128>, event: &Event<'_>, is_meant: fn(Function) -> bool) -> bool {
        let reads = |measure: &Measure<'_>| match measure {
            Measure::Events { goal, .. } => is_meant(goal.function) && measure.reads(event),
            _ => false,
        };
        let in_values = self.values.iter().filter(|value| value.covers(ago));
        let mut in_values = in_values.flat_map(|value| &value.measures);
        (ago.is_none() && self.measures.iter().any(reads)) || in_values.any(reads)
    }
}

impl Measure<'_> {
    /// Does the event count for the goal?
    pub(super) fn reads(&self, event: &Event<'_>) -> bool {
        let Measure::Events { goal, conditions } = self else {
            return false;
        };
        event.goal == goal.name
            && event.unit_type == goal.unit_type
            && event
                .aggregation
                .is_none_or(|aggregation| aggregation == goal.aggregation.as_str())
            && conditions
                .iter()
                .all(|condition| condition.holds(event.row))
    }
}

impl<'t> Tables<'t> {
    pub(super) fn measure(&self, goal: &'t Goal) -> Result<Measure<'t>, SourceError> {
        if goal.name == EXPOSURE {
            if goal.unit_type != self.unit_type {
                return Ok(Measure::Zero);
            }
            let conditions = self.exposures.conditions(goal)?;
            return Ok(Measure::Exposure { goal, conditions });
        }
        let every_row_is_of_one_unit_type = self.count.is_none();
        if every_row_is_of_one_unit_type && goal.unit_type != self.unit_type {
            return Ok(Measure::Zero);
        }
        if goal.function == Function::Value && self.value.is_none() {
            return Err(self.events.reader.failure(
                FailureKind::NotAnswerable,
                format!(
                    "`{goal}` needs values, and the mapping of table `{}` names no column of values",
                    self.events.reader.name
                ),
                Some("name the column as `value`, or count the goal".to_owned()),
            ));
        }
        let conditions = self.events.conditions(goal)?;
        Ok(Measure::Events { goal, conditions })
    }
}

impl Dimensions<'_> {
    fn conditions(&self, goal: &Goal) -> Result<Vec<Condition>, SourceError> {
        let mut conditions = Vec::new();
        for filter in &goal.filters {
            let column = self.position(&filter.dimension)?;
            conditions.push(Condition::of_formula(&self.reader, column, filter)?);
        }
        Ok(conditions)
    }

    /// The filter that the dimension has one of the values.
    pub(super) fn one_of(
        &self,
        dimension: &str,
        values: &[String],
    ) -> Result<Condition, SourceError> {
        Condition::one_of(&self.reader, self.position(dimension)?, values)
    }

    /// Where the dimension stands.
    pub(super) fn position(&self, dimension: &str) -> Result<usize, SourceError> {
        self.reader.dimension(dimension, self.listed, &self.mapped)
    }
}
