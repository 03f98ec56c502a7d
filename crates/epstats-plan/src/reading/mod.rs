//! From the rows of an answer back to statistics.

mod exact;
mod groups;
mod marginal;
mod row;

use epstats_experiment::Statistics;

use crate::Cell;
pub(crate) use exact::{Entry, Exact};
pub(crate) use marginal::Marginal;
pub use row::DecodeError;
pub(crate) use row::Row;

/// How the rows of one lowered plan are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Exact(Box<Exact>),
    Marginal(Marginal),
}

impl Reading {
    pub(crate) fn exact(exact: Exact) -> Reading {
        Reading {
            form: Form::Exact(Box::new(exact)),
        }
    }

    pub(crate) fn marginal(marginal: Marginal) -> Reading {
        Reading {
            form: Form::Marginal(marginal),
        }
    }

    /// The statistics that the rows of the answer, in any order, tell.
    ///
    /// Which goals the data never had is another question; `goals_never_seen` is empty. So are quantiles of events.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Statistics, DecodeError> {
        match &self.form {
            Form::Exact(exact) => exact.decode(rows),
            Form::Marginal(marginal) => marginal.decode(rows),
        }
    }
}
