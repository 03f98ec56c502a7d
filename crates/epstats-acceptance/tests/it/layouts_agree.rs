//! The five layouts made from the same raw events give the same scorecard where they can, through the engine.

use std::collections::BTreeMap;

use epstats_api::{DefinitionFormat, read_definition, read_sources, scorecard_json};
use epstats_evaluate::scorecard;
use epstats_experiment::Experiment;
use epstats_plan::InconsistentUnits;
use epstats_source::Source;
use epstats_source::contract::Case;
use epstats_source::contract::convert::other_layouts;
use epstats_source::memory::{Cell, Column, Kind, Table};
use epstats_source_datafusion::FileFormat;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::files;

const TOLERANCE: f64 = 1e-9;

/// Metrics that only exact layouts can answer.
const EXACT: &str = "
  - {id: 10, name: CTR, nominator: count(user.unit.click), denominator: count(user.unit.view)}
  - {id: 11, name: Net, nominator: value(user.unit.purchase) - value(user.unit.refund), denominator: count(user.unit.exposure)}
  - {id: 12, name: Mobile, nominator: count(user.unit.click(product=p_1)), denominator: count(user.unit.exposure)}
";

/// Metrics that aggregated goals can answer too.
const PLAIN: &str = "
  - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.unit.exposure)}
  - {id: 2, name: Views, nominator: count(user.unit.view), denominator: count(user.unit.exposure)}
  - {id: 3, name: Revenue, nominator: value(user.unit.purchase), denominator: count(user.unit.exposure)}
";

#[test]
fn exact_layouts_give_the_same_scorecard() {
    let case = case(&format!("{PLAIN}{EXACT}"));
    let [goals, unit_goals, ..] = other_layouts(&case).unwrap();
    let expected = evaluated(&case);
    for other in [&goals, &unit_goals] {
        assert_same(&expected, &evaluated(other), "");
    }
}

#[test]
fn aggregated_layouts_give_the_same_plain_metrics() {
    let case = case(PLAIN);
    let [_, _, agg_goals, wide] = other_layouts(&case).unwrap();
    let expected = evaluated(&case);
    for other in [&agg_goals, &wide] {
        let answer = evaluated(other);
        assert_same(&expected["metrics"], &answer["metrics"], "metrics");
        assert_same(&expected["checks"], &answer["checks"], "checks");
    }
}

#[test]
fn text_formats_give_the_same_scorecard_as_parquet() {
    let case = case(&format!("{PLAIN}{EXACT}"));
    let expected = evaluated(&case);
    for format in [FileFormat::Csv, FileFormat::Json] {
        assert_same(&expected, &evaluated_from(&case, format), "");
    }
}

/// Compares two documents number by number; warnings tell what a layout cannot know, so they may differ.
fn assert_same(expected: &Value, got: &Value, place: &str) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            for (field, value) in expected {
                if field != "warnings" {
                    assert_same(value, &got[field], &format!("{place}.{field}"));
                }
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            assert_eq!(expected.len(), got.len(), "{place}");
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                assert_same(expected, got, &format!("{place}[{index}]"));
            }
        }
        (Value::Number(expected), Value::Number(got)) => {
            let (expected, got) = (expected.as_f64().unwrap(), got.as_f64().unwrap());
            let scale = expected.abs().max(1e-3);
            assert!(
                (expected - got).abs() <= TOLERANCE * scale,
                "{place}: {got} instead of {expected}"
            );
        }
        _ => assert_eq!(expected, got, "{place}"),
    }
}

fn evaluated(case: &Case) -> Value {
    evaluated_from(case, FileFormat::Parquet)
}

fn evaluated_from(case: &Case, format: FileFormat) -> Value {
    let source = files::open(&case.layout, &case.tables, format);
    let statistics = Runtime::new()
        .unwrap()
        .block_on(source.fetch(&case.plan()))
        .unwrap();
    let card = scorecard(&case.experiment, &statistics);
    serde_json::from_str(&scorecard_json(&card)).unwrap()
}

fn case(metrics: &str) -> Case {
    let sources = read_sources(
        "
sources:
  shop:
    engine: files
    layout: events
    unit_type: user
    exposures: {path: x, unit_id: user, experiment: experiment, variant: variant, time: time, dimensions: [country]}
    events: {path: x, unit_id: user, goal: name, value: amount, time: time, dimensions: [product]}
    attribution: {window: 7d}
",
        &|_| None,
    );
    assert!(sources.diagnostics.is_empty(), "{:?}", sources.diagnostics);
    Case {
        name: "a shop".to_owned(),
        layout: sources.sources["shop"].layout.clone(),
        tables: tables(),
        experiment: experiment(metrics),
        inconsistent_units: InconsistentUnits::LeaveOut,
    }
}

fn experiment(metrics: &str) -> Experiment {
    let text = format!(
        "
id: checkout
control_variant: a
variants: [a, b, c]
unit_type: user
date_from: 2026-09-01
date_to: 2026-09-20
metrics:{metrics}
checks:
  - {{id: 1, name: SRM, denominator: count(user.global.exposure)}}
"
    );
    let definition = read_definition(&text, DefinitionFormat::Yaml);
    assert!(
        definition.diagnostics.is_empty(),
        "{:?}",
        definition.diagnostics
    );
    definition.experiment.unwrap()
}

/// 600 users over a month, some of whom come back, some to another variant, and many of whom do nothing.
fn tables() -> BTreeMap<String, Table> {
    let mut random = StdRng::seed_from_u64(8);
    let mut exposures = Table {
        columns: vec![
            Column::new("user", Kind::Integer),
            Column::new("experiment", Kind::Text),
            Column::new("variant", Kind::Text),
            Column::new("time", Kind::Timestamp),
            Column::new("country", Kind::Text),
        ],
        rows: Vec::new(),
    };
    let mut events = Table {
        columns: vec![
            Column::new("user", Kind::Integer),
            Column::new("name", Kind::Text),
            Column::new("amount", Kind::Number),
            Column::new("time", Kind::Timestamp),
            Column::new("product", Kind::Text),
        ],
        rows: Vec::new(),
    };
    let begin: Timestamp = "2026-08-28T00:00:00Z".parse().unwrap();
    let moment = |random: &mut StdRng| {
        let seconds = random.random_range(0..30 * 86_400);
        Cell::Timestamp(Timestamp::from_second(begin.as_second() + seconds).unwrap())
    };
    for user in 0..600i64 {
        for visit in 0..random.random_range(1..=2) {
            let inconsistent = visit == 1 && user % 50 == 0;
            let variant = ["a", "b", "c"][((user + i64::from(inconsistent)) % 3) as usize];
            let experiment = if user % 97 == 0 { "other" } else { "checkout" };
            let time = moment(&mut random);
            let country = ["CZ", "DE"][(user % 2) as usize];
            exposures.rows.push(vec![
                user.into(),
                experiment.into(),
                variant.into(),
                time,
                country.into(),
            ]);
        }
        for _ in 0..random.random_range(0..12) {
            let name = ["view", "view", "click", "purchase", "refund"][random.random_range(0..5)];
            let amount = match name {
                "purchase" | "refund" => {
                    Cell::Number(f64::from(random.random_range(1..5000)) / 100.0)
                }
                _ => Cell::Number(1.0),
            };
            let product = ["p_1", "p_2"][random.random_range(0..2)];
            let time = moment(&mut random);
            events
                .rows
                .push(vec![user.into(), name.into(), amount, time, product.into()]);
        }
    }
    BTreeMap::from([
        ("exposures".to_owned(), exposures),
        ("events".to_owned(), events),
    ])
}
