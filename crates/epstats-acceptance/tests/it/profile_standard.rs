//! Every method of profile `standard` from a definition to a scorecard, through the command and the embedded engine.

use std::fs;

use serde_json::Value;

use crate::run::epstats;

const DEFINITION: &str = "
id: checkout
control_variant: control
variants: [control, express, one-page]
unit_type: user
date_from: 2025-03-03
date_to: 2025-03-30
allocation: {control: 50, express: 25, one-page: 25}
correction: {method: benjamini-hochberg, family: both}
post_stratification: country
bayes: {prior: {mean: 0, standard_deviation: 0.05}}
metrics:
  - id: 1
    name: Revenue per user
    numerator: value(user.unit.purchase)
    denominator: count(user.global.exposure)
    caps: {lower: 0, upper_percent: 0.5, show_uncapped: true}
    covariate: pre-period
    lookback: 14
    missing_covariates: indicator
    minimum_effect: 0.05
  - id: 2
    name: Conversion
    numerator: unique(user.unit.purchase)
    denominator: count(user.global.exposure)
    role: guardrail
    non_inferiority: {relative: 0.3}
  - id: 3
    name: Click-through rate
    numerator: count(user.unit.click)
    denominator: count(user.unit.view)
    covariate: pre-period
    lookback: 14
    covariate_scope: per-variant
    role: secondary
    relative_interval: log
    equivalence: {relative: [-0.02, 0.02]}
  - id: 4
    name: Large purchases
    numerator: quantile(0.95, value(user.unit.purchase))
    role: secondary
    alternative: greater
checks:
  - {id: 1, name: Split, type: SRM, denominator: count(user.global.exposure), by: [country], sequential: true}
";

/// Runs a subcommand on the made-up shop.
fn run(subcommand: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let shop = path("shop");
    let made = epstats(&["demo", "--units", "10000", "--out", &shop]);
    assert_eq!(made.code, 0, "{}", made.errors);
    fs::write(path("experiment.yaml"), DEFINITION).unwrap();
    let (definition, config) = (path("experiment.yaml"), path("shop/epstats.yaml"));
    let mut arguments = vec![
        subcommand,
        &definition,
        "--config",
        &config,
        "--source",
        "demo",
    ];
    arguments.extend(more);
    let ended = epstats(&arguments);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    ended.output
}

#[test]
fn every_method_has_its_place_in_the_scorecard() {
    let text = run("evaluate", &["--format", "json"]);
    let scorecard: Value = serde_json::from_str(&text).unwrap();
    let metric = |at: usize| &scorecard["metrics"][at];
    let express = |at: usize| &metric(at)["variants"][1];
    let number = |value: &Value| {
        value
            .as_f64()
            .unwrap_or_else(|| panic!("{value} in {text}"))
    };

    assert_eq!(scorecard["correction"]["method"], "benjamini-hochberg");
    assert_eq!(scorecard["post_stratification"], "country");
    assert_eq!(scorecard["decisions"].as_array().unwrap().len(), 2);

    let revenue = express(0);
    let cap = number(&metric(0)["caps"][0]["upper"]);
    assert!(cap > 50.0 && number(&revenue["n_units_above_caps"][0]) > 0.0);
    assert_eq!(number(&metric(0)["caps"][0]["lower"]), 0.0);
    let uncapped = &metric(0)["uncapped"][1];
    assert!(number(&uncapped["mean"]) > number(&revenue["mean"]));
    let left = number(&revenue["variance_ratio"]);
    assert!(left > 0.5 && left < 1.001, "{left}");
    assert!(number(&revenue["adjusted_mean"]) > 0.0);
    assert!(number(&revenue["chance_to_win"]) > 0.0);
    assert!(number(&revenue["p_value_adjusted"]) >= number(&revenue["p_value"]));
    let covariates = metric(0)["covariates"]["covariates"].as_array().unwrap();
    assert_eq!(covariates.len(), 2, "{covariates:?}");

    assert_eq!(metric(1)["role"], "guardrail");
    assert_eq!(express(1)["margin"], "non_inferiority");
    assert_eq!(express(1)["margin_outcome"], "holds");
    assert_eq!(express(1)["finding"], "acceptable");

    assert_eq!(metric(2)["covariates"]["scope"], "per-variant");
    assert_eq!(express(2)["relative_method"], "log");
    assert!(number(&express(2)["equivalence_upper"]) == 0.02);

    assert_eq!(
        metric(3)["numerator"],
        "quantile(0.95, value(user.unit.purchase))"
    );
    assert!(number(&express(3)["mean"]) > cap);
    assert_eq!(express(3)["alternative"], "greater");
    assert!(express(3)["absolute_upper"].is_null());
    number(&express(3)["absolute_lower"]);

    let split = &scorecard["checks"][0];
    assert_eq!(split["outcome"], "passed");
    assert!(split["parts"].as_array().unwrap().len() > 3);
}

#[test]
fn the_statements_of_every_method_are_printed() {
    let text = run("sql", &[]);
    let statements = text.matches("WITH \"exposed\" AS (").count();
    assert_eq!(statements, 2, "the moments, and the quantile\n{text}");
    assert!(text.contains("\"country\""), "{text}");
    assert!(text.contains("INTERVAL '1209600' SECOND"), "{text}");
}
