//! Several experiments in one statement, where each row says which experiment it is of.
//!
//! The statement asks for all that one of the experiments needs, over the rows of all of them, and groups by experiment. Each experiment
//! reads its own rows of the answer, and its own columns.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::Statistics;
use jiff::civil::Date;

use super::{
    LowerError, Watch, aggregated, events, events_of, goals, other_units, refuse_what_needs_units,
    units, wide,
};
use crate::query::{Expression, Query};
use crate::reading::{DecodeError, Reading, Row};
use crate::{Cell, InconsistentUnits, Layout, Plan, Tables};

/// Name of the column with the experiment of a row.
pub(crate) const EXPERIMENT: &str = "experiment";

/// Experiments in one statement at most. Their units are held in memory together, and that is what more of them cost: beyond some
/// 25, reading the tables is a small part of the work, and nothing is saved any more (measured by `bench/many.sh` on two engines).
const MOST_TOGETHER: usize = 32;

/// A statement may ask for so many times the goals of each of its experiments; beyond that, experiments pay for the goals of others.
/// Where the goals of twenty experiments were twice those of each, one statement took a tenth less than statements within this bound; at three times
/// it took as much, at four times a quarter more (measured as above). So the bound is where memory is least for nearly all of the gain.
const MOST_GOALS: f64 = 1.5;

/// Which plans are better asked together: their positions, in groups of two or more. Plans that are in no group are asked alone.
///
/// Plans go together if they are about different experiments of one unit type, have the same filters, and need moments or sums only: no
/// quantiles, caps, covariates and strata. Days and variants may differ. On the layout `events`, where the days say which events are
/// read at all, the days of each must overlap with those of another, and the exposures must say which experiment they are of.
#[must_use]
pub fn together(plans: &[Plan], layout: &Layout) -> Vec<Vec<usize>> {
    let must_overlap = match layout {
        Layout::Events { exposures, .. } if exposures.experiment.is_none() => return Vec::new(),
        Layout::Events { .. } => true,
        _ => false,
    };
    let mut groups: Vec<Group> = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        if !can_share(plan) {
            continue;
        }
        match groups.iter_mut().find(|group| {
            group.takes(&plans[group.members[0]], plan)
                && (!must_overlap || overlap(group.days, plan.days))
        }) {
            Some(group) => group.add(index, plan),
            None => groups.push(Group::of(index, plan)),
        }
    }
    groups
        .into_iter()
        .map(|group| group.members)
        .filter(|members| members.len() > 1)
        .collect()
}

fn can_share(plan: &Plan) -> bool {
    plan.unit_values.is_empty() && plan.strata.is_empty() && plan.quantiles.is_empty()
}

/// Plans that go together, under way.
struct Group {
    members: Vec<usize>,
    experiments: BTreeSet<String>,
    goals: BTreeSet<String>,
    fewest_goals: usize,
    /// From the first day of any to the last day of any.
    days: Days,
}

impl Group {
    fn of(index: usize, plan: &Plan) -> Group {
        let mut group = Group {
            members: Vec::new(),
            experiments: BTreeSet::new(),
            goals: BTreeSet::new(),
            fewest_goals: usize::MAX,
            days: plan.days,
        };
        group.add(index, plan);
        group
    }

    fn takes(&self, first: &Plan, plan: &Plan) -> bool {
        let is_alike = first.unit_type == plan.unit_type
            && first.filters == plan.filters
            && first.inconsistent_units == plan.inconsistent_units;
        let names: BTreeSet<String> = names(plan).collect();
        let n_goals = self.goals.union(&names).count() as f64;
        let n_fewest = self.fewest_goals.min(names.len()) as f64;
        is_alike
            && self.members.len() < MOST_TOGETHER
            && !self.experiments.contains(&plan.experiment)
            && n_goals <= MOST_GOALS * n_fewest
    }

    fn add(&mut self, index: usize, plan: &Plan) {
        let names: BTreeSet<String> = names(plan).collect();
        self.members.push(index);
        self.experiments.insert(plan.experiment.clone());
        self.fewest_goals = self.fewest_goals.min(names.len());
        self.goals.extend(names);
        self.days = spanning(self.days, plan.days);
    }
}

/// First and last day, where there are any.
type Days = (Option<Date>, Option<Date>);

/// From the earlier first day to the later last day of two.
fn spanning(one: Days, other: Days) -> Days {
    let first = one.0.zip(other.0).map(|(one, other)| one.min(other));
    let last = one.1.zip(other.1).map(|(one, other)| one.max(other));
    (first, last)
}

/// Do they have a day in common?
fn overlap(one: Days, other: Days) -> bool {
    let begins_in_time = |(first, _): Days, (_, last): Days| match (first, last) {
        (Some(first), Some(last)) => first <= last,
        _ => true,
    };
    begins_in_time(one, other) && begins_in_time(other, one)
}

fn names(plan: &Plan) -> impl Iterator<Item = String> {
    plan.goals.iter().map(ToString::to_string)
}

/// The statement of several plans, and how its rows are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The statement.
    pub query: Query,
    members: Vec<Member>,
}

/// One of the plans.
#[derive(Debug, Clone, PartialEq)]
struct Member {
    experiment: String,
    /// The positions of its variants among those of all plans, where rows tell variants by position.
    variants: Option<BTreeSet<u64>>,
    reading: Reading,
    /// Does it read all goals of the statement?
    reads_all: bool,
}

/// Turns plans that go [`together`] into one statement.
///
/// As for [`lower`](super::lower), exact layouts need the variants.
///
/// # Errors
///
/// [`LowerError`] as [`lower`](super::lower) has it; it may be due to one of the plans alone.
pub fn lower_together(
    plans: &[&Plan],
    layout: &Layout,
    tables: &Tables,
) -> Result<Together, LowerError> {
    let union = union(plans)?;
    let variants = union.variants.clone().unwrap_or_default();
    let (query, reading) = match layout {
        Layout::AggGoals(table) => {
            refuse_what_needs_units(&union)?;
            aggregated::sums_of(&union, plans, table, tables)?
        }
        Layout::Wide(table) => {
            refuse_what_needs_units(&union)?;
            wide::sums_of(&union, plans, table, tables)?
        }
        Layout::Goals {
            table,
            inconsistent_units,
        }
        | Layout::UnitGoals {
            table,
            inconsistent_units,
        } => {
            let policy = inconsistent_units.unwrap_or(union.inconsistent_units);
            units::moments(
                goals::units_of(&union, plans, table, tables, &variants, Watch::Null)?,
                &union,
                &variants,
                policy == InconsistentUnits::LeaveOut,
                &goals::names(table),
            )
        }
        Layout::Events {
            exposures,
            unit_type,
            inconsistent_units,
            ..
        } => {
            if union.unit_type != *unit_type {
                return Err(other_units(&union, unit_type));
            }
            if exposures.experiment.is_none() {
                return Err(LowerError::not_answerable(
                    "the exposures do not say which experiment they are of".to_owned(),
                    "ask for one experiment at a time",
                ));
            }
            let policy = inconsistent_units.unwrap_or(union.inconsistent_units);
            let layout = events_of(layout, tables)?;
            units::moments(
                events::units_of(layout, &union, plans, &variants, Watch::Null)?,
                &union,
                &variants,
                policy == InconsistentUnits::LeaveOut,
                &layout.names(),
            )
        }
    };
    let tells_positions = !matches!(layout, Layout::AggGoals(_) | Layout::Wide(_));
    let members = plans.iter().map(|plan| Member {
        reads_all: plan.goals.len() == union.goals.len(),
        experiment: plan.experiment.clone(),
        variants: tells_positions.then(|| positions(plan, &variants)),
        reading: reading.of_member(&union, plan),
    });
    Ok(Together {
        members: members.collect(),
        query,
    })
}

impl Together {
    /// The statistics of each plan, in their order, that the rows of the answer tell; what is not finite, never seen or to be read otherwise is
    /// as with [`Reading::decode`]. `None` where NULL values were counted of which other plans may have some: that plan is to be asked alone.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Vec<Option<Statistics>>, DecodeError> {
        let mut by_experiment: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
        for (index, cells) in rows.iter().enumerate() {
            let experiment = Row::new(index, cells, cells.len().max(1))?.text(0)?;
            let own = by_experiment.entry(experiment).or_default();
            own.push(cells[1..].to_vec());
        }
        let members = self.members.iter().map(|member| {
            let rows = by_experiment.remove(&member.experiment).unwrap_or_default();
            member.decode(rows)
        });
        members.collect()
    }
}

impl Member {
    fn decode(&self, mut rows: Vec<Vec<Cell>>) -> Result<Option<Statistics>, DecodeError> {
        if let Some(variants) = &self.variants {
            rows.retain(|cells| match cells.first() {
                Some(Cell::Integer(position)) => {
                    u64::try_from(*position).map_or(true, |position| variants.contains(&position))
                }
                _ => true,
            });
        }
        let statistics = self.reading.decode(&rows)?;
        let is_sure = statistics.observations.null_values == 0 || self.reads_all;
        Ok(is_sure.then_some(statistics))
    }
}

/// One plan that asks for all that one of the plans asks for.
fn union(plans: &[&Plan]) -> Result<Plan, LowerError> {
    let Some(first) = plans.first() else {
        return Err(LowerError::not_answerable(
            "no experiment is asked for".to_owned(),
            "name one",
        ));
    };
    let mut union = Plan {
        variants: Some(Vec::new()),
        variants_complete: true,
        ..(*first).clone()
    };
    let mut variants = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for plan in plans {
        let Some(names) = &plan.variants else {
            return Err(LowerError::not_answerable(
                "the variants are not known".to_owned(),
                "name the variants in the definition of the experiment",
            ));
        };
        variants.extend(names.iter().cloned());
        union.days = spanning(union.days, plan.days);
        union.variants_complete &= plan.variants_complete;
        for goal in &plan.goals {
            if !union.goals.contains(goal) {
                union.goals.push(goal.clone());
            }
        }
        let places = places(&union, plan);
        pairs.extend(plan.pairs.iter().map(|&pair| moved(&places, pair)));
        shapes.extend(plan.shapes.iter().map(|&quantity| places[quantity]));
    }
    union.variants = Some(variants.into_iter().collect());
    union.pairs = pairs.into_iter().collect();
    union.shapes = shapes.into_iter().collect();
    Ok(union)
}

/// For each goal of a plan, its place among those of the union.
pub(crate) fn places(union: &Plan, plan: &Plan) -> Vec<usize> {
    let places = plan.goals.iter().map(|goal| {
        let place = union.goals.iter().position(|other| other == goal);
        place.unwrap_or_default()
    });
    places.collect()
}

/// A pair of quantities of a plan as one of the union, the smaller position first.
pub(crate) fn moved(places: &[usize], (i, j): (usize, usize)) -> (usize, usize) {
    let (i, j) = (places[i], places[j]);
    (i.min(j), i.max(j))
}

fn positions(plan: &Plan, variants: &[String]) -> BTreeSet<u64> {
    let own = plan.variants.iter().flatten();
    own.filter_map(|name| variants.iter().position(|variant| variant == name))
        .map(|position| position as u64)
        .collect()
}

/// Is the row of one of the experiments, and does what must hold for its rows hold?
pub(crate) fn of_parts(
    experiment: &Expression,
    parts: &[&Plan],
    conditions: impl Fn(&Plan) -> Vec<Expression>,
) -> Vec<Expression> {
    let mut alike: Vec<(Vec<Expression>, Vec<Expression>)> = Vec::new();
    for part in parts {
        let name = Expression::text(&part.experiment);
        let conditions = conditions(part);
        match alike.iter_mut().find(|(other, _)| *other == conditions) {
            Some((_, names)) => names.push(name),
            None => alike.push((conditions, vec![name])),
        }
    }
    let mut alike = alike.into_iter().map(|(mut conditions, names)| {
        conditions.insert(0, experiment.clone().is_one_of(names));
        conditions
    });
    if alike.len() == 1 {
        return alike.next().unwrap_or_default();
    }
    vec![Expression::any(alike.map(Expression::all).collect())]
}
