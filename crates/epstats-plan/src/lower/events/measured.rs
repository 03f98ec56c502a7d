//! The events whose values a quantile is of, joined to the units that they count for.

use epstats_experiment::Filter;
use epstats_experiment::formula::Goal;

use super::joined::inside_window;
use super::tracked::without_values;
use super::{Events, Seen, TIME, UNIT_ID};
use crate::Plan;
use crate::lower::dimension::Dimension;
use crate::lower::event_quantiles::{Measured, VALUE};
use crate::lower::first_moments::FIRST_TIME;
use crate::lower::{EXPOSURE, LowerError, asker_of_filter, asker_of_goal, days};
use crate::query::{Comparison, Expression, Select, Step};

/// The events of a goal with their units and values; `None` where there can be none.
pub(crate) fn measured(
    layout: Events<'_>,
    plan: &Plan,
    goal: &Goal,
    counted: &str,
) -> Result<Option<Measured>, LowerError> {
    if goal.name == EXPOSURE || goal.unit_type != layout.unit_type {
        return Ok(None);
    }
    let exposures = layout.exposure_table()?;
    let seen = Seen::of(layout, plan, &exposures)?;
    let table = layout.event_table()?;
    let mapping = layout.events;
    let Some(column) = &mapping.value else {
        return Err(without_values(goal));
    };
    let unit_id = layout.event_unit_id(&table, &seen)?;
    let name = table.text("events.goal", &mapping.goal)?;
    let time = table.time("events.time", &mapping.time)?;
    let value = table.number("events.value", column)?;

    let mut conditions = vec![name.equals(Expression::text(&goal.name))];
    conditions.extend(days::within(plan.days, layout.time_zone, &time));
    let asker = asker_of_goal(goal);
    for filter in &goal.filters {
        let dimension = Dimension::in_table(&table, &asker, &filter.dimension)?;
        conditions.push(dimension.satisfies(filter)?);
    }
    for filter in &plan.filters {
        if let Filter::Goal { dimension, values } = filter {
            let asker = asker_of_filter(filter);
            let dimension = Dimension::in_table(&table, asker, dimension)?;
            conditions.push(dimension.is_one_of(values)?);
        }
    }
    let columns = vec![
        unit_id.named(UNIT_ID),
        time.as_moment(layout.moment_kind(&seen)?).named(TIME),
        value.named(VALUE),
    ];
    let step = Step {
        name: layout.names().step("measured"),
        note: "the events of the goal, with their units and values",
        select: Select::of(columns, table.name).filtered(conditions),
    };
    let of_event = |name: &str| Expression::column_of(&step.name, name);
    let of_unit = |name: &str| Expression::column_of(counted, name);
    let mut on = vec![
        of_event(UNIT_ID).equals(of_unit(UNIT_ID)),
        of_event(TIME).compared(Comparison::GreaterOrEqual, of_unit(FIRST_TIME)),
    ];
    on.extend(inside_window(
        of_event(TIME),
        of_unit(FIRST_TIME),
        layout.attribution,
    ));
    Ok(Some(Measured {
        step,
        on,
        has_first_times: true,
        column: (mapping.table.clone(), column.clone()),
    }))
}
