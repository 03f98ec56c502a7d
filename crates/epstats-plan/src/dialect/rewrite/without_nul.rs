//! Comparisons with texts that hold the character NUL, for databases whose texts cannot: such a text equals none of theirs, and stands in their
//! order right after the part before the NUL.

use crate::query::{Comparison, Expression, PatternPart, Query};

/// The query without such texts.
pub(in crate::dialect) fn without_nul(query: Query) -> Query {
    query.map(&mut |part| match part {
        Expression::Compare(left, comparison, right) => match *right {
            Expression::Text(text) if text.contains('\0') => compared(*left, comparison, &text),
            right => Expression::Compare(left, comparison, Box::new(right)),
        },
        Expression::In(left, values) => {
            let (possible, impossible): (Vec<_>, Vec<_>) =
                values.into_iter().partition(|value| !has_nul(value));
            match (possible.is_empty(), impossible.is_empty()) {
                (true, _) => never(*left),
                (false, _) => left.is_one_of(possible),
            }
        }
        Expression::Like(left, pattern) if pattern.iter().any(part_has_nul) => never(*left),
        other => other,
    })
}

fn compared(left: Expression, comparison: Comparison, text: &str) -> Expression {
    let before = text.split('\0').next().unwrap_or_default();
    let comparison = match comparison {
        Comparison::Equal => return never(left),
        Comparison::Less | Comparison::LessOrEqual => Comparison::LessOrEqual,
        Comparison::Greater | Comparison::GreaterOrEqual => Comparison::Greater,
    };
    left.compared(comparison, Expression::text(before))
}

/// False, and NULL for NULL.
fn never(of: Expression) -> Expression {
    Expression::all(vec![of.is_null(), Expression::Null])
}

fn has_nul(value: &Expression) -> bool {
    matches!(value, Expression::Text(text) if text.contains('\0'))
}

fn part_has_nul(part: &PatternPart) -> bool {
    matches!(part, PatternPart::Literal(literal) if literal.contains('\0'))
}
