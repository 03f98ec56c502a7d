//! Sound definitions mean what they say, in both forms.

use std::path::Path;

use epstats_api::{DefinitionFormat, read_definition};
use epstats_experiment::formula::parse;
use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{Check, CheckKind, Experiment, Filter, Inference, Metric, Ratio};
use jiff::civil::date;

use crate::support::{SOUND, changed, extended, rendered};

const YAML: &str = "
# Every field, in YAML.
id: checkout
control_variant: control
variants: [control, express, \"1\"]
unit_type: user
date_from: 2026-9-1
date_to: 2026-09-28
date_for: 2026-09-14
inference: ep-stats
confidence_level: 0.99
null_hypothesis_rate: 0.5
allocation: {control: 50, express: 25.0, 1: 2.5e1}
source: warehouse
query_parameters: {table: x, nested: {a: [1]}}
metrics:
  - id: 123456789012345678901234567890
    name: Click-through rate
    nominator: count(user.unit.click)
    denominator: count(user.unit.view)
    minimum_effect: 0.05
    outlier_upper_percentile: null
    outlier_lower_percentile: 0
  - id: -2
    name: Revenue
    numerator: >
      value(user.unit.purchase)
      - value(user.unit.refund)
    denominator: \"1000\"
checks:
  - {id: 1, name: SRM, denominator: count(user.global.exposure)}
  - {id: 2, name: Refunds, type: SumRatio, nominator: count(user.unit.refund), denominator: count(user.unit.purchase), max_sum_ratio: 0.2, confidence_level: 0.99}
filters:
  - {scope: exposure, dimension: country, value: [CZ, NO]}
  - {scope: goal, dimension: product, value: [p_1]}
  - {scope: trigger, goal: login}
  - {scope: trigger, goal: view, dimension: page, value: [cart]}
";

const JSON: &str = r#"{
  "id": "checkout", "control_variant": "control", "variants": ["control", "express", "1"], "unit_type": "user",
  "date_from": "2026-09-01", "date_to": "2026-09-28", "date_for": "2026-09-14",
  "inference": "ep-stats", "confidence_level": 0.99, "null_hypothesis_rate": 0.5,
  "allocation": {"control": 50, "express": 25.0, "1": 2.5e1}, "source": "warehouse",
  "query_parameters": {"table": "x", "nested": {"a": [1]}},
  "metrics": [
    {"id": 123456789012345678901234567890, "name": "Click-through rate", "nominator": "count(user.unit.click)",
     "denominator": "count(user.unit.view)", "minimum_effect": 5e-2,
     "outlier_upper_percentile": null, "outlier_lower_percentile": 0},
    {"id": -2, "name": "Revenue", "numerator": "value(user.unit.purchase) - value(user.unit.refund)", "denominator": "1000"}
  ],
  "checks": [
    {"id": 1, "name": "SRM", "type": "SRM", "nominator": null, "denominator": "count(user.global.exposure)"},
    {"id": 2, "name": "Refunds", "type": "SumRatio", "nominator": "count(user.unit.refund)",
     "denominator": "count(user.unit.purchase)", "max_sum_ratio": 0.2, "confidence_level": 0.99}
  ],
  "filters": [
    {"scope": "exposure", "dimension": "country", "value": ["CZ", "NO"]},
    {"scope": "goal", "dimension": "product", "value": ["p_1"]},
    {"scope": "trigger", "goal": "login"},
    {"scope": "trigger", "goal": "view", "dimension": "page", "value": ["cart"]}
  ]
}"#;

fn built_by_hand() -> Experiment {
    let formula = |text: &str| parse(text).allowing_no_goal().formula.unwrap();
    let level = |level| ConfidenceLevel::new(level).unwrap();
    let mut experiment = Experiment::new("checkout", "control", "user");
    experiment.variants = Some(["control", "express", "1"].map(str::to_owned).into());
    experiment.dates.from = Some(date(2026, 9, 1));
    experiment.dates.to = Some(date(2026, 9, 28));
    experiment.dates.evaluated_for = Some(date(2026, 9, 14));
    experiment.inference = Inference::EpStats;
    experiment.confidence_level = level(0.99);
    experiment.null_hypothesis_rate = Probability::new(0.5);
    let weights = [("control", 50.0), ("express", 25.0), ("1", 25.0)];
    experiment.allocation = Some(
        weights
            .map(|(name, weight)| (name.to_owned(), weight))
            .into(),
    );
    experiment.metrics = vec![
        Metric {
            minimum_effect: Some(0.05),
            ..Metric::new(
                "123456789012345678901234567890",
                "Click-through rate",
                Ratio {
                    numerator: formula("count(user.unit.click)"),
                    denominator: formula("count(user.unit.view)"),
                },
            )
        },
        Metric::new(
            "-2",
            "Revenue",
            Ratio {
                numerator: formula("value(user.unit.purchase) - value(user.unit.refund)"),
                denominator: formula("1000"),
            },
        ),
    ];
    experiment.checks = vec![
        Check {
            id: "1".to_owned(),
            name: "SRM".to_owned(),
            confidence_level: level(0.999),
            kind: CheckKind::sample_ratio_mismatch(formula("count(user.global.exposure)")),
        },
        Check {
            id: "2".to_owned(),
            name: "Refunds".to_owned(),
            confidence_level: level(0.99),
            kind: CheckKind::SumRatio {
                numerator: formula("count(user.unit.refund)"),
                denominator: formula("count(user.unit.purchase)"),
                max_sum_ratio: 0.2,
            },
        },
    ];
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    experiment.filters = vec![
        Filter::Exposure {
            dimension: "country".to_owned(),
            values: texts(&["CZ", "NO"]),
        },
        Filter::Goal {
            dimension: "product".to_owned(),
            values: texts(&["p_1"]),
        },
        Filter::Trigger {
            goal: "login".to_owned(),
            condition: None,
        },
        Filter::Trigger {
            goal: "view".to_owned(),
            condition: Some(("page".to_owned(), texts(&["cart"]))),
        },
    ];
    experiment
}

fn sound(text: &str, format: DefinitionFormat) -> Experiment {
    let definition = read_definition(text, format);
    assert!(
        definition.diagnostics.is_empty(),
        "{}",
        rendered(&definition.diagnostics)
    );
    definition.experiment.unwrap()
}

#[test]
fn every_field_is_understood_in_yaml_and_json() {
    assert_eq!(sound(YAML, DefinitionFormat::Yaml), built_by_hand());
    assert_eq!(sound(JSON, DefinitionFormat::Json), built_by_hand());
    let source = |text, format| read_definition(text, format).source;
    assert_eq!(
        source(YAML, DefinitionFormat::Yaml).as_deref(),
        Some("warehouse")
    );
    assert_eq!(
        source(JSON, DefinitionFormat::Json).as_deref(),
        Some("warehouse")
    );
}

#[test]
fn json_without_its_positions_is_yaml_too() {
    assert_eq!(sound(JSON, DefinitionFormat::Yaml), built_by_hand());
}

#[test]
fn what_is_left_out_has_its_documented_default() {
    let experiment = sound(SOUND, DefinitionFormat::Yaml);
    assert_eq!(experiment.inference, Inference::Standard);
    assert_eq!(experiment.confidence_level.value(), 0.95);
    assert_eq!(experiment.checks[0].confidence_level.value(), 0.999);
    assert_eq!(experiment.null_hypothesis_rate, None);
    assert_eq!(experiment.allocation, None);
    let ratio = changed(
        "    name: SRM\n",
        "    name: R\n    type: SumRatio\n    nominator: count(user.unit.click)\n",
    );
    match sound(&ratio, DefinitionFormat::Yaml).checks[0].kind {
        CheckKind::SumRatio { max_sum_ratio, .. } => assert_eq!(max_sum_ratio, 0.01),
        ref other => panic!("not a sum ratio: {other:?}"),
    }
}

#[test]
fn null_is_the_same_as_leaving_out_what_may_be_left_out() {
    let nulls = extended(
        "date_for: null\nfilters: ~\nnull_hypothesis_rate:\ninference: null\nallocation: null\nsource: null\ntimeline: null",
    );
    assert_eq!(
        sound(&nulls, DefinitionFormat::Yaml),
        sound(SOUND, DefinitionFormat::Yaml)
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read_over() {
    let windows = format!("\u{feff}{}", SOUND.replace('\n', "\r\n"));
    assert_eq!(
        sound(&windows, DefinitionFormat::Yaml),
        sound(SOUND, DefinitionFormat::Yaml)
    );
    sound(&format!("\u{feff}{JSON}"), DefinitionFormat::Json);
}

#[test]
fn anchors_repeat_values() {
    let repeated = changed(
        "denominator: count(user.unit.view)",
        "denominator: &views count(user.unit.view)",
    )
    .replace("count(user.global.exposure)", "*views");
    let experiment = sound(&repeated, DefinitionFormat::Yaml);
    assert_eq!(
        experiment.checks[0].goals(),
        [&experiment.metrics[0].ratio.denominator.goals()[0].clone()]
    );
}

#[test]
fn the_examples_of_the_documentation_are_sound() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/definition.md");
    let page = std::fs::read_to_string(page).unwrap();
    let examples: Vec<&str> = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(example, _)| example)
        .collect();
    assert!(examples.len() > 5);
    for example in examples {
        sound(&completed(example), DefinitionFormat::Yaml);
    }
}

/// An example with the fields that it leaves out because it is about others.
fn completed(example: &str) -> String {
    let mut text = example.to_owned();
    for field in [
        "id: checkout",
        "control_variant: control",
        "unit_type: user",
        "metrics: []",
        "checks: []",
    ] {
        let (name, _) = field.split_once(' ').unwrap();
        if !example.lines().any(|line| line.starts_with(name)) {
            text = format!("{text}{field}\n");
        }
    }
    text
}
