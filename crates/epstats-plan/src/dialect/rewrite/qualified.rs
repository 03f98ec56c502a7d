//! Every column with its relation before it, and every column of a joined relation of a type that may be NULL.

use std::collections::BTreeSet;

use crate::query::{Expression, Query};

/// The query with qualified columns, of which those of a relation that is joined to another may be NULL.
pub(in crate::dialect) fn qualified(query: Query) -> Query {
    let selects = query.steps.iter().map(|step| &step.select);
    let joined: BTreeSet<String> = selects
        .chain([&query.answer])
        .filter_map(|select| Some(select.left_join.as_ref()?.relation.name.clone()))
        .collect();
    let mut query = qualified_only(query);
    for step in &mut query.steps {
        if joined.contains(&step.name) {
            for column in &mut step.select.columns {
                let expression = std::mem::replace(&mut column.expression, Expression::Null);
                column.expression = Expression::Nullable(Box::new(expression));
            }
        }
    }
    query
}

/// The query with qualified columns.
pub(in crate::dialect) fn qualified_only(query: Query) -> Query {
    query.map_selects(|select| {
        let from = select.from.name.clone();
        select.map(&mut |part| match part {
            Expression::Column {
                relation: None,
                name,
                of,
            } => Expression::Column {
                relation: Some(from.clone()),
                name,
                of,
            },
            other => other,
        })
    })
}
