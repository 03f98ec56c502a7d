//! What rows of a kind mean for a plan.

use std::collections::BTreeSet;
use std::sync::Arc;

use epstats_experiment::formula::{Aggregation, DimensionFilter, Function, Goal};
use epstats_plan::Plan;

use crate::agg::dimensions;
use crate::formula::cell_of;

/// Tells what rows mean that have certain texts.
pub(super) struct Roles<'p> {
    experiment: Option<&'p str>,
    dimensions: Vec<&'p str>,
    /// The goals of the plan, then those that stand in for exposures.
    pub(super) goals: Vec<Goal>,
    /// Places of goals, and of those that stand in for them.
    pub(super) shadows: Vec<(usize, usize)>,
    /// Names of the variants: those asked for, or those met.
    pub(super) variants: Vec<String>,
    are_variants_given: bool,
    /// Unit types that were met.
    pub(super) unit_types: Vec<String>,
    /// Pairs of variant and unit type that were met.
    pub(super) pairs: Vec<(u32, u32)>,
}

/// What a row adds to its unit.
pub(super) struct Role {
    /// Place of the variant and the unit type of the unit.
    pub(super) pair: u32,
    pub(super) unit_type: u32,
    /// Goals that have such rows, also where a filter leaves them out.
    pub(super) seen: Vec<usize>,
    pub(super) measures: Vec<Measure>,
    /// Did such a row have an id?
    pub(super) is_met: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Measure {
    pub(super) goal: usize,
    pub(super) amount: Amount,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Amount {
    Count,
    Value,
}

impl<'p> Roles<'p> {
    pub(super) fn new(plan: &'p Plan, experiment: Option<&'p str>) -> Self {
        let (goals, shadows) = with_shadows(&plan.goals);
        let variants: BTreeSet<&String> = plan.variants.iter().flatten().collect();
        Roles {
            experiment,
            dimensions: dimensions(&plan.goals).into_iter().collect(),
            goals,
            shadows,
            variants: variants.into_iter().cloned().collect(),
            are_variants_given: plan.variants.is_some(),
            unit_types: Vec::new(),
            pairs: Vec::new(),
        }
    }

    /// The columns of texts that are looked at.
    pub(super) fn columns(&self) -> Vec<&'p str> {
        let experiment = self.experiment.map(|_| "exp_id");
        let names = ["exp_variant_id", "unit_type", "agg_type", "goal"];
        let dimensions = self.dimensions.iter().copied();
        experiment
            .into_iter()
            .chain(names)
            .chain(dimensions)
            .collect()
    }

    /// Does a goal ask for an amount?
    pub(super) fn asks_for(&self, amount: Amount) -> bool {
        self.goals.iter().any(|goal| amount_of(goal) == amount)
    }

    /// The role of rows with texts in the order of the columns; `None` for those that say nothing.
    pub(super) fn role(&mut self, texts: &[Option<Arc<str>>]) -> Option<Role> {
        let rest = match (self.experiment, texts) {
            (None, texts) => texts,
            (Some(asked), [Some(experiment), rest @ ..]) if **experiment == *asked => rest,
            _ => return None,
        };
        let [variant, unit_type, aggregation, goal, cells @ ..] = rest else {
            return None;
        };
        let variant = self.variant(variant.as_deref()?)?;
        let unit_type = unit_type.as_deref()?;
        let name = goal.as_deref()?;
        let mut role = Role {
            pair: 0,
            unit_type: place_of(&mut self.unit_types, unit_type),
            seen: Vec::new(),
            measures: Vec::new(),
            is_met: false,
        };
        for (place, goal) in self.goals.iter().enumerate() {
            if goal.name != name
                || goal.unit_type != unit_type
                || Some(goal.aggregation.as_str()) != aggregation.as_deref()
            {
                continue;
            }
            role.seen.push(place);
            if goal.filters.iter().all(|filter| self.passes(filter, cells)) {
                role.measures.push(Measure {
                    goal: place,
                    amount: amount_of(goal),
                });
            }
        }
        role.pair = place_of_pair(&mut self.pairs, (variant, role.unit_type));
        Some(role)
    }

    fn passes(&self, filter: &DimensionFilter, cells: &[Option<Arc<str>>]) -> bool {
        let mut known = self.dimensions.iter().zip(cells);
        let cell = known.find(|(name, _)| **name == filter.dimension);
        let Some((_, Some(cell))) = cell else {
            return false;
        };
        **cell == cell_of(filter) || **cell == format!("{}{}", filter.operator, filter.value)
    }

    fn variant(&mut self, name: &str) -> Option<u32> {
        if self.are_variants_given {
            let place = self.variants.iter().position(|known| known == name);
            return place.map(|place| place as u32);
        }
        Some(place_of(&mut self.variants, name))
    }
}

fn place_of(names: &mut Vec<String>, name: &str) -> u32 {
    let place = names.iter().position(|known| known == name);
    place.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    }) as u32
}

fn place_of_pair(pairs: &mut Vec<(u32, u32)>, pair: (u32, u32)) -> u32 {
    let place = pairs.iter().position(|known| *known == pair);
    place.unwrap_or_else(|| {
        pairs.push(pair);
        pairs.len() - 1
    }) as u32
}

fn amount_of(goal: &Goal) -> Amount {
    match goal.function {
        Function::Count | Function::Unique => Amount::Count,
        Function::Value => Amount::Value,
    }
}

/// The goals, and those that stand in for exposures: a unit is exposed whatever the aggregation of its row is.
fn with_shadows(goals: &[Goal]) -> (Vec<Goal>, Vec<(usize, usize)>) {
    let mut all = goals.to_vec();
    let mut shadows = Vec::new();
    for (place, goal) in goals.iter().enumerate() {
        if goal.name == "exposure" {
            shadows.push((place, all.len()));
            all.push(Goal {
                aggregation: match goal.aggregation {
                    Aggregation::Unit => Aggregation::Global,
                    Aggregation::Global => Aggregation::Unit,
                },
                ..goal.clone()
            });
        }
    }
    (all, shadows)
}
