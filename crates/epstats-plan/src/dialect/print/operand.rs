//! Which parts of an expression stand in parentheses.

use super::Printer;
use crate::query::Expression;

/// How tightly an operator binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dialect) enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Atom,
}

impl Printer<'_> {
    /// An expression as part of a larger one, in parentheses where it binds no tighter than that.
    pub(in crate::dialect) fn operand(&self, of: &Expression, within: Binding) -> String {
        let own = binding(of);
        let associative = own == Binding::Sum && own == within;
        parenthesized(self.expression(of), own > within || associative)
    }

    /// The same where even an operator that binds as tightly needs parentheses, because order matters.
    pub(super) fn tighter_operand(&self, of: &Expression, within: Binding) -> String {
        parenthesized(self.expression(of), binding(of) > within)
    }

    /// A condition as part of a larger one.
    pub(super) fn condition_operand(&self, of: &Expression, within: Binding) -> String {
        let own = binding(of);
        let associative = matches!(own, Binding::Or | Binding::And) && own == within;
        parenthesized(self.condition(of), own > within || associative)
    }
}

fn parenthesized(text: String, stands_alone: bool) -> String {
    if stands_alone {
        text
    } else {
        format!("({text})")
    }
}

fn binding(of: &Expression) -> Binding {
    match of {
        Expression::Or(any) if !any.is_empty() => Binding::Or,
        Expression::And(all) if !all.is_empty() => Binding::And,
        Expression::Not(inner) => match inner.as_ref() {
            Expression::IsNull(_) | Expression::In(..) => Binding::Comparison,
            _ => Binding::Not,
        },
        Expression::NotFinite(_) | Expression::Undefined(_) => Binding::Not,
        Expression::Compare(..)
        | Expression::IsNull(_)
        | Expression::In(..)
        | Expression::Like(..) => Binding::Comparison,
        Expression::Add(..)
        | Expression::Subtract(..)
        | Expression::SecondsLater(..)
        | Expression::SecondsEarlier(..) => Binding::Sum,
        Expression::Multiply(..) | Expression::Divide(..) => Binding::Product,
        _ => Binding::Atom,
    }
}
