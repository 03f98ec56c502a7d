//! Queries in terms of less, for databases that lack something.

mod centred;
mod equi_joined;
mod first;
mod qualified;
mod undefined;
mod without_nul;

#[cfg(test)]
mod tests;

pub(super) use centred::centred;
pub(super) use equi_joined::equi_joined;
pub(super) use first::first_by_smallest;
pub(super) use qualified::{qualified, qualified_only};
pub(super) use undefined::{divides, undefined_as_null};
pub(super) use without_nul::without_nul;

use crate::ColumnType;
use crate::query::{Column, Expression, Query};

/// A name for a new step.
fn free_name(query: &Query, wished: &str) -> String {
    let taken = query.relations();
    let mut name = wished.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// The columns of the relation below that expressions read, each once under its own name.
fn columns_read<'e>(of: impl IntoIterator<Item = &'e Expression>) -> Vec<Column> {
    let mut read: Vec<Column> = Vec::new();
    for expression in of {
        expression.visit(&mut |part| {
            if let Expression::Column { name, .. } = part
                && !read.iter().any(|known| known.name == *name)
            {
                read.push(part.clone().named(name));
            }
        });
    }
    read
}

/// The same column in another relation, which is named where it must be, or an expression that is none as it is. A text is one that is
/// compared byte by byte already.
fn moved(part: Expression, to: Option<&str>) -> Expression {
    match part {
        Expression::Column { name, of, .. } => Expression::Column {
            relation: to.map(str::to_owned),
            name,
            of: of.filter(|kind| *kind != ColumnType::Text),
        },
        other => other,
    }
}
