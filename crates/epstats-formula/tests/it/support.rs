//! What several test modules use: reading, shorthand for goals, random formulas.

use epstats_formula::{
    Aggregation, DimensionFilter, FilterOperator, Formula, Function, Goal, Operator, parse,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The formula of a text without errors.
pub(crate) fn formula(text: &str) -> Formula {
    let parsed = parse(text);
    let problems = parsed
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(text));
    match parsed.formula {
        Some(formula) if !parsed.has_errors() => formula,
        _ => panic!("{}", problems.collect::<Vec<_>>().join("\n")),
    }
}

/// Puts goals in place of single letters: `a / b` becomes `count(u.unit.a) / count(u.unit.b)`.
pub(crate) fn with_goals(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            'a'..='z' => format!("count(u.unit.{character})"),
            other => other.to_string(),
        })
        .collect()
}

/// Puts single letters in place of goals.
pub(crate) fn with_letters(text: &str) -> String {
    ('a'..='z').fold(text.to_owned(), |text, letter| {
        text.replace(&format!("count(u.unit.{letter})"), &letter.to_string())
    })
}

/// The codes of the diagnostics of a text, in order.
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    let diagnostics = parse(text).diagnostics;
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.as_str())
        .collect()
}

/// The same cases in every run, and no files of failures.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_101),
        ..ProptestConfig::default()
    }
}

pub(crate) fn any_formula(leaves: u32) -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        3 => any_goal().prop_map(Formula::from),
        1 => any_number().prop_map(Formula::number),
    ];
    leaf.prop_recursive(leaves, leaves, 2, |side| {
        (any_operator(), side.clone(), side)
            .prop_map(|(operator, left, right)| Formula::operation(operator, left, right))
    })
}

pub(crate) fn any_operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(Operator::ALL)
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-10_000..10_000_i32).prop_map(f64::from),
        prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
    ]
}

pub(crate) fn any_goal() -> impl Strategy<Value = Goal> {
    (
        prop::sample::select(Function::ALL),
        "[A-Za-z_][A-Za-z0-9_]{0,6}",
        prop::sample::select(Aggregation::ALL),
        "[A-Za-z0-9_]{1,6}",
        prop::collection::btree_map("[A-Za-z_][A-Za-z0-9_]{0,4}", any_comparison(), 0..4),
    )
        .prop_map(|(function, unit_type, aggregation, name, filters)| Goal {
            function,
            unit_type,
            aggregation,
            name,
            filters: filters
                .into_iter()
                .map(|(dimension, (operator, value))| DimensionFilter {
                    dimension,
                    operator,
                    value,
                })
                .collect(),
        })
}

fn any_comparison() -> impl Strategy<Value = (FilterOperator, String)> {
    let value = "[\\p{L}0-9_.%/|-]([\\p{L}0-9_.%/| -]{0,6}[\\p{L}0-9_.%/|-])?";
    (prop::sample::select(FilterOperator::ALL), value)
}
