//! The numbers of a unit: what each quantity of a plan is, every number computed once.

use crate::lower::unit_values::{Bounds, Total};
use crate::query::Expression;
use crate::reading::Entry;

/// The distinct numbers of a unit that quantities read.
#[derive(Default)]
pub(crate) struct Totals {
    /// Numbers as they are.
    pub(crate) expressions: Vec<Expression>,
    /// Numbers kept between caps.
    pub(crate) capped: Vec<CappedTotal>,
    /// The numbers that moments are taken of.
    pub(crate) measured: Vec<Measured>,
    /// What each quantity is, as a position among the measured numbers.
    pub(crate) entries: Vec<Entry>,
    /// For each unit value the position among the capped numbers, where it has caps.
    pub(crate) caps: Vec<Option<usize>>,
    /// For each unit value its number as it is, where it is computed.
    pub(crate) unit_values: Vec<Option<usize>>,
}

/// A number kept between caps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CappedTotal {
    /// Position of the number itself.
    pub(crate) total: usize,
    pub(crate) bounds: Bounds,
}

/// A number that moments are taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measured {
    /// As it is, by position.
    Total(usize),
    /// Kept between caps, by position.
    Capped(usize),
}

impl Totals {
    /// The next goal.
    pub(crate) fn push(&mut self, total: Total) {
        let entry = match total {
            Total::Constant(number) => Entry::Constant(number),
            Total::Computed(expression) => {
                let total = self.total(expression);
                self.measured(Measured::Total(total))
            }
        };
        self.entries.push(entry);
    }

    /// The next unit value, with its caps.
    pub(crate) fn push_value(&mut self, total: Total, bounds: Option<Bounds>) {
        let Some(bounds) = bounds else {
            let computed = match &total {
                Total::Constant(_) => None,
                Total::Computed(expression) => Some(self.total(expression.clone())),
            };
            self.push(total);
            self.caps.push(None);
            self.unit_values.push(computed);
            return;
        };
        let total = self.total(total.into_expression());
        let capped = position_or_push(&mut self.capped, CappedTotal { total, bounds });
        let entry = self.measured(Measured::Capped(capped));
        self.entries.push(entry);
        self.caps.push(Some(capped));
        self.unit_values.push(Some(total));
    }

    fn total(&mut self, expression: Expression) -> usize {
        position_or_push(&mut self.expressions, expression)
    }

    fn measured(&mut self, measured: Measured) -> Entry {
        Entry::Measured(position_or_push(&mut self.measured, measured))
    }
}

impl Measured {
    /// The column of the last step that holds it.
    pub(crate) fn column(self) -> Expression {
        Expression::column(&match self {
            Measured::Total(index) => total_name(index),
            Measured::Capped(index) => capped_name(index),
        })
    }

    /// What its aggregates are called by.
    pub(crate) fn label(self) -> String {
        match self {
            Measured::Total(index) => index.to_string(),
            Measured::Capped(index) => format!("capped_{index}"),
        }
    }
}

/// Name of the column of a number as it is.
pub(crate) fn total_name(index: usize) -> String {
    format!("total_{index}")
}

/// Name of the column of a number kept between caps.
pub(crate) fn capped_name(index: usize) -> String {
    format!("capped_{index}")
}

fn position_or_push<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    let known = all.iter().position(|other| *other == one);
    known.unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}
