//! The layout `events`: exposures and raw events in two tables.
//!
//! `exposed` finds the first moments of every unit, `assigned` its variant, `tracked` the events that may count;
//! `per_unit` joins events to units in time and sums them.

mod asked;
mod ends;
mod joined;
mod measured;
mod seen;
mod tracked;

use epstats_experiment::Filter;
use epstats_experiment::formula::Goal;
use jiff::tz::TimeZone;

use crate::lower::first_moments::{FIRST_TIME, FirstMoments, flag};
use crate::lower::names::Names;
use crate::lower::table::{Table, TimeKind};
use crate::lower::together::EXPERIMENT;
use crate::lower::units::{INCONSISTENT, Units, VARIANT, stratum_name};
use crate::lower::{EXPOSURE, LowerError, Watch};
use crate::query::{Column, Expression, MomentKind, Select, Step};
use crate::{Attribution, EventTable, ExposureTable, Plan, Tables};
use asked::{Asked, exposed_name};
use ends::{END, Ends};
use joined::Joined;
pub(crate) use measured::measured;
pub(crate) use seen::Seen;
use tracked::Tracked;

/// The layout, and the columns that its engine reports.
#[derive(Clone, Copy)]
pub(crate) struct Events<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) exposures: &'a ExposureTable,
    pub(crate) events: &'a EventTable,
    pub(crate) unit_type: &'a str,
    pub(crate) attribution: Attribution,
    pub(crate) time_zone: &'a TimeZone,
}

/// Name of the column with the id of a unit, in our own steps.
const UNIT_ID: &str = "unit_id";

/// Name of the step with the variant of each unit.
const ASSIGNED: &str = "assigned";

/// Name of the column with the moment of an event, in our own steps.
const TIME: &str = "time";

/// One row per exposed unit, with all that the plan asks for.
pub(crate) fn units(
    layout: Events<'_>,
    plan: &Plan,
    variants: &[String],
    watch: Watch,
) -> Result<Units, LowerError> {
    units_of(layout, plan, &[plan], variants, watch)
}

/// The same for several plans, of which `plan` is the union; a unit has a row for each experiment.
pub(crate) fn units_of(
    layout: Events<'_>,
    plan: &Plan,
    parts: &[&Plan],
    variants: &[String],
    watch: Watch,
) -> Result<Units, LowerError> {
    let names = layout.names();
    let exposures = layout.exposure_table()?;
    let seen = Seen::of_parts(layout, parts, &exposures)?;
    let experiment = seen.experiment.clone().filter(|_| parts.len() > 1);
    let mut tracked = if needs_events(layout, plan) {
        Some(Tracked::of(layout, plan, &seen, &names)?)
    } else {
        None
    };
    let moment = match &tracked {
        Some(tracked) => seen.time.as_moment(tracked.kind),
        None if plan.quantiles.is_empty() => seen.time.column.clone(),
        None => seen.time.as_moment(layout.moment_kind(&seen)?),
    };
    let mut first = FirstMoments::new(
        variants,
        plan.variants_complete,
        &seen.variant,
        moment,
        Expression::And(Vec::new()),
    );
    let mut asked = Asked::default();
    asked.filters(plan, &exposures, &mut first, tracked.as_mut())?;
    asked.strata(plan, &exposures, &mut first)?;
    asked.quantities(plan, layout, &exposures, &mut first, tracked.as_mut())?;
    let watched = tracked.as_mut().and_then(|tracked| tracked.watched(watch));

    let mut exposed_columns = Vec::new();
    exposed_columns.extend(experiment.clone().map(|name| name.named(EXPERIMENT)));
    exposed_columns.push(seen.unit_id.clone().named(UNIT_ID));
    exposed_columns.extend(first.columns());
    let exposed = Step {
        name: names.step("exposed"),
        note: "one row per unit: when it was first exposed to each variant",
        select: Select::of(exposed_columns, exposures.name)
            .filtered(seen.conditions)
            .grouped(experiment.clone())
            .grouped([seen.unit_id]),
    };
    let is_apart = experiment.is_some();
    let mut assigned_columns: Vec<Column> = is_apart
        .then_some(EXPERIMENT)
        .into_iter()
        .chain([UNIT_ID, FIRST_TIME])
        .map(|name| Expression::column(name).named(name))
        .collect();
    let ends = Ends::of(parts, layout.time_zone);
    if let (Some(ends), Some(tracked)) = (&ends, &tracked) {
        assigned_columns.push(ends.column(tracked.kind).named(END));
    }
    assigned_columns.push(first.variant().named(VARIANT));
    assigned_columns.push(first.inconsistent().named(INCONSISTENT));
    for (index, condition) in asked.exposed.iter().enumerate() {
        assigned_columns.push(flag(condition.clone()).named(exposed_name(index)));
    }
    for (index, value) in asked.strata.into_iter().enumerate() {
        assigned_columns.push(value.named(stratum_name(index)));
    }
    let assigned = Step {
        name: names.step(ASSIGNED),
        note: "one row per unit: the variant it met first, by position",
        select: Select::of(assigned_columns, &exposed.name).filtered(asked.exposure_conditions),
    };
    let mut units = Units {
        from: assigned.name.clone(),
        steps: vec![exposed, assigned],
        experiment: is_apart.then(|| Expression::column(EXPERIMENT)),
        variant: Expression::column(VARIANT),
        only_assigned: false,
        inconsistent: Expression::column(INCONSISTENT),
        strata: (0..plan.strata.len())
            .map(|index| Expression::column(&stratum_name(index)))
            .collect(),
        conditions: asked.event_conditions,
        totals: asked.totals,
        watched_columns: watched
            .iter()
            .zip(&layout.events.value)
            .map(|(_, column)| (layout.events.table.clone(), column.clone()))
            .collect(),
        watched: watched.into_iter().collect(),
    };
    if let Some(tracked) = tracked {
        let joined = Joined {
            assigned: &units.from,
            n_exposed: asked.exposed.len(),
            n_strata: plan.strata.len(),
            is_by_unit: !plan.quantiles.is_empty(),
            is_apart,
            ends,
            attribution: layout.attribution,
        };
        let steps = joined.steps(tracked, &names);
        units.from = steps[1].name.clone();
        units.steps.extend(steps);
        units.only_assigned = true;
    }
    Ok(units)
}

impl<'a> Events<'a> {
    /// What kind of moments exposures and events are compared as.
    fn moment_kind(&self, seen: &Seen<'_>) -> Result<MomentKind, LowerError> {
        let time = self.event_table()?.time("events.time", &self.events.time)?;
        let zoned = TimeKind::Moment(MomentKind::Zoned);
        Ok(if time.kind == zoned || seen.time.kind == zoned {
            MomentKind::Zoned
        } else {
            MomentKind::Local
        })
    }

    /// The column of ids in the table of events, which must be comparable with that of the exposures.
    fn event_unit_id(&self, table: &Table<'_>, seen: &Seen<'_>) -> Result<Expression, LowerError> {
        let column = &self.events.unit_id;
        let (unit_id, kind) = table.unit_id("events.unit_id", column)?;
        if std::mem::discriminant(kind) == std::mem::discriminant(seen.unit_id_type) {
            return Ok(unit_id);
        }
        Err(LowerError::wrong_type(
            "events.unit_id",
            table.name,
            column,
            &format!("{} as in `exposures.unit_id`", seen.unit_id_type),
            kind,
            "store the ids of units with one type in both tables",
        ))
    }

    /// Names for steps.
    pub(crate) fn names(&self) -> Names {
        Names::avoiding([self.exposures.table.as_str(), self.events.table.as_str()])
    }

    /// The table of exposures.
    pub(crate) fn exposure_table(&self) -> Result<Table<'a>, LowerError> {
        let table = self.exposures;
        let mapped = [&table.unit_id, &table.variant, &table.time]
            .into_iter()
            .chain(&table.experiment);
        Table::find(
            self.tables,
            &table.table,
            mapped.map(String::as_str),
            table.dimensions.as_deref(),
        )
    }

    /// The table of events.
    pub(crate) fn event_table(&self) -> Result<Table<'a>, LowerError> {
        let table = self.events;
        let mapped = [&table.unit_id, &table.goal, &table.time]
            .into_iter()
            .chain(&table.value);
        Table::find(
            self.tables,
            &table.table,
            mapped.map(String::as_str),
            table.dimensions.as_deref(),
        )
    }

    /// Is the goal counted among events?
    pub(crate) fn is_event_goal(&self, goal: &Goal) -> bool {
        goal.name != EXPOSURE && goal.unit_type == self.unit_type
    }
}

fn needs_events(layout: Events<'_>, plan: &Plan) -> bool {
    let triggered = plan
        .filters
        .iter()
        .any(|filter| matches!(filter, Filter::Trigger { goal, .. } if goal != EXPOSURE));
    let in_values = plan.unit_values.iter();
    let in_values = in_values.flat_map(|value| value.formula.goals());
    let mut goals = plan.goals.iter().chain(in_values);
    triggered || goals.any(|goal| layout.is_event_goal(goal))
}
