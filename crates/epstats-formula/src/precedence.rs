//! Which operator binds tighter, and where that surprises.
//!
//! ep-stats gives each operator a level of its own, tightest first `*`, `/`, `-`, `+`, `~`, each left-associative.
//! School arithmetic knows two levels, `* /` and `+ -`. Where the two readings of a text differ in value, the
//! writer is warned.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::field::Residue;
use crate::formula::Operator;
use crate::suggest::shorten;

/// How tightly an operator binds in this language; more is tighter.
pub(crate) fn level(operator: Operator) -> u8 {
    match operator {
        Operator::Multiply => 5,
        Operator::Divide => 4,
        Operator::Subtract => 3,
        Operator::Add => 2,
        Operator::SubtractAddingSquares => 1,
    }
}

/// Joins operands by the operators between them, by levels and from left to right within a level.
///
/// There is one operand more than operators; without any operand there is nothing to join.
pub(crate) fn join<T>(
    operands: impl IntoIterator<Item = T>,
    operators: &[Operator],
    level: fn(Operator) -> u8,
    mut combine: impl FnMut(Operator, T, T) -> T,
) -> Option<T> {
    let mut joined: Vec<T> = Vec::new();
    let mut waiting: Vec<Operator> = Vec::new();
    let mut operators = operators.iter().copied();
    for operand in operands {
        joined.push(operand);
        let next = operators.next();
        while let Some(&operator) = waiting.last()
            && next.is_none_or(|next| level(operator) >= level(next))
        {
            waiting.pop();
            let right = joined.pop()?;
            let left = joined.pop()?;
            joined.push(combine(operator, left, right));
        }
        waiting.extend(next);
    }
    joined.pop()
}

/// What an operand of a chain is worth, and where it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    pub(crate) value: Residue,
    pub(crate) span: Span,
}

/// Looks at one chain of operands, such as the inside of a pair of parentheses.
///
/// Returns the value of the chain as this language reads it and a warning for each part that school arithmetic reads
/// as another value: first the runs of `*` and `/`, which are one term in both readings, then the chain of
/// those terms.
pub(crate) fn review(
    text: &str,
    terms: &[Term],
    operators: &[Operator],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Residue> {
    let mut outer_terms = Vec::new();
    let mut outer_operators = Vec::new();
    let mut start = 0;
    for position in 0..terms.len() {
        let next = operators.get(position).copied();
        if next.is_none_or(|next| !is_multiplicative(next)) {
            let run = &terms[start..=position];
            outer_terms.push(compare(
                text,
                run,
                &operators[start..position],
                diagnostics,
            )?);
            outer_operators.extend(next);
            start = position + 1;
        }
    }
    compare(text, &outer_terms, &outer_operators, diagnostics).map(|term| term.value)
}

/// Evaluates both readings of a chain, and warns if they differ.
fn compare(
    text: &str,
    terms: &[Term],
    operators: &[Operator],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Term> {
    let values = || terms.iter().map(|term| term.value);
    let value = join(values(), operators, level, Residue::combine)?;
    let span = Span {
        start: terms.first()?.span.start,
        end: terms.last()?.span.end,
    };
    if join(values(), operators, school_level, Residue::combine)? != value {
        let ours = reading(text, terms, operators, level)?;
        let school = reading(text, terms, operators, school_level)?;
        let message = format!("read as `{ours}`, where school arithmetic reads `{school}`");
        diagnostics.push(
            Diagnostic::warning(Code::AmbiguousPrecedence, span, message)
                .help("write the parentheses that you mean"),
        );
    }
    Some(Term { value, span })
}

/// The chain with all parentheses that a reading implies, except around the whole.
fn reading(
    text: &str,
    terms: &[Term],
    operators: &[Operator],
    level: fn(Operator) -> u8,
) -> Option<String> {
    let mut opening = vec![0_usize; terms.len()];
    let mut closing = vec![0_usize; terms.len()];
    join(
        (0..terms.len()).map(|position| position..position + 1),
        operators,
        level,
        |_, left: Range<usize>, right: Range<usize>| {
            opening[left.start] += 1;
            closing[right.end - 1] += 1;
            left.start..right.end
        },
    )?;
    *opening.first_mut()? -= 1;
    *closing.last_mut()? -= 1;
    let mut reading = String::new();
    for (position, term) in terms.iter().enumerate() {
        reading.push_str(&"(".repeat(opening[position]));
        let own = &text[term.span.start..term.span.end];
        reading.push_str(&shorten(own, MAX_TERM));
        reading.push_str(&")".repeat(closing[position]));
        if let Some(operator) = operators.get(position) {
            reading.push(' ');
            reading.push_str(operator.as_str());
            reading.push(' ');
        }
    }
    Some(shorten(&reading, MAX_READING))
}

/// Longest operand and longest reading that a message repeats, in characters.
const MAX_TERM: usize = 60;
const MAX_READING: usize = 300;

fn school_level(operator: Operator) -> u8 {
    if is_multiplicative(operator) { 2 } else { 1 }
}

fn is_multiplicative(operator: Operator) -> bool {
    matches!(operator, Operator::Multiply | Operator::Divide)
}
