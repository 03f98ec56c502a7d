//! The totals of every unit.

use epstats_experiment::formula::Goal;
use epstats_experiment::{GoalSums, MarginalSums, Observations, Statistics, Sums};

use super::sums::Sum;
use super::units::Units;

/// Totals of each unit: for each goal of the plan, and for each goal that could stand in for an exposure.
pub(crate) struct UnitTotals {
    pub(crate) goals: Vec<Goal>,
    /// Names of the variants, sorted.
    pub(crate) variants: Vec<String>,
    pub(crate) unit_types: Vec<String>,
    pub(crate) units: Units,
    /// One row per unit, one column per goal.
    pub(crate) totals: Vec<f64>,
    pub(crate) null_values: u64,
    /// Goals without any row.
    pub(crate) never_seen: Vec<usize>,
}

impl UnitTotals {
    /// The totals of a unit, in the order of the goals.
    pub(crate) fn of(&self, unit: usize) -> &[f64] {
        let n_goals = self.goals.len();
        &self.totals[unit * n_goals..(unit + 1) * n_goals]
    }

    /// Takes the totals of shadows for goals that the frame does not have.
    pub(crate) fn fill_in(&mut self, shadows: &[(usize, usize)], seen: &mut [bool]) {
        let n_goals = self.goals.len();
        for &(place, shadow) in shadows {
            if !seen[place] && seen[shadow] {
                seen[place] = true;
                for row in self.totals.chunks_exact_mut(n_goals) {
                    row[place] = row[shadow];
                }
            }
        }
    }

    /// Sums and sums of squares over units.
    pub(crate) fn statistics(&self) -> Statistics {
        let n_goals = self.goals.len();
        let mut sums = vec![vec![Sum::default(); n_goals]; self.variants.len()];
        for unit in 0..self.units.len() {
            let of_variant = &mut sums[self.units.variants[unit] as usize];
            for (sum, &total) in of_variant.iter_mut().zip(self.of(unit)) {
                sum.add(total);
            }
        }
        let finished = sums.iter().map(|goals| MarginalSums {
            goals: goals.iter().map(Sum::finish).collect::<Vec<GoalSums>>(),
        });
        let sums = Sums::Marginal {
            variants: self.variants.iter().cloned().zip(finished).collect(),
        };
        Statistics {
            observations: Observations {
                null_values: self.null_values,
                goals_never_seen: self.never_seen.clone(),
                ..Observations::default()
            },
            ..Statistics::new(self.goals.clone(), sums)
        }
    }
}
