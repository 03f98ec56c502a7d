//! Quantiles as numerators of metrics.

use epstats_formula::{Numerator, Quantile, parse, parse_numerator};
use proptest::prelude::*;

use crate::support::{any_formula, any_goal, codes, config};

fn accepts(text: &str, canonical: &str) {
    let parsed = parse_numerator(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    assert_eq!(parsed.formula.unwrap().to_string(), canonical, "{text}");
}

fn rejects(text: &str, expected: &[&str]) {
    let parsed = parse_numerator(text);
    let diagnostics = parsed.diagnostics.iter();
    let codes = diagnostics.map(|diagnostic| diagnostic.code.as_str());
    assert_eq!(codes.collect::<Vec<_>>(), expected, "{text}");
    assert_eq!(parsed.formula, None, "{text}");
}

#[test]
fn a_quantile_has_a_level_and_a_goal() {
    let canonical = "quantile(0.95, value(user.unit.latency))";
    accepts(canonical, canonical);
    accepts("quantile(95e-2,value(user.unit.latency))", canonical);
    accepts(
        " quantile ( 0.95 , value ( user . unit . latency ) ) ",
        canonical,
    );
    accepts("(quantile(0.95, value(user.unit.latency)))", canonical);
    accepts(
        "quantile(5e-1, value(user.global.latency[page=^/shop, device=phone]))",
        "quantile(0.5, value(user.global.latency(page=^/shop, device=phone)))",
    );
}

#[test]
fn every_other_numerator_is_a_formula() {
    for text in ["count(u.unit.a)", "count(quantile.unit.quantile) * 2"] {
        let formula = parse(text).formula.unwrap();
        let numerator = parse_numerator(text).formula.unwrap();
        assert_eq!(numerator.to_string(), formula.to_string());
        assert_eq!(numerator, Numerator::Formula(formula));
    }
}

#[test]
fn a_level_lies_between_0_and_1() {
    for level in ["0", "1", "-0.5", "95", "1e300", "0.99999999999999999999"] {
        rejects(
            &format!("quantile({level}, value(u.unit.a))"),
            &["quantile-level-out-of-range"],
        );
    }
    rejects(
        "quantile(1e-999, value(u.unit.a))",
        &["number-out-of-range"],
    );
    rejects("quantile(.5, value(u.unit.a))", &["malformed-number"]);
}

#[test]
fn a_quantile_is_of_one_goal_with_values() {
    rejects(
        "quantile(0.5, count(u.unit.a))",
        &["quantile-without-values"],
    );
    rejects(
        "quantile(0.5, unique(u.unit.a))",
        &["quantile-without-values"],
    );
    rejects("quantile(0.5, vlaue(u.unit.a))", &["unknown-function"]);
    rejects("quantile(0.5, value(u.unit.a) * 2)", &["trailing-text"]);
    rejects("quantile(0.5, 2)", &["incomplete-quantile"]);
    rejects("quantile(0.5)", &["incomplete-quantile"]);
    rejects("quantile()", &["incomplete-quantile"]);
    rejects("quantile", &["incomplete-quantile"]);
    rejects("quantile(0.5, value(u.unit.a)", &["unbalanced-parenthesis"]);
}

#[test]
fn a_quantile_stands_alone() {
    let quantile = "quantile(0.5, value(u.unit.a))";
    let alone = ["quantile-in-arithmetic"];
    rejects(&format!("{quantile} * 1000"), &alone);
    rejects(&format!("count(u.unit.b) - ({quantile})"), &alone);
    rejects(
        &format!("{quantile} / {quantile}"),
        &[alone, alone].concat(),
    );
    rejects(&format!("{quantile} {quantile}"), &["trailing-text"]);
}

#[test]
fn formulas_that_are_no_numerators_have_no_quantiles() {
    let quantile = "quantile(0.5, value(u.unit.a))";
    assert_eq!(codes(quantile), ["misplaced-quantile"]);
    assert_eq!(codes(&format!("1 / {quantile}")), ["misplaced-quantile"]);
    assert_eq!(parse(quantile).formula, None);
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn random_numerators_survive_printing_and_parsing(
        level in 0.0..1.0_f64, tiny in prop::num::f64::SUBNORMAL, goal in any_goal(), formula in any_formula(12),
    ) {
        for level in [level, tiny.abs(), 1.0 - f64::EPSILON / 2.0] {
            let quantile = Quantile::new(level, goal.clone());
            let is_sound = goal.function.as_str() == "value" && level > 0.0;
            prop_assert_eq!(quantile.is_some(), is_sound);
            let numerator = quantile.map(Numerator::Quantile).unwrap_or(Numerator::Formula(formula.clone()));
            let parsed = parse_numerator(&numerator.to_string()).allowing_no_goal();
            prop_assert_eq!(&parsed.diagnostics, &[]);
            prop_assert_eq!(parsed.formula, Some(numerator));
        }
    }
}

#[test]
fn a_quantile_as_long_as_allowed_survives_though_its_canonical_text_would_be_longer() {
    let filters = (0..2_400).map(|index| format!("d{index:x}=a"));
    let filters = filters.collect::<Vec<_>>().join(",");
    let end = filters
        .char_indices()
        .filter(|(_, found)| *found == ',')
        .map(|(at, _)| at)
        .take_while(|at| *at < 9_950)
        .last()
        .unwrap();
    let text = format!("quantile(5e-1,value(u.unit.a({})))", &filters[..end]);
    let long = parse_numerator(&text).formula.unwrap();
    assert!(long.to_string().len() <= text.len());
    assert_eq!(parse_numerator(&long.to_string()).formula, Some(long));
}
