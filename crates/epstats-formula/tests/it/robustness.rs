//! No text makes the parser panic or slow.

use std::time::{Duration, Instant};

use epstats_formula::{MAX_CHARACTERS, MAX_NESTING, Parsed, parse, parse_numerator};
use proptest::prelude::*;

use crate::support::{codes, config, with_goals};

/// Parses in both ways, and looks at everything the answers offer.
fn survives(text: &str) {
    if let Some(formula) = sound(text, parse(text)) {
        let again = parse(&formula.to_string()).allowing_no_goal();
        assert_eq!(again.formula, Some(formula), "{text:?}");
        assert!(!again.has_errors());
    }
    if let Some(numerator) = sound(text, parse_numerator(text)) {
        let again = parse_numerator(&numerator.to_string()).allowing_no_goal();
        assert_eq!(again.formula, Some(numerator), "{text:?}");
        assert!(!again.has_errors());
    }
}

/// What was read, once everything said about it is looked at.
fn sound<F: Clone>(text: &str, parsed: Parsed<F>) -> Option<F> {
    assert_eq!(
        parsed.formula.is_none(),
        parsed.clone().allowing_no_goal().has_errors()
    );
    for diagnostic in &parsed.diagnostics {
        let place = text.get(diagnostic.span.start..diagnostic.span.end);
        assert!(place.is_some(), "{diagnostic:?} in {text:?}");
    }
    for diagnostic in parsed.diagnostics.iter().take(20) {
        let rendered = diagnostic.render(text);
        assert!(!rendered.contains('\r') && !rendered.contains('\u{1b}'));
    }
    parsed.formula
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn arbitrary_text_does_no_harm(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn pieces_of_formulas_in_any_order_do_no_harm(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30),
    ) {
        survives(&pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "count(user.unit.click)",
    "value",
    "unique",
    "(",
    ")",
    "[",
    "]",
    "user",
    ".",
    "unit",
    "global",
    ",",
    "=",
    "!=",
    ">=",
    "=^",
    "product=vpn",
    "+",
    "-",
    "*",
    "/",
    "~",
    "**",
    " ",
    "\n",
    "\t",
    "1",
    "0.5",
    "1e9",
    "1e",
    "-3",
    "é",
    "日本",
    "×",
    "\u{301}",
    "\u{202e}",
    "\u{1b}",
    "\0",
    "\"",
    "count(u.unit.a(b=c))",
    "quantile(0.9,",
    "quantile",
    "value(u.unit.a)",
];

#[test]
fn a_text_of_the_longest_length_is_read_and_a_longer_one_refused() {
    let mut text = with_goals("a");
    text.push_str(&" ".repeat(MAX_CHARACTERS - text.len()));
    assert_eq!(codes(&text), [""; 0]);
    text.push(' ');
    assert_eq!(codes(&text), ["text-too-long"]);
    assert_eq!(codes(&"ž".repeat(MAX_CHARACTERS + 1)), ["text-too-long"]);
}

#[test]
fn parentheses_of_the_deepest_nesting_are_read_and_deeper_ones_refused() {
    let nested = |depth| {
        let (opening, closing) = ("(".repeat(depth), ")".repeat(depth));
        format!("{opening}{}{closing}", with_goals("a"))
    };
    assert_eq!(codes(&nested(MAX_NESTING)), [""; 0]);
    assert_eq!(codes(&nested(MAX_NESTING + 1)), ["nesting-too-deep"]);
    assert_eq!(codes(&"(".repeat(MAX_CHARACTERS)), ["nesting-too-deep"]);
}

/// A smoke alarm for quadratic time, not a benchmark: each of these takes some milliseconds, in a debug build too.
#[test]
fn the_longest_texts_of_every_shape_are_read_at_once() {
    let shapes = [
        "(",
        ")",
        "[",
        "1+",
        "1-",
        "1/1*",
        "1~1+",
        "-",
        "a",
        "a.",
        "a(",
        "count(",
        "count(a.unit.b(",
        "(1+",
        "1 ",
        "é",
        "\u{301}",
        "count(a.unit.b(c=d,",
        "count(a.unit.b(c=(",
        "count(a.unit.b)+",
        "x=",
        "1)",
        ",",
        "日",
        "((1/2*3)+",
        "quantile(",
        "quantile(1,",
        "quantile(.5,value(a.unit.b))+",
    ];
    let begin = Instant::now();
    for shape in shapes {
        let text = shape.repeat(MAX_CHARACTERS / shape.chars().count());
        survives(&text);
        survives(&format!("count(a.unit.b({text}"));
    }
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
}
