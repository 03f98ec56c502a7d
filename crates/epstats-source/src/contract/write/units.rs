//! Exact answers: the numbers of every unit, from which moments follow by their definition.

use std::collections::BTreeMap;

use epstats_experiment::{
    CappedUnits, CapsInForce, ClusteredEvents, EventQuantile, GoalMoments, Observations, Shape,
    Statistics, Stratum, Sums,
};
use epstats_plan::Plan;

/// The quantities of every unit after the count of exposures, and what else an exact answer says.
#[derive(Debug, Clone, Default)]
pub(in crate::contract) struct Units {
    pub(super) by_variant: BTreeMap<String, Vec<Vec<f64>>>,
    pub(super) observations: Observations,
    /// For each unit value; none at all without any.
    pub(super) caps: Vec<CapsInForce>,
    /// By variant, for each unit value; zeros where it is not said.
    pub(super) capped: BTreeMap<String, Vec<CappedUnits>>,
    /// The value of every unit, by dimension and variant.
    pub(super) strata: BTreeMap<String, BTreeMap<String, Vec<Option<String>>>>,
    /// In the order of the plan.
    pub(super) quantiles: Vec<BTreeMap<String, ClusteredEvents>>,
}

/// A unit with all its quantities, the count of exposures first.
type Row = Vec<f64>;

impl Units {
    /// The answer to a plan.
    pub(super) fn to(&self, plan: &Plan) -> Statistics {
        let rows: BTreeMap<String, Vec<Row>> = self
            .by_variant
            .iter()
            .map(|(variant, units)| (variant.clone(), rows(plan, units)))
            .collect();
        let variants = rows.iter().map(|(variant, rows)| {
            let capped = self.capped.get(variant).cloned();
            let moments = GoalMoments {
                shapes: plan
                    .shapes
                    .iter()
                    .map(|index| shape(rows, *index))
                    .collect(),
                capped: capped
                    .unwrap_or_else(|| vec![CappedUnits::default(); plan.unit_values.len()]),
                ..moments(plan, rows)
            };
            (variant.clone(), moments)
        });
        let sums = Sums::Exact {
            pairs: plan.pairs.clone(),
            variants: variants.collect(),
        };
        let caps = if self.caps.is_empty() {
            vec![CapsInForce::default(); plan.unit_values.len()]
        } else {
            self.caps.clone()
        };
        let strata = self.strata.iter();
        let quantiles = plan.quantiles.iter().zip(&self.quantiles);
        Statistics {
            unit_values: plan.unit_values.clone(),
            shapes: plan.shapes.clone(),
            caps,
            strata: strata
                .map(|(dimension, values)| (dimension.clone(), by_value(plan, &rows, values)))
                .collect(),
            quantiles: quantiles
                .map(|(need, variants)| EventQuantile {
                    goal: need.goal.clone(),
                    level: need.level,
                    variants: variants.clone(),
                })
                .collect(),
            observations: self.observations.clone(),
            ..Statistics::new(plan.goals.clone(), sums)
        }
    }
}

fn rows(plan: &Plan, units: &[Vec<f64>]) -> Vec<Row> {
    let n_quantities = plan.goals.len() + plan.unit_values.len();
    units
        .iter()
        .map(|totals| {
            let row: Row = [1.0].iter().chain(totals).copied().collect();
            assert_eq!(row.len(), n_quantities, "quantities of the unit {totals:?}");
            row
        })
        .collect()
}

fn by_value(
    plan: &Plan,
    rows: &BTreeMap<String, Vec<Row>>,
    values: &BTreeMap<String, Vec<Option<String>>>,
) -> Vec<Stratum> {
    let mut by_value: BTreeMap<Option<String>, BTreeMap<String, Vec<Row>>> = BTreeMap::new();
    for (variant, rows) in rows {
        let values = values.get(variant).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(
            values.len(),
            rows.len(),
            "values of the units of `{variant}`"
        );
        for (value, row) in values.iter().zip(rows) {
            let of_value = by_value.entry(value.clone()).or_default();
            of_value
                .entry(variant.clone())
                .or_default()
                .push(row.clone());
        }
    }
    by_value
        .into_iter()
        .map(|(value, rows)| Stratum {
            value,
            variants: rows
                .iter()
                .map(|(variant, rows)| (variant.clone(), moments(plan, rows)))
                .collect(),
        })
        .collect()
}

/// Moments by their definition, in two passes.
fn moments(plan: &Plan, rows: &[Row]) -> GoalMoments {
    let n_quantities = plan.goals.len() + plan.unit_values.len();
    let means: Vec<f64> = (0..n_quantities)
        .map(|quantity| rows.iter().map(|row| row[quantity]).sum::<f64>() / n(rows))
        .collect();
    let comoments = plan
        .pairs
        .iter()
        .map(|&(i, j)| {
            rows.iter()
                .map(|row| (row[i] - means[i]) * (row[j] - means[j]))
                .sum()
        })
        .collect();
    GoalMoments {
        n_units: rows.len() as u64,
        means,
        comoments,
        ..GoalMoments::default()
    }
}

fn shape(rows: &[Row], quantity: usize) -> Shape {
    let numbers = || rows.iter().map(|row| row[quantity]);
    Shape {
        mean_cube: numbers().map(|x| x.powi(3)).sum::<f64>() / n(rows),
        lowest: numbers().fold(f64::INFINITY, f64::min),
        highest: numbers().fold(f64::NEG_INFINITY, f64::max),
    }
}

#[allow(clippy::cast_precision_loss, reason = "a handful of units")]
fn n(rows: &[Row]) -> f64 {
    rows.len() as f64
}
