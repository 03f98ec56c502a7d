//! From the rows of an answer back to statistics.

mod exact;
mod groups;
mod marginal;
mod row;

use epstats_experiment::Statistics;

use crate::{Cell, Plan};
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

    /// How one of the plans that a statement answers reads the columns of all.
    pub(crate) fn of_member(&self, union: &Plan, member: &Plan) -> Reading {
        let form = match &self.form {
            Form::Exact(exact) => Form::Exact(Box::new(exact.of_member(union, member))),
            Form::Marginal(marginal) => Form::Marginal(marginal.of_member(union, member)),
        };
        Reading { form }
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
