//! Means that are NULL where one of the numbers is, for databases whose numbers cannot be NaN: a mean would leave such a number out, and
//! nobody would know.

use crate::query::{Aggregate, Expression, Query};

/// The query with such means in its answer.
pub(in crate::dialect) fn undefined_as_null(mut query: Query) -> Query {
    query.answer = query.answer.map(&mut |part| match part {
        Expression::Aggregate {
            function: Aggregate::Mean(of),
            filter: None,
        } => {
            let known = Aggregate::Count(of.clone()).over_all();
            let all_known = known.equals(Aggregate::CountRows.over_all());
            of.mean().only_if(all_known)
        }
        other => other,
    });
    query
}

/// Can a number that is computed have no value?
pub(in crate::dialect) fn divides(query: &Query) -> bool {
    let mut found = false;
    query.clone().map(&mut |part| {
        found |= matches!(part, Expression::Divide(..));
        part
    });
    found
}
