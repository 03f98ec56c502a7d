//! Reading of marginal layouts.

use std::collections::BTreeMap;

use epstats_experiment::formula::Goal;
use epstats_experiment::{GoalSums, MarginalSums, Observations, Statistics, Sums};

use super::{DecodeError, Row};
use crate::lower::places;
use crate::{Cell, Plan};

/// Reading of marginal layouts: one row per variant. Columns: variant, sums, NULL values if asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marginal {
    /// The goals of the plan.
    pub(crate) goals: Vec<Goal>,
    /// Number of columns of sums.
    pub(crate) n_columns: usize,
    /// Is there a column that counts rows with NULL values?
    pub(crate) null_values: bool,
    /// Columns of the sum and the sum of squares of each goal; `None` where the data have no such goal.
    pub(crate) sums: Vec<Option<(usize, usize)>>,
    /// Goals whose sum stands for their sum of squares.
    pub(crate) squares_assumed: Vec<usize>,
}

impl Marginal {
    /// The reading of one of the plans that this one is the union of.
    pub(super) fn of_member(&self, union: &Plan, member: &Plan) -> Marginal {
        let places = places(union, member);
        let assumed = places.iter().enumerate();
        Marginal {
            goals: member.goals.clone(),
            sums: places.iter().map(|&place| self.sums[place]).collect(),
            squares_assumed: assumed
                .filter(|(_, place)| self.squares_assumed.contains(place))
                .map(|(index, _)| index)
                .collect(),
            ..self.clone()
        }
    }

    pub(super) fn decode(&self, rows: &[Vec<Cell>]) -> Result<Statistics, DecodeError> {
        let mut variants = BTreeMap::new();
        let mut null_values = 0;
        let width = 1 + self.n_columns + usize::from(self.null_values);
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, width)?;
            let variant = row.text(0)?;
            if self.null_values {
                null_values += row.count(1 + self.n_columns)?;
            }
            let goals = self.sums.iter().map(|columns| match columns {
                None => Ok(GoalSums::default()),
                Some((sum, squares)) => Ok(GoalSums {
                    sum: row.number_or_nan(1 + sum)?,
                    sum_of_squares: row.number_or_nan(1 + squares)?,
                }),
            });
            let sums = MarginalSums {
                goals: goals.collect::<Result<_, _>>()?,
            };
            if variants.insert(variant.clone(), sums).is_some() {
                return Err(DecodeError::Twice {
                    row: index,
                    variant,
                });
            }
        }
        Ok(Statistics {
            observations: Observations {
                null_values,
                squares_assumed: self.squares_assumed.clone(),
                ..Observations::default()
            },
            ..Statistics::new(self.goals.clone(), Sums::Marginal { variants })
        })
    }
}
