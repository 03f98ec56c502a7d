//! Aggregates per unit, each computed once however often it is asked for.

use crate::lower::Watch;
use crate::query::{Aggregate, Column, Expression};

/// The aggregates that are computed per unit besides its first moments.
#[derive(Default)]
pub(crate) struct Measures {
    columns: Vec<Column>,
}

impl Measures {
    /// The name of the column of an aggregate, which is added where it is new; it begins with `kind`.
    pub(crate) fn name(&mut self, kind: &str, aggregate: Expression) -> String {
        let known = self
            .columns
            .iter()
            .find(|column| column.expression == aggregate);
        if let Some(column) = known {
            return column.name.clone();
        }
        let name = format!("{kind}_{}", self.columns.len());
        self.columns.push(aggregate.named(name.clone()));
        name
    }

    /// Number of rows for which a condition holds.
    pub(crate) fn count(&mut self, kind: &str, condition: Expression) -> Expression {
        Expression::column(&self.name(kind, Aggregate::CountRows.over(condition)))
    }

    /// Name of the column with the number of rows that are watched.
    pub(crate) fn watch(&mut self, watch: Watch, condition: Expression) -> String {
        self.name(watch.name(), Aggregate::CountRows.over(condition))
    }

    /// Sum of numbers over the rows for which a condition holds; zero over none.
    pub(crate) fn sum(&mut self, kind: &str, of: Expression, condition: Expression) -> Expression {
        let sum = Aggregate::Sum(Box::new(of)).over(condition);
        Expression::column(&self.name(kind, sum.or_zero()))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The aggregates with their names.
    pub(crate) fn into_columns(self) -> Vec<Column> {
        self.columns
    }
}
