//! A case of the contract: data, a question, an answer.

use std::collections::BTreeMap;

use epstats_experiment::{Experiment, Statistics};
use epstats_plan::{InconsistentUnits, Layout, Plan, for_experiment};

use crate::FailureKind;
use crate::memory::{Cell, Table};

/// Data and a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// A sentence about behaviour, or the seed of a random case.
    pub name: String,
    /// What the tables mean.
    pub layout: Layout,
    /// The tables, by the names that the layout uses.
    pub tables: BTreeMap<String, Table>,
    /// What is asked.
    pub experiment: Experiment,
    /// What the plan says about units seen in several variants; the layout may override it.
    pub inconsistent_units: InconsistentUnits,
}

impl Case {
    /// The plan that a source is asked.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            inconsistent_units: self.inconsistent_units,
            ..for_experiment(&self.experiment)
        }
    }

    /// Do files of CSV or JSON lines hold the same as its tables? They have no types, so empty texts and numbers that are not finite are read as
    /// something else, and so are texts that look like moments, and columns of nothing at all.
    #[must_use]
    pub fn fits_in_text(&self) -> bool {
        let fits = |cell: &Cell| match cell {
            Cell::Text(text) => !text.is_empty(),
            Cell::Number(number) => number.is_finite(),
            Cell::Null => false,
            _ => true,
        };
        let mut tables = self.tables.values();
        matches!(self.layout, Layout::Events { .. })
            && tables.all(|table| !table.rows.is_empty() && table.rows.iter().flatten().all(fits))
    }
}

/// A case whose answer was written by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct HandCase {
    /// Data and a question.
    pub case: Case,
    /// The answer.
    pub expected: Expected,
}

/// The answer to a hand-written case.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// The source answers.
    Statistics(Box<Statistics>),
    /// The source refuses.
    Failure {
        /// The kind of refusal.
        kind: FailureKind,
        /// Words that its message must contain.
        mentions: Vec<String>,
    },
}
