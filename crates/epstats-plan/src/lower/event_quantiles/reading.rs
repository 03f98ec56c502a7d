//! From the rows of the answer back to quantiles.

use std::collections::BTreeMap;

use epstats_experiment::formula::Goal;
use epstats_experiment::{ClusteredEvents, EventQuantile, Finite, Statistics, Sums};

use crate::Cell;
use crate::lower::bad_values::in_rows;
use crate::reading::{DecodeError, Row};

/// How the rows about quantiles of the events of one goal are read: one row per variant that has events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventQuantilesReading {
    pub(super) goal: Goal,
    pub(super) levels: Vec<Finite>,
    /// Names by position; rows hold positions.
    pub(super) variants: Vec<String>,
    /// Table and column of the values.
    pub(super) column: (String, String),
}

/// Rows about quantiles do not add up to an answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantileError {
    /// They are not those that the query asks for.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Some values are NaN or infinite.
    #[error("NaN or infinite values are in {0}")]
    BadValues(String),
}

impl EventQuantilesReading {
    /// Adds what the rows of the answer, in any order, tell to statistics that have the units already.
    ///
    /// # Errors
    ///
    /// [`QuantileError`] when the rows are not those that the query asks for, or when values are NaN or infinite.
    pub fn add(&self, rows: &[Vec<Cell>], to: &mut Statistics) -> Result<(), QuantileError> {
        const PER_LEVEL: usize = 4;
        let width = 4 + PER_LEVEL * self.levels.len();
        let n_units = |variant: &String| match &to.sums {
            Sums::Exact { variants, .. } => variants.get(variant).map_or(0, |of| of.n_units),
            Sums::Marginal { .. } => 0,
        };
        let mut quantiles: Vec<EventQuantile> = self
            .levels
            .iter()
            .map(|level| EventQuantile {
                goal: self.goal.clone(),
                level: *level,
                variants: BTreeMap::new(),
            })
            .collect();
        let (mut null_values, mut bad_values) = (0, 0);
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, width)?;
            let code = usize::try_from(row.count(0)?).unwrap_or(usize::MAX);
            let Some(variant) = self.variants.get(code) else {
                return Err(row.unexpected(0, "the position of a variant").into());
            };
            let n_events = row.count(1)?;
            null_values += row.count(2)?;
            bad_values += row.count(3)?;
            if n_events == 0 {
                continue;
            }
            for (level, quantile) in quantiles.iter_mut().enumerate() {
                let at = 4 + PER_LEVEL * level;
                let events = ClusteredEvents {
                    n_units: n_units(variant),
                    n_events,
                    value: row.number(at)?,
                    lower: row.number_or_null(at + 1)?,
                    upper: row.number_or_null(at + 2)?,
                    squares: row.number(at + 3)?,
                };
                if quantile.variants.insert(variant.clone(), events).is_some() {
                    return Err(DecodeError::Twice {
                        row: index,
                        variant: variant.clone(),
                    }
                    .into());
                }
            }
        }
        if bad_values > 0 {
            let (table, column) = &self.column;
            let place = in_rows(table, column, bad_values.to_string());
            return Err(QuantileError::BadValues(place));
        }
        to.observations.null_values += null_values;
        to.quantiles.extend(quantiles);
        Ok(())
    }
}
