//! The totals of every unit.

use epstats_experiment::formula::Goal;
use epstats_experiment::{GoalSums, MarginalSums, Observations, Statistics, Sums};

use super::sums::Sum;
use super::together::together;

/// What the rows of all units add up to.
pub(super) struct Totals {
    /// The goals of the plan, then those that could stand in for exposures.
    pub(super) goals: Vec<Goal>,
    /// For each goal the column of its totals.
    pub(super) column_of: Vec<usize>,
    /// Totals of each unit; empty where they are all zero.
    pub(super) columns: Vec<Vec<f64>>,
    pub(super) variants: Vec<String>,
    pub(super) unit_types: Vec<String>,
    /// Pairs of variant and unit type.
    pub(super) pairs: Vec<(u32, u32)>,
    /// The pair of each unit.
    pub(super) pair_of: Vec<u32>,
    pub(super) null_values: u64,
    /// Goals without any row.
    pub(super) never_seen: Vec<usize>,
}

/// Totals of each unit, and their sums in each variant.
pub(crate) struct UnitTotals {
    pub(super) totals: Totals,
    /// For each column, sums and sums of squares in each variant.
    sums: Vec<Vec<GoalSums>>,
}

impl UnitTotals {
    pub(super) fn new(totals: Totals) -> Self {
        let sums = together(totals.columns.iter().map(Vec::as_slice), |column| {
            totals.sums(column.iter().copied().enumerate())
        });
        UnitTotals { totals, sums }
    }

    /// Sums and sums of squares over the units of each variant, in the order of the variants.
    pub(super) fn sums_of(&self, goal: usize) -> &[GoalSums] {
        &self.sums[self.totals.column_of[goal]]
    }

    /// Sums and sums of squares over units.
    pub(crate) fn statistics(&self) -> Statistics {
        let totals = &self.totals;
        let of_variant = |variant: usize| MarginalSums {
            goals: (0..totals.goals.len())
                .map(|goal| self.sums_of(goal)[variant])
                .collect(),
        };
        let variants = totals.variants.iter().cloned().enumerate();
        let variants = variants.map(|(place, name)| (name, of_variant(place)));
        let sums = Sums::Marginal {
            variants: variants.collect(),
        };
        Statistics {
            observations: Observations {
                null_values: totals.null_values,
                goals_never_seen: totals.never_seen.clone(),
                ..Observations::default()
            },
            ..Statistics::new(totals.goals.clone(), sums)
        }
    }
}

impl Totals {
    /// The totals of all units for a goal; empty where they are all zero.
    pub(super) fn of(&self, goal: usize) -> &[f64] {
        &self.columns[self.column_of[goal]]
    }

    /// Sums and sums of squares of units with their values, in each variant.
    pub(super) fn sums(&self, values: impl Iterator<Item = (usize, f64)>) -> Vec<GoalSums> {
        let mut sums = vec![Sum::default(); self.variants.len()];
        for (unit, value) in values {
            let (variant, _) = self.pairs[self.pair_of[unit] as usize];
            sums[variant as usize].add(value);
        }
        sums.iter().map(Sum::finish).collect()
    }
}
