//! From the rows of an answer back to statistics.

mod row;

use std::collections::BTreeMap;

use epstats_experiment::formula::Goal;
use epstats_experiment::{GoalMoments, GoalSums, MarginalSums, Observations, Statistics, Sums};

use crate::Cell;
pub use row::DecodeError;
pub(crate) use row::Row;

/// How the rows of one lowered plan are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    goals: Vec<Goal>,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Exact(Exact),
    Marginal(Marginal),
}

/// Reading of exact layouts: one row per variant, or per variant and consistency.
///
/// Columns: variant, inconsistency, number of units, NULL values if asked, means, co-moments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exact {
    /// Names by position; rows hold positions.
    pub(crate) variants: Vec<String>,
    /// Rows of inconsistent units are apart and only counted; otherwise they are in, and a column counts them.
    pub(crate) left_out: bool,
    /// Is there a column that counts NULL values?
    pub(crate) null_values: bool,
    /// Number of columns of means.
    pub(crate) n_totals: usize,
    /// Number of columns of co-moments.
    pub(crate) n_comoments: usize,
    /// What each goal is.
    pub(crate) entries: Vec<Entry>,
    /// The pairs of the plan.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Column of each pair; `None` where one of the two is constant.
    pub(crate) comoments: Vec<Option<usize>>,
}

/// What a goal is for every unit: a number, or one of the totals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entry {
    /// The same for every unit.
    Constant(f64),
    /// A total, by position.
    Total(usize),
}

/// Reading of marginal layouts: one row per variant. Columns: variant, sums, NULL values if asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marginal {
    /// Number of columns of sums.
    pub(crate) n_columns: usize,
    /// Is there a column that counts rows with NULL values?
    pub(crate) null_values: bool,
    /// Columns of the sum and the sum of squares of each goal; `None` where the data have no such goal.
    pub(crate) goals: Vec<Option<(usize, usize)>>,
    /// Goals whose sum stands for their sum of squares.
    pub(crate) squares_assumed: Vec<usize>,
}

impl Reading {
    pub(crate) fn exact(goals: Vec<Goal>, exact: Exact) -> Reading {
        Reading {
            goals,
            form: Form::Exact(exact),
        }
    }

    pub(crate) fn marginal(goals: Vec<Goal>, marginal: Marginal) -> Reading {
        Reading {
            goals,
            form: Form::Marginal(marginal),
        }
    }

    /// The statistics that the rows of the answer, in any order, tell.
    ///
    /// Which goals the data never had is another question; `goals_never_seen` is empty.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Statistics, DecodeError> {
        let (sums, observations) = match &self.form {
            Form::Exact(exact) => exact.decode(rows)?,
            Form::Marginal(marginal) => marginal.decode(rows)?,
        };
        Ok(Statistics {
            observations,
            ..Statistics::new(self.goals.clone(), sums)
        })
    }
}

impl Exact {
    fn decode(&self, rows: &[Vec<Cell>]) -> Result<(Sums, Observations), DecodeError> {
        let mut variants = BTreeMap::new();
        let mut inconsistent_units = BTreeMap::new();
        let mut null_values = 0;
        let first_mean = 3 + usize::from(self.null_values);
        let width = first_mean + self.n_totals + self.n_comoments;
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, width)?;
            let variant = self.variant(&row)?;
            let n_units = row.count(2)?;
            let (inconsistent, counted) = match (self.left_out, row.count(1)?) {
                (false, inconsistent) => (inconsistent, true),
                (true, 0) => (0, true),
                (true, _) => (n_units, false),
            };
            if inconsistent > 0 {
                *inconsistent_units.entry(variant.clone()).or_insert(0) += inconsistent;
            }
            if counted {
                if self.null_values {
                    null_values += row.count(3)?;
                }
                let moments = self.moments(&row, n_units, first_mean)?;
                if variants.insert(variant.clone(), moments).is_some() {
                    return Err(DecodeError::Twice {
                        row: index,
                        variant,
                    });
                }
            }
        }
        let sums = Sums::Exact {
            pairs: self.pairs.clone(),
            variants,
        };
        let observations = Observations {
            inconsistent_units: Some(inconsistent_units),
            inconsistent_units_left_out: self.left_out,
            null_values,
            ..Observations::default()
        };
        Ok((sums, observations))
    }

    fn variant(&self, row: &Row<'_>) -> Result<String, DecodeError> {
        let code = usize::try_from(row.count(0)?).unwrap_or(usize::MAX);
        let name = self.variants.get(code).cloned();
        name.ok_or_else(|| row.unexpected(0, "the position of a variant"))
    }

    fn moments(
        &self,
        row: &Row<'_>,
        n_units: u64,
        first_mean: usize,
    ) -> Result<GoalMoments, DecodeError> {
        let means = self.entries.iter().map(|entry| match entry {
            Entry::Constant(value) => Ok(*value),
            Entry::Total(index) => row.number(first_mean + index),
        });
        let comoments = self.comoments.iter().map(|column| match column {
            None => Ok(0.0),
            Some(index) => row.number(first_mean + self.n_totals + index),
        });
        Ok(GoalMoments {
            n_units,
            means: means.collect::<Result<_, _>>()?,
            comoments: comoments.collect::<Result<_, _>>()?,
            ..GoalMoments::default()
        })
    }
}

impl Marginal {
    fn decode(&self, rows: &[Vec<Cell>]) -> Result<(Sums, Observations), DecodeError> {
        let mut variants = BTreeMap::new();
        let mut null_values = 0;
        let width = 1 + self.n_columns + usize::from(self.null_values);
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, width)?;
            let variant = row.text(0)?;
            if self.null_values {
                null_values += row.count(1 + self.n_columns)?;
            }
            let goals = self.goals.iter().map(|columns| match columns {
                None => Ok(GoalSums::default()),
                Some((sum, squares)) => Ok(GoalSums {
                    sum: row.number(1 + sum)?,
                    sum_of_squares: row.number(1 + squares)?,
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
        let observations = Observations {
            null_values,
            squares_assumed: self.squares_assumed.clone(),
            ..Observations::default()
        };
        Ok((Sums::Marginal { variants }, observations))
    }
}
