//! Which plans are better asked together.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::{Layout, Plan};

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
pub(super) type Days = (Option<Date>, Option<Date>);

/// From the earlier first day to the later last day of two.
pub(super) fn spanning(one: Days, other: Days) -> Days {
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
