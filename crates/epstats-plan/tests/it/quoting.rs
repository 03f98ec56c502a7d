//! Names and texts of users stay names and texts.

use epstats_plan::{ColumnType, Layout, for_experiment};
use proptest::prelude::*;
use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::support::{
    EXPOSURES, TIMESTAMP, events, experiment, exposure_filter, goal_filter, lowered, tables, text,
    trigger,
};

/// The tokens of the statement in which one name and one text of a user stand wherever they can.
fn tokens(name: &str, value: &str) -> (Vec<String>, Vec<String>, usize) {
    let named = |prefix: &str| format!("{prefix}{name}");
    let mut layout = events();
    if let Layout::Events {
        exposures, events, ..
    } = &mut layout
    {
        exposures.table = named("table_1_");
        exposures.unit_id = named("unit_");
        exposures.experiment = Some(named("experiment_"));
        exposures.variant = named("variant_");
        exposures.time = named("time_");
        events.table = named("table_2_");
        events.unit_id = named("unit_");
        events.goal = named("goal_");
        events.value = Some(named("value_"));
        events.time = named("time_");
    }
    let columns = [
        ("unit_", ColumnType::Integer),
        ("experiment_", ColumnType::Text),
        ("variant_", ColumnType::Text),
        ("time_", TIMESTAMP),
        ("goal_", ColumnType::Text),
        ("value_", ColumnType::Number),
        ("dimension_", ColumnType::Text),
    ]
    .map(|(prefix, kind)| (named(prefix), kind));
    let columns: Vec<(&str, ColumnType)> = columns
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.clone()))
        .collect();
    let tables = tables(&[
        (&named("table_1_"), &columns),
        (&named("table_2_"), &columns),
    ]);

    let mut experiment = experiment(&[("value(user.unit.purchase)", EXPOSURES)]);
    experiment.id = value.to_owned();
    experiment.control = value.to_owned();
    experiment.variants = Some(vec![value.to_owned(), format!("{value}!")]);
    let dimension = named("dimension_");
    experiment.filters = vec![
        exposure_filter(&dimension, &[value]),
        goal_filter(&dimension, &[value]),
        trigger(value, Some((&dimension, &[value]))),
    ];
    let plan = for_experiment(&experiment);
    let text = text(&lowered(&plan, &layout, &tables).query);
    let mut names = Vec::new();
    let mut texts = Vec::new();
    let mut others = 0;
    for token in Tokenizer::new(&GenericDialect {}, &text)
        .tokenize()
        .unwrap()
    {
        match token {
            Token::Word(word) if word.quote_style == Some('"') => names.push(word.value),
            Token::SingleQuotedString(text) => texts.push(text),
            Token::Whitespace(_) => {}
            _ => others += 1,
        }
    }
    (names, texts, others)
}

fn check(name: &str, value: &str) {
    let (plain_names, plain_texts, plain_others) = tokens("N", "V");
    let (names, texts, others) = tokens(name, value);
    let renamed: Vec<String> = plain_names
        .iter()
        .map(|plain| {
            plain
                .strip_suffix('N')
                .map_or(plain.clone(), |prefix| format!("{prefix}{name}"))
        })
        .collect();
    let quoted: Vec<String> = plain_texts
        .iter()
        .map(|plain| match plain.as_str() {
            "V" => value.to_owned(),
            "V!" => format!("{value}!"),
            other => other.to_owned(),
        })
        .collect();
    assert_eq!(names, renamed);
    assert_eq!(texts, quoted);
    assert_eq!(others, plain_others);
}

#[test]
fn hostile_names_and_values_change_nothing_else() {
    for (name, value) in [
        ("'; DROP TABLE users; --", "'; DROP TABLE users; --"),
        ("\"; DROP TABLE users; --", "\"; DROP TABLE users; --"),
        ("select", "NULL"),
        ("a b.c", "\\' OR 1=1 /*"),
        ("žluťoučký 数据 🦀", "žluťoučký 数据 🦀"),
        ("", "''"),
        ("\"\"", "\\"),
        ("line\nbreak", "line\nbreak\ttab"),
        ("$1 ? :x @y {z}", "$1 ? :x @y {z} %s"),
        ("--", "/* */ --"),
    ] {
        check(name, value);
    }
}

proptest! {
    #[test]
    fn any_name_and_value_stays_what_it_is(name in "\\PC{0,12}", value in "\\PC{1,12}") {
        check(&name, &value);
    }
}
