//! Variances and covariances as means of products of differences from means, where a database has no such aggregates or no stable ones.
//!
//! The differences are taken in a step before, from the mean over the same group as a window: two passes, never sums of raw squares.

use super::{columns_read, free_name, moved};
use crate::query::{Aggregate, Expression, Query, Relation, Select, Step};

/// The query without these aggregates. Only its answer has any.
pub(in crate::dialect) fn centred(mut query: Query) -> Query {
    let mut numbers: Vec<Expression> = Vec::new();
    for column in &query.answer.columns {
        column.expression.visit(&mut |part| {
            let Expression::Aggregate { function, .. } = part else {
                return;
            };
            for number in products(function).into_iter().flatten() {
                if !numbers.contains(number) {
                    numbers.push(number.clone());
                }
            }
        });
    }
    if numbers.is_empty() {
        return query;
    }
    let name = free_name(&query, "centred");
    let answer = std::mem::take(&mut query.answer);
    let read = answer.columns.iter().map(|column| &column.expression);
    let mut columns = columns_read(read.chain(&answer.group_by));
    for (index, number) in numbers.iter().enumerate() {
        let mean = Aggregate::Mean(Box::new(number.clone())).over_part(&answer.group_by);
        columns.push(number.clone().minus(mean).named(centred_name(index)));
    }
    let step = Select {
        columns,
        from: answer.from.clone(),
        left_join: answer.left_join.clone(),
        conditions: answer.conditions.clone(),
        group_by: Vec::new(),
    };
    let centre = |number: &Expression| {
        let index = numbers.iter().position(|known| known == number);
        Expression::column(&centred_name(index.unwrap_or_default()))
    };
    let mut replace = |part: Expression| match &part {
        Expression::Aggregate {
            function,
            filter: None,
        } => match products(function) {
            Some([x, y]) => centre(x).times(centre(y)).mean(),
            None => part,
        },
        _ => part,
    };
    let answer = Select {
        from: Relation { name: name.clone() },
        left_join: None,
        conditions: Vec::new(),
        ..answer
    };
    query.answer = answer.map(&mut replace).map(&mut |part| moved(part, None));
    query.steps.push(Step {
        name,
        note: "beside each unit how far its numbers are from their means",
        select: step,
    });
    query
}

/// The two numbers whose product is averaged.
fn products(function: &Aggregate) -> Option<[&Expression; 2]> {
    match function {
        Aggregate::Variance(x) => Some([x, x]),
        Aggregate::Covariance(x, y) => Some([x, y]),
        _ => None,
    }
}

fn centred_name(index: usize) -> String {
    format!("centred_{index}")
}
