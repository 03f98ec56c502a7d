//! Joins by equality only, for databases that do not compare rows of two relations in other ways while they join them.
//!
//! Units keep all of their events that way, and what is asked of these events asks the rest, too.

use crate::query::{Aggregate, Comparison, Expression, Query, Select};

/// The query in which relations are joined by equality only.
pub(in crate::dialect) fn equi_joined(query: Query) -> Query {
    query.map_selects(by_equality)
}

fn by_equality(mut select: Select) -> Select {
    let Some(join) = &mut select.left_join else {
        return select;
    };
    let joined = join.relation.name.clone();
    let on = std::mem::take(&mut join.on);
    let (equal, rest): (Vec<_>, Vec<_>) = on
        .into_iter()
        .partition(|condition| matches!(condition, Expression::Compare(_, Comparison::Equal, _)));
    if rest.is_empty() {
        join.on = equal;
        return select;
    }
    let only_matches = select.conditions.iter().any(|condition| match condition {
        Expression::Not(inner) => {
            matches!(inner.as_ref(), Expression::IsNull(_)) && reads(inner, &joined)
        }
        _ => false,
    });
    if !select.group_by.is_empty() {
        join.on = equal;
        return select.map(&mut |part| match part {
            Expression::Aggregate { function, filter } => {
                asking(function, filter.map(|filter| *filter), &joined, &rest)
            }
            other => other,
        });
    }
    if only_matches {
        join.on = equal;
        return select.filtered(rest);
    }
    join.on = equal.into_iter().chain(rest).collect();
    select
}

/// The aggregate over rows for which the rest holds, too, where it reads rows of the joined relation at all.
fn asking(
    function: Aggregate,
    filter: Option<Expression>,
    joined: &str,
    rest: &[Expression],
) -> Expression {
    let whole = match &filter {
        Some(filter) => function.clone().over(filter.clone()),
        None => function.clone().over_all(),
    };
    if !reads(&whole, joined) {
        return whole;
    }
    let conditions = filter.into_iter().chain(rest.iter().cloned());
    function.over(Expression::all(conditions.collect()))
}

fn reads(expression: &Expression, relation: &str) -> bool {
    let mut found = false;
    expression.visit(&mut |part| {
        if let Expression::Column {
            relation: Some(name),
            ..
        } = part
        {
            found |= name == relation;
        }
    });
    found
}
