//! The rows of a frame by unit, added up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use epstats_experiment::formula::{Aggregation, DimensionFilter, Function, Goal};
use epstats_plan::Plan;
use pyo3::prelude::*;

use super::totals::UnitTotals;
use super::units::{SKIPPED, Units, Who};
use crate::agg::{NAMES, dimensions};
use crate::formula::cell_of;
use crate::frame::{Frame, NULL, Texts};

/// Adds up the rows of each unit; those of one experiment, where it is named.
pub(crate) fn read(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    plan: &Plan,
    experiment: Option<&str>,
) -> PyResult<UnitTotals> {
    let names: BTreeSet<&str> = dimensions(&plan.goals);
    let frame = Frame::read(frame, |name| {
        NAMES.contains(&name)
            || ["unit_id", "count", "sum_value"].contains(&name)
            || names.contains(name)
    })?;
    let text = |name| frame.texts(py, name);
    let experiments = match experiment {
        Some(name) => Some((text("exp_id")?, name)),
        None => None,
    };
    let (variants, unit_types) = (text("exp_variant_id")?, text("unit_type")?);
    let (aggregations, goals) = (text("agg_type")?, text("goal")?);
    let (ids, n_ids) = frame.ids(py, "unit_id")?;
    let dimensions: Vec<(&str, Texts)> = names
        .iter()
        .map(|name| Ok((*name, text(name)?)))
        .collect::<PyResult<_>>()?;
    let read = |amount: Amount, name| {
        let is_read = plan.goals.iter().any(|goal| amount_of(goal) == amount);
        if is_read {
            frame.numbers(py, name)
        } else {
            Ok(Vec::new())
        }
    };
    let (counts, values) = (
        read(Amount::Count, "count")?,
        read(Amount::Value, "sum_value")?,
    );
    let rows = Rows {
        experiments,
        variants,
        unit_types,
        aggregations,
        goals,
        ids,
        n_ids,
        dimensions,
        counts,
        values,
    };
    Ok(py.detach(|| rows.totals(plan)))
}

/// The columns of the frame.
struct Rows<'a> {
    experiments: Option<(Texts, &'a str)>,
    variants: Texts,
    unit_types: Texts,
    aggregations: Texts,
    goals: Texts,
    ids: Vec<u32>,
    n_ids: usize,
    dimensions: Vec<(&'a str, Texts)>,
    counts: Vec<f64>,
    values: Vec<f64>,
}

impl Rows<'_> {
    fn totals(self, plan: &Plan) -> UnitTotals {
        let n_rows = self.ids.len();
        let (goals, shadows) = with_shadows(&plan.goals);
        let measures = self.measures(&goals);
        let experiment = self
            .experiments
            .as_ref()
            .map(|(texts, name)| (&texts.codes, texts.code_of(name).unwrap_or(SKIPPED - 1)));
        let is_of_experiment =
            |row: usize| experiment.is_none_or(|(codes, code)| codes[row] == code);
        let (variants, place_of) = self.variants(plan, &is_of_experiment);
        let n_types = self.unit_types.values.len();
        let mut units = Units::new(variants.len(), n_types, self.n_ids, n_rows);
        let n_goals = goals.len();
        let mut totals: Vec<f64> = Vec::new();
        let mut seen = vec![false; n_goals];
        let mut null_values = 0;
        for row in 0..n_rows {
            let variant = self.variants.codes[row];
            let (unit_type, id) = (self.unit_types.codes[row], self.ids[row]);
            let goal = self.goals.codes[row];
            if !is_of_experiment(row)
                || variant == NULL
                || unit_type == NULL
                || id == NULL
                || goal == NULL
            {
                continue;
            }
            let variant = place_of[variant as usize];
            if variant == SKIPPED {
                continue;
            }
            let unit = units.number(Who {
                variant,
                unit_type,
                id,
            });
            if totals.len() < units.len() * n_goals {
                totals.resize(units.len() * n_goals, 0.0);
            }
            for measure in &measures[goal as usize] {
                if measure.unit_type != unit_type
                    || measure.aggregation != self.aggregations.codes[row]
                {
                    continue;
                }
                seen[measure.goal] = true;
                let passes = |(dimension, passing): &(usize, Vec<bool>)| {
                    let code = self.dimensions[*dimension].1.codes[row];
                    passing.get(code as usize).is_some_and(|&passes| passes)
                };
                if !measure.conditions.iter().all(passes) {
                    continue;
                }
                let amount = match measure.amount {
                    Amount::Count => self.counts[row],
                    Amount::Value => self.values[row],
                };
                if amount.is_nan() {
                    null_values += 1;
                } else {
                    totals[unit * n_goals + measure.goal] += amount;
                }
            }
        }
        for (place, goal) in goals.iter().enumerate() {
            if goal.function == Function::Unique {
                for unit in 0..units.len() {
                    let total = &mut totals[unit * n_goals + place];
                    *total = f64::from(u8::from(*total > 0.0));
                }
            }
        }
        let unit_types = self.unit_types.values.iter().map(ToString::to_string);
        let mut read = UnitTotals {
            goals,
            variants,
            unit_types: unit_types.collect(),
            units,
            totals,
            null_values,
            never_seen: Vec::new(),
        };
        read.fill_in(&shadows, &mut seen);
        read.never_seen = (0..plan.goals.len()).filter(|&goal| !seen[goal]).collect();
        read
    }

    /// The variants that are asked for, or those of the rows; and the place of each code among them.
    fn variants(
        &self,
        plan: &Plan,
        is_of_experiment: &impl Fn(usize) -> bool,
    ) -> (Vec<String>, Vec<u32>) {
        let texts = &self.variants;
        let names: BTreeSet<String> = match &plan.variants {
            Some(variants) => variants.iter().cloned().collect(),
            None => {
                let mut met = vec![false; texts.values.len()];
                for (row, &code) in texts.codes.iter().enumerate() {
                    if code != NULL && !met[code as usize] && is_of_experiment(row) {
                        met[code as usize] = true;
                    }
                }
                let met = texts.values.iter().zip(met).filter(|(_, met)| *met);
                met.map(|(name, _)| name.to_string()).collect()
            }
        };
        let names: Vec<String> = names.into_iter().collect();
        let place = |name: &Arc<str>| {
            let place = names.binary_search_by(|known| known.as_str().cmp(name));
            place.map_or(SKIPPED, |place| place as u32)
        };
        let places = texts.values.iter().map(place).collect();
        (names, places)
    }

    /// For each name of a goal in the frame, what its rows add.
    fn measures(&self, goals: &[Goal]) -> Vec<Vec<Measure>> {
        let code = |texts: &Texts, text: &str| texts.code_of(text).unwrap_or(SKIPPED - 1);
        let mut measures: Vec<Vec<Measure>> = Vec::new();
        measures.resize_with(self.goals.values.len(), Vec::new);
        let places: BTreeMap<&str, usize> = self
            .goals
            .values
            .iter()
            .enumerate()
            .map(|(place, name)| (&**name, place))
            .collect();
        for (place, goal) in goals.iter().enumerate() {
            let Some(&rows) = places.get(goal.name.as_str()) else {
                continue;
            };
            let condition = |filter: &DimensionFilter| {
                let mut known = self.dimensions.iter();
                let dimension = known.position(|(name, _)| *name == filter.dimension)?;
                let (cell, whole) = (
                    cell_of(filter),
                    format!("{}{}", filter.operator, filter.value),
                );
                let passing = self.dimensions[dimension]
                    .1
                    .matching(|text| text == cell || text == whole);
                Some((dimension, passing))
            };
            measures[rows].push(Measure {
                goal: place,
                unit_type: code(&self.unit_types, &goal.unit_type),
                aggregation: code(&self.aggregations, goal.aggregation.as_str()),
                conditions: goal.filters.iter().filter_map(condition).collect(),
                amount: amount_of(goal),
            });
        }
        measures
    }
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

/// What a row adds to a unit.
struct Measure {
    goal: usize,
    unit_type: u32,
    aggregation: u32,
    /// Dimensions, and for each code of theirs whether it passes.
    conditions: Vec<(usize, Vec<bool>)>,
    amount: Amount,
}

#[derive(Clone, Copy, PartialEq)]
enum Amount {
    Count,
    Value,
}
