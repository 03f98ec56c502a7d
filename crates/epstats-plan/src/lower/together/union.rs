//! One plan for all that several plans ask for, and where each finds its own in it.

use std::collections::BTreeSet;

use super::groups::spanning;
use crate::Plan;
use crate::lower::LowerError;

/// One plan that asks for all that one of the plans asks for.
pub(super) fn union(plans: &[&Plan]) -> Result<Plan, LowerError> {
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

/// The positions of the variants of a plan among those of all.
pub(super) fn positions(plan: &Plan, variants: &[String]) -> BTreeSet<u64> {
    let own = plan.variants.iter().flatten();
    own.filter_map(|name| variants.iter().position(|variant| variant == name))
        .map(|position| position as u64)
        .collect()
}
