//! The text in the first row as the smallest text among the rows at the first moment, which is the same, where a database has no aggregate
//! with an order.

use super::{columns_read, free_name, moved};
use crate::query::{Aggregate, Expression, Query, Relation, Select, Step};

/// The query without ordered aggregates. These are of texts by a moment, which is never NULL, and the text itself.
pub(in crate::dialect) fn first_by_smallest(query: Query) -> Query {
    let mut steps = Vec::new();
    let taken = query.clone();
    for step in query.steps {
        let Some(select) = rewritten(&step.select, &taken, &mut steps) else {
            steps.push(step);
            continue;
        };
        steps.push(Step { select, ..step });
    }
    Query {
        steps,
        answer: query.answer,
    }
}

/// The `SELECT` over a new step, where it has such an aggregate.
fn rewritten(select: &Select, query: &Query, steps: &mut Vec<Step>) -> Option<Select> {
    let firsts: Vec<(&[Expression], Option<&Expression>)> = select
        .columns
        .iter()
        .filter_map(|column| match &column.expression {
            Expression::Aggregate {
                function: Aggregate::First { by, .. },
                filter,
            } => Some((moments(by), filter.as_deref())),
            _ => None,
        })
        .collect();
    let (moment, filter) = *firsts.first()?;
    let Some(moment) = moment.first() else {
        // All rows are of one moment: the smallest text of all, and nothing to find before.
        return Some(select.clone().map(&mut |part| smallest(part, None)));
    };
    let name = free_name(query, "dated");
    let read = select.columns.iter().map(|column| &column.expression);
    let mut columns = columns_read(read.chain(&select.group_by));
    let mut first_moment = "first_moment".to_owned();
    while columns
        .iter()
        .any(|column| column.name.eq_ignore_ascii_case(&first_moment))
    {
        first_moment.push('_');
    }
    let seen = match filter {
        Some(filter) => moment.clone().only_if(filter.clone()),
        None => moment.clone(),
    };
    let first = Aggregate::Min(Box::new(seen)).over_part(&select.group_by);
    columns.push(first.named(first_moment.clone()));
    steps.push(Step {
        name: name.clone(),
        note: "the rows, each with the first moment of its unit",
        select: Select {
            columns,
            from: select.from.clone(),
            left_join: select.left_join.clone(),
            conditions: select.conditions.clone(),
            group_by: Vec::new(),
        },
    });
    let at_first = moment.clone().equals(Expression::column(&first_moment));
    let select = Select {
        columns: select.columns.clone(),
        from: Relation { name: name.clone() },
        left_join: None,
        conditions: Vec::new(),
        group_by: select.group_by.clone(),
    };
    let select = select.map(&mut |part| smallest(part, Some(&at_first)));
    Some(select.map(&mut |part| moved(part, Some(&name))))
}

/// The moments that rows are ordered by, besides the text itself.
fn moments(by: &[Expression]) -> &[Expression] {
    by.split_last().map_or(by, |(_, moments)| moments)
}

fn smallest(part: Expression, at_first: Option<&Expression>) -> Expression {
    match part {
        Expression::Aggregate {
            function: Aggregate::First { of, .. },
            filter,
        } => {
            let conditions = filter
                .map(|filter| *filter)
                .into_iter()
                .chain(at_first.cloned());
            Aggregate::Min(of).over(Expression::all(conditions.collect()))
        }
        other => other,
    }
}
