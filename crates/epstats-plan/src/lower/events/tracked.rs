//! The events that may count, and what is summed over them for each unit.

use std::collections::BTreeMap;

use epstats_experiment::Filter;
use epstats_experiment::formula::Goal;

use super::joined::CENTURY;
use super::{ASSIGNED, Events, Seen, TIME, UNIT_ID};
use crate::lower::dimension::Dimension;
use crate::lower::first_moments::FIRST_TIME;
use crate::lower::measures::Measures;
use crate::lower::names::Names;
use crate::lower::table::{Table, TimeColumn};
use crate::lower::unit_values::longest_lookback;
use crate::lower::{EXPOSURE, LowerError, Watch, asker_of_filter, asker_of_goal, days};
use crate::query::{Column, Comparison, Expression, MomentKind, Select, Step};
use crate::{ColumnType, Plan};

/// The events that may count: their columns and rows, and the aggregates per unit.
pub(super) struct Tracked<'a> {
    /// Name of the step.
    name: String,
    /// What kind of moments exposures and events are compared as.
    pub(super) kind: MomentKind,
    table: Table<'a>,
    unit_id: Expression,
    goal: Expression,
    time: TimeColumn,
    value: Option<&'a str>,
    conditions: Vec<Expression>,
    /// Conditions on events that hold for every measure but not for triggers.
    scope: Vec<Expression>,
    goals: Vec<String>,
    dimensions: BTreeMap<String, Column>,
    value_read: Option<Expression>,
    value_conditions: Vec<Expression>,
    measures: Measures,
    /// The moment of the first exposure of the unit that an event is joined to.
    first_time: Expression,
    /// How long before that moment events may count at most.
    pub(super) longest_lookback: Option<u64>,
}

impl<'a> Tracked<'a> {
    pub(super) fn of(
        layout: Events<'a>,
        plan: &Plan,
        seen: &Seen<'_>,
        names: &Names,
    ) -> Result<Tracked<'a>, LowerError> {
        let table = layout.event_table()?;
        let mapping = layout.events;
        let unit_id = layout.event_unit_id(&table, seen)?;
        let goal = table.text("events.goal", &mapping.goal)?;
        let time = table.time("events.time", &mapping.time)?;
        let kind = layout.moment_kind(seen)?;
        let longest_lookback = longest_lookback(plan, layout.attribution)?;
        // The first exposure is inside the days, so earlier events than these count for no unit.
        let conditions = days::within_and_before(
            plan.days,
            longest_lookback.unwrap_or_default(),
            layout.time_zone,
            &time,
        );
        let mut tracked = Tracked {
            name: names.step("tracked"),
            kind,
            table,
            unit_id,
            goal,
            time,
            value: mapping.value.as_deref(),
            conditions,
            scope: Vec::new(),
            goals: Vec::new(),
            dimensions: BTreeMap::new(),
            value_read: None,
            value_conditions: Vec::new(),
            measures: Measures::default(),
            first_time: Expression::column_of(&names.step(ASSIGNED), FIRST_TIME),
            longest_lookback,
        };
        tracked.add_scope(plan)?;
        Ok(tracked)
    }

    /// Number of events of a goal, per unit; since the first exposure, or so many seconds before it.
    pub(super) fn count(
        &mut self,
        goal: &Goal,
        lookback: Option<u64>,
    ) -> Result<Expression, LowerError> {
        let condition = self.condition(goal, lookback)?;
        Ok(self.measures.count("count", condition))
    }

    /// Sum of the values of a goal, per unit; since the first exposure, or so many seconds before it.
    pub(super) fn sum(
        &mut self,
        goal: &Goal,
        lookback: Option<u64>,
    ) -> Result<Expression, LowerError> {
        let Some(column) = self.value else {
            return Err(without_values(goal));
        };
        let condition = self.condition(goal, lookback)?;
        self.value_read = Some(self.table.number("events.value", column)?);
        self.value_conditions.push(condition.clone());
        let value = self.own(VALUE);
        Ok(self.measures.sum("value", value, condition))
    }

    /// Number of events of a trigger, per unit.
    pub(super) fn triggers(
        &mut self,
        filter: &Filter,
        goal: &str,
        condition: Option<&(String, Vec<String>)>,
    ) -> Result<Expression, LowerError> {
        let mut conditions = vec![self.is_goal(goal)];
        if let Some((dimension, values)) = condition {
            conditions.push(self.has_value(filter, dimension, values)?);
        }
        conditions.extend(self.since());
        Ok(self.measures.count("triggers", Expression::all(conditions)))
    }

    /// Number of events per unit whose value is NULL, or not finite; `None` where no value is read.
    pub(super) fn watched(&mut self, watch: Watch) -> Option<String> {
        self.value_read.as_ref()?;
        let value_goals = Expression::any(self.value_conditions.clone());
        let watched = watch.condition(self.own(VALUE));
        let condition = Expression::all(vec![watched, value_goals]);
        Some(self.measures.watch(watch, condition))
    }

    /// The step, and the aggregates over its rows.
    pub(super) fn into_step(self) -> (Step, Measures) {
        let mut columns = vec![
            self.unit_id.clone().named(UNIT_ID),
            self.goal.clone().named(GOAL),
            self.time.as_moment(self.kind).named(TIME),
        ];
        columns.extend(self.value_read.map(|value| value.named(VALUE)));
        columns.extend(self.dimensions.into_values());
        let goals = self.goals.iter().map(|goal| Expression::text(goal));
        let mut conditions = vec![self.goal.is_one_of(goals.collect())];
        conditions.extend(self.conditions);
        let select = Select::of(columns, self.table.name).filtered(conditions);
        let step = Step {
            name: self.name,
            note: "the events that may count",
            select,
        };
        (step, self.measures)
    }

    /// Filters of scope `goal` drop events before the join, unless a trigger must see the dropped ones.
    fn add_scope(&mut self, plan: &Plan) -> Result<(), LowerError> {
        let triggered = plan
            .filters
            .iter()
            .any(|filter| matches!(filter, Filter::Trigger { goal, .. } if goal != EXPOSURE));
        for filter in &plan.filters {
            let Filter::Goal { dimension, values } = filter else {
                continue;
            };
            if triggered {
                let condition = self.has_value(filter, dimension, values)?;
                self.scope.push(condition);
            } else {
                let asker = asker_of_filter(filter);
                let condition =
                    Dimension::in_table(&self.table, asker, dimension)?.is_one_of(values)?;
                self.conditions.push(condition);
            }
        }
        Ok(())
    }

    /// Is an event one since the first exposure? Where no covariate looks back, the join says so.
    fn since(&self) -> Option<Expression> {
        self.longest_lookback.map(|_| {
            self.own(TIME)
                .compared(Comparison::GreaterOrEqual, self.first_time.clone())
        })
    }

    /// Is an event one in so many seconds before the first exposure?
    fn before(&self, seconds: u64) -> Vec<Expression> {
        let mut conditions = vec![
            self.own(TIME)
                .compared(Comparison::Less, self.first_time.clone()),
        ];
        // A covariate that looks back as long as any other is bounded by the join.
        if self.longest_lookback != Some(seconds) && seconds < CENTURY {
            let begin = Expression::SecondsEarlier(Box::new(self.first_time.clone()), seconds);
            conditions.push(self.own(TIME).compared(Comparison::GreaterOrEqual, begin));
        }
        conditions
    }

    /// Does a row count for a goal?
    fn condition(&mut self, goal: &Goal, lookback: Option<u64>) -> Result<Expression, LowerError> {
        let asker = asker_of_goal(goal);
        let mut conditions = vec![self.is_goal(&goal.name)];
        for filter in &goal.filters {
            let kind = self.table.dimension(&asker, &filter.dimension)?;
            let condition = Dimension {
                asker: &asker,
                name: &filter.dimension,
                kind,
                value: self.dimension(&filter.dimension, kind),
            }
            .satisfies(filter)?;
            conditions.push(condition);
        }
        conditions.extend(self.scope.iter().cloned());
        match lookback {
            None => conditions.extend(self.since()),
            Some(seconds) => conditions.extend(self.before(seconds)),
        }
        Ok(Expression::all(conditions))
    }

    fn has_value(
        &mut self,
        filter: &Filter,
        dimension: &str,
        values: &[String],
    ) -> Result<Expression, LowerError> {
        let asker = asker_of_filter(filter);
        let kind = self.table.dimension(asker, dimension)?;
        Dimension {
            asker,
            name: dimension,
            kind,
            value: self.dimension(dimension, kind),
        }
        .is_one_of(values)
    }

    fn is_goal(&mut self, name: &str) -> Expression {
        if !self.goals.iter().any(|known| known == name) {
            self.goals.push(name.to_owned());
        }
        self.own(GOAL).equals(Expression::text(name))
    }

    /// A dimension as a column of the step.
    fn dimension(&mut self, name: &str, kind: &ColumnType) -> Expression {
        let position = self.dimensions.len();
        let column = self.dimensions.entry(name.to_owned()).or_insert_with(|| {
            let own_name = if name.len() <= LONGEST_NAME {
                format!("dimension_{name}")
            } else {
                format!("long_dimension_{position}")
            };
            Expression::column(name).of(kind).named(own_name)
        });
        let own_name = column.name.clone();
        match kind {
            // The step has it as one that is compared byte by byte already.
            ColumnType::Text => self.own(&own_name),
            kind => self.own(&own_name).of(kind),
        }
    }

    fn own(&self, column: &str) -> Expression {
        Expression::column_of(&self.name, column)
    }
}

/// Longest name of a dimension, in bytes, that our own names repeat: with what stands before it, it is still a name in PostgreSQL.
const LONGEST_NAME: usize = 50;

const GOAL: &str = "goal";
const VALUE: &str = "value";

/// Values are asked for, and there are none.
pub(super) fn without_values(goal: &Goal) -> LowerError {
    LowerError::not_answerable(
        format!("`{goal}` sums values, but the events have no column of values"),
        "name the column by `events.value`, or use `count` or `unique`",
    )
}
