//! Printing a formula and parsing it again gives an equal formula.

use epstats_formula::{Formula, Operator, parse};
use proptest::prelude::*;

use crate::support::{any_formula, config, formula, with_goals};

fn parses_to_itself(formula: &Formula) {
    let text = formula.to_string();
    let parsed = parse(&text).allowing_no_goal();
    assert_eq!(parsed.formula.as_ref(), Some(formula), "{text}");
    assert_eq!(parsed.diagnostics, [], "{text}");
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn random_formulas_survive_printing_and_parsing(formula in any_formula(24)) {
        parses_to_itself(&formula);
    }
}

#[test]
fn numbers_are_printed_in_their_shortest_float_form() {
    let printed = |number| Formula::number(number).to_string();
    assert_eq!(printed(1000.0), "1000.0");
    assert_eq!(printed(-5.0), "-5.0");
    assert_eq!(printed(0.1), "0.1");
    assert_eq!(printed(1e300), "1e300");
}

#[test]
fn a_sum_of_more_terms_than_the_nesting_limit_survives() {
    for operator in Operator::ALL {
        let text = with_goals(&vec!["a"; 300].join(&format!(" {operator} ")));
        let long = formula(&text);
        assert_eq!(formula(&long.to_string()), long);
    }
}

#[test]
fn a_text_as_long_as_allowed_survives_though_its_canonical_text_would_be_longer() {
    let mut text = "1+12e5*".repeat(1424);
    text.push_str("count(u.unit.a(b=c,d=e))");
    assert!(text.len() > 9_980 && text.len() <= 10_000);
    let long = formula(&text);
    assert!(long.to_string().len() <= text.len());
    assert_eq!(formula(&long.to_string()), long);
}

#[test]
fn equality_ignores_where_formulas_were_read() {
    assert_eq!(
        formula(&with_goals("a + b")),
        formula(&with_goals(" ( a+b )"))
    );
    assert_ne!(formula(&with_goals("a + b")), formula(&with_goals("b + a")));
    assert_ne!(formula(&with_goals("a - b")), formula(&with_goals("a ~ b")));
}

#[test]
fn chains_of_any_length_are_cloned_compared_printed_and_dropped() {
    let mut chain = Formula::number(1.0);
    for _ in 0..200_000 {
        chain = Formula::quotient(Formula::number(1.0), chain);
    }
    let copy = chain.clone();
    assert_eq!(copy, chain);
    assert!(copy.to_string().len() > 200_000);
    assert!(chain.compile(&mut |_| None).is_some());
}
