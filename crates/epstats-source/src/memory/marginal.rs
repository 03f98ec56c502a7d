//! What the marginal layouts share: adding up sums and squares by variant.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::{GoalSums, MarginalSums, Observations, Statistics, Sums};
use epstats_plan::Plan;

use super::reader::Reader;
use super::table::Cell;
use crate::{FailureKind, SourceError};

/// Sums by variant under way, and the rows whose amounts were NULL or not finite.
pub(super) struct Adding<'t> {
    reader: Reader<'t>,
    n_goals: usize,
    variants: BTreeMap<&'t str, Vec<GoalSums>>,
    null_rows: u64,
    /// Number of rows with a bad amount, by column.
    bad_rows: BTreeMap<usize, u64>,
}

/// Refuses what only data by unit tell. Shapes may be left out.
pub(super) fn refuse_what_needs_units(plan: &Plan, source: &str) -> Result<(), SourceError> {
    let Plan {
        unit_values,
        strata,
        quantiles,
        ..
    } = plan;
    if unit_values.is_empty() && strata.is_empty() && quantiles.is_empty() {
        return Ok(());
    }
    Err(SourceError {
        kind: FailureKind::NotAnswerable,
        source_name: source.to_owned(),
        message: "caps, covariates, strata and quantiles need data by unit, and the tables have sums of all units"
            .to_owned(),
        help: Some("use a source whose layout keeps units apart".to_owned()),
        cause: None,
    })
}

/// Columns with the sum and the sum of squares of a goal.
#[derive(Debug, Clone, Copy)]
pub(super) struct SumColumns {
    pub(super) sum: usize,
    pub(super) squares: usize,
}

impl<'t> Adding<'t> {
    pub(super) fn new(plan: &Plan, reader: Reader<'t>) -> Self {
        Adding {
            reader,
            n_goals: plan.goals.len(),
            variants: BTreeMap::new(),
            null_rows: 0,
            bad_rows: BTreeMap::new(),
        }
    }

    /// Adds one row, which counts for the goals at the given indices.
    pub(super) fn add(&mut self, variant: &'t str, row: &[Cell], goals: &[(usize, SumColumns)]) {
        let sums = self
            .variants
            .entry(variant)
            .or_insert_with(|| vec![GoalSums::default(); self.n_goals]);
        for (goal, columns) in goals {
            sums[*goal].sum += row[columns.sum].as_number().unwrap_or(0.0);
            sums[*goal].sum_of_squares += row[columns.squares].as_number().unwrap_or(0.0);
        }

        let read = goals
            .iter()
            .flat_map(|(_, columns)| [columns.sum, columns.squares]);
        let is_odd = |column: usize| row[column].as_number().is_none_or(|n| !n.is_finite());
        if read.clone().any(is_odd) {
            self.add_odd(row, &read.collect());
        }
    }

    /// Counts a row with NULL, or with values that are not finite, in the columns that were read.
    fn add_odd(&mut self, row: &[Cell], read: &BTreeSet<usize>) {
        self.null_rows += u64::from(read.iter().any(|column| row[*column] == Cell::Null));
        for column in read {
            if row[*column].as_number().is_some_and(|n| !n.is_finite()) {
                *self.bad_rows.entry(*column).or_default() += 1;
            }
        }
    }

    pub(super) fn finish(
        self,
        plan: &Plan,
        goals_never_seen: Vec<usize>,
        squares_assumed: Vec<usize>,
    ) -> Result<Statistics, SourceError> {
        if let Some((column, n_rows)) = self.bad_rows.iter().next() {
            return Err(self.reader.not_finite(*column, *n_rows));
        }
        let variants = self.variants.into_iter();
        Ok(Statistics {
            observations: Observations {
                inconsistent_units: None,
                inconsistent_units_left_out: false,
                null_values: self.null_rows,
                goals_never_seen,
                squares_assumed,
            },
            ..Statistics::new(
                plan.goals.clone(),
                Sums::Marginal {
                    variants: variants
                        .map(|(variant, goals)| (variant.to_owned(), MarginalSums { goals }))
                        .collect(),
                },
            )
        })
    }
}
