//! Aggregates per unit, each computed once however often it is asked for.

use crate::query::{Aggregate, Column, Expression};

/// The aggregates that are computed per unit besides its first moments.
#[derive(Default)]
pub(crate) struct Measures {
    columns: Vec<Column>,
}

impl Measures {
    /// The column of an aggregate, which is added where it is new; its name begins with `kind`.
    pub(crate) fn column(&mut self, kind: &str, aggregate: Expression) -> Expression {
        let known = self
            .columns
            .iter()
            .find(|column| column.expression == aggregate);
        let name = match known {
            Some(column) => column.name.clone(),
            None => {
                let name = format!("{kind}_{}", self.columns.len());
                self.columns.push(aggregate.named(name.clone()));
                name
            }
        };
        Expression::column(&name)
    }

    /// Number of rows for which a condition holds.
    pub(crate) fn count(&mut self, kind: &str, condition: Expression) -> Expression {
        self.column(kind, Aggregate::CountRows.over(condition))
    }

    /// Sum of numbers over the rows for which a condition holds; zero over none.
    pub(crate) fn sum(&mut self, kind: &str, of: Expression, condition: Expression) -> Expression {
        let sum = Aggregate::Sum(Box::new(of)).over(condition);
        self.column(kind, sum.or_zero())
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
