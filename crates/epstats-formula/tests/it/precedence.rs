//! Which operator binds tighter, and the warning where school arithmetic disagrees.

use epstats_formula::{Code, Formula, Operator, Part, parse};
use proptest::prelude::*;

use crate::support::{any_operator, config, formula, with_goals, with_letters};

fn reads(text: &str, reading: &str, warns: bool) {
    let parsed = parse(&with_goals(text));
    assert_eq!(
        with_letters(&parsed.formula.unwrap().to_string()),
        reading,
        "{text}"
    );
    let warned = parsed
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code == Code::AmbiguousPrecedence);
    assert_eq!(warned, warns, "{text}");
}

#[test]
fn every_operator_has_its_own_level() {
    reads("a * b * c", "((a * b) * c)", false);
    reads("a / b / c", "((a / b) / c)", false);
    reads("a - b - c", "((a - b) - c)", false);
    reads("a + b + c", "((a + b) + c)", false);
    reads("a ~ b ~ c", "((a ~ b) ~ c)", false);
    reads("a / b * c", "(a / (b * c))", true);
    reads("a * b / c", "((a * b) / c)", false);
    reads("a + b - c", "(a + (b - c))", false);
    reads("a - b + c", "((a - b) + c)", false);
    reads("a ~ b + c", "(a ~ (b + c))", true);
    reads("a ~ b - c", "(a ~ (b - c))", true);
    reads("a - b ~ c", "((a - b) ~ c)", false);
    reads("a + b ~ c", "((a + b) ~ c)", false);
    reads("a + b * c", "(a + (b * c))", false);
    reads("a - b / c", "(a - (b / c))", false);
    reads(
        "a ~ b + c - d / e * f",
        "(a ~ (b + (c - (d / (e * f)))))",
        true,
    );
    reads("(a / b) * c", "((a / b) * c)", false);
    reads("a / (b * c)", "(a / (b * c))", false);
    reads("a - b + c - d", "((a - b) + (c - d))", false);
    reads("a - (b + c) - d", "((a - (b + c)) - d)", false);
}

#[test]
fn readings_with_the_same_value_do_not_warn() {
    reads("a / b * 1", "(a / (b * 1.0))", false);
    reads("a / b * 1.5", "(a / (b * 1.5))", true);
    reads("a / 2 * -1", "(a / (2.0 * -1.0))", false);
    reads("a ~ b + 0", "(a ~ (b + 0.0))", false);
    reads("a ~ b + (c - c)", "(a ~ (b + (c - c)))", false);
    reads("a / 0 * b", "(a / (0.0 * b))", false);
}

#[test]
fn the_warning_names_both_readings_at_the_place() {
    let text = with_goals("1 + (a / b * c) - d");
    let parsed = parse(&text);
    let warning = &parsed.diagnostics[0];
    assert_eq!(
        with_letters(&warning.message),
        "read as `a / (b * c)`, where school arithmetic reads `(a / b) * c`"
    );
    let place = &text[warning.span.start..warning.span.end];
    assert_eq!(with_letters(place), "a / b * c");
    assert_eq!(parsed.diagnostics.len(), 1);
}

/// Splits a flat chain at the loosest operator, the last one of its level: another way than the parser's.
fn split(operands: &[Formula], operators: &[Operator], levels: &[&[Operator]]) -> Formula {
    for level in levels {
        let is_here = |operator: &Operator| level.contains(operator);
        if let Some(at) = operators.iter().rposition(is_here) {
            let left = split(&operands[..=at], &operators[..at], levels);
            let right = split(&operands[at + 1..], &operators[at + 1..], levels);
            return Formula::operation(operators[at], left, right);
        }
    }
    operands[0].clone()
}

const OURS: &[&[Operator]] = &[
    &[Operator::SubtractAddingSquares],
    &[Operator::Add],
    &[Operator::Subtract],
    &[Operator::Divide],
    &[Operator::Multiply],
];

const SCHOOL: &[&[Operator]] = &[
    &[
        Operator::Add,
        Operator::Subtract,
        Operator::SubtractAddingSquares,
    ],
    &[Operator::Multiply, Operator::Divide],
];

/// The value where the k-th goal is the k-th of some fixed primes, as a fraction.
fn value(formula: &Formula) -> Fraction {
    formula.fold(|part: Part<'_, Fraction>| match part {
        Part::Goal(goal) => Fraction::of(PRIMES[usize::from(goal.name.as_bytes()[0] - b'a')]),
        Part::Number(_) => panic!("there are only goals"),
        Part::Operation(operator, left, right) => left.combine(operator, right),
    })
}

const PRIMES: [i128; 7] = [101, 211, 307, 401, 503, 601, 701];

#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    fn of(number: i128) -> Fraction {
        Fraction(number, 1)
    }

    fn combine(self, operator: Operator, other: Fraction) -> Fraction {
        let (Fraction(a, b), Fraction(c, d)) = (self, other);
        match operator {
            Operator::Add => Fraction(a * d + c * b, b * d),
            Operator::Subtract | Operator::SubtractAddingSquares => Fraction(a * d - c * b, b * d),
            Operator::Multiply => Fraction(a * c, b * d),
            Operator::Divide => Fraction(a * d, b * c),
        }
    }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn random_chains_are_read_and_warned_about_as_an_independent_reader_does(
        operators in prop::collection::vec(any_operator(), 0..5),
    ) {
        let letters = &["a", "b", "c", "d", "e", "f"][..=operators.len()];
        let operands = letters.iter().map(|letter| formula(&with_goals(letter))).collect::<Vec<_>>();
        let mut text = letters[0].to_owned();
        for (operator, letter) in operators.iter().zip(&letters[1..]) {
            text.push_str(&format!(" {operator} {letter}"));
        }
        let ours = split(&operands, &operators, OURS);
        let school = split(&operands, &operators, SCHOOL);
        let parsed = parse(&with_goals(&text));
        prop_assert_eq!(parsed.formula.as_ref(), Some(&ours));
        let (Fraction(a, b), Fraction(c, d)) = (value(&ours), value(&school));
        prop_assert_eq!(!parsed.diagnostics.is_empty(), a * d != b * c, "{}", text);
    }
}
