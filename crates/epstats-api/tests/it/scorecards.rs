//! Scorecards leave as strict JSON and as CSV.

use std::sync::Arc;

use epstats_api::{scorecard_csv, scorecard_json};
use epstats_evaluate::{
    AbsoluteDifference, CheckResult, CheckTest, Effect, MetricResult, Outcome, RelativeDifference,
    Scorecard, Symmetric, Value, VariantResult, VariantSummary, Warning, WarningCode,
};
use epstats_experiment::stats::{ConfidenceLevel, Undefined};
use epstats_experiment::{Dates, Inference};
use jiff::civil::date;
use proptest::prelude::*;

/// A scorecard with every kind of value: finite, infinite, undefined, and not asked.
fn scorecard() -> Scorecard {
    let control: Arc<str> = "control".into();
    let treatment: Arc<str> = "ex\"press, \u{e9}".into();
    let summary = |name: &Arc<str>, is_control, n_units, share| VariantSummary {
        name: Arc::clone(name),
        is_control,
        n_units,
        share,
        designed_share: Ok(0.5),
    };
    Scorecard {
        experiment: "checkout".to_owned(),
        inference: Inference::Standard,
        unit_type: "user".to_owned(),
        control: Arc::clone(&control),
        dates: Dates {
            from: Some(date(2026, 9, 1)),
            to: None,
            evaluated_for: None,
        },
        confidence_level: ConfidenceLevel::DEFAULT,
        confidence_level_in_force: 0.95,
        variants: vec![
            summary(&control, true, 1000.0, Ok(0.999)),
            summary(&treatment, false, 1.5, Err(Undefined::NoUnits)),
        ],
        metrics: vec![
            MetricResult {
                id: "123456789012345678901234567890".to_owned(),
                name: "Revenue".to_owned(),
                numerator: "value(user.unit.purchase)".to_owned(),
                denominator: "count(user.global.exposure)".to_owned(),
                minimum_effect: Some(0.05),
                variants: vec![row(&control, None), row(&treatment, Some(effect()))],
            },
            MetricResult {
                id: "none-of-the-wire".to_owned(),
                name: "Second".to_owned(),
                numerator: "count(user.unit.click)".to_owned(),
                denominator: "1000.0".to_owned(),
                minimum_effect: None,
                variants: vec![row(&control, None)],
            },
        ],
        checks: vec![
            CheckResult {
                id: "1".to_owned(),
                name: "SRM".to_owned(),
                test: CheckTest::SampleRatioMismatch,
                confidence_level: ConfidenceLevel::new(0.999).unwrap(),
                outcome: Outcome::Failed,
                values: vec![("test_stat", Ok(f64::INFINITY)), ("p_value", Ok(1e-300))],
            },
            CheckResult {
                id: "2".to_owned(),
                name: "Refunds".to_owned(),
                test: CheckTest::SumRatio,
                confidence_level: ConfidenceLevel::new(0.999).unwrap(),
                outcome: Outcome::NotEvaluated(Undefined::DenominatorZero),
                values: vec![("sum_ratio", Err(Undefined::DenominatorZero))],
            },
        ],
        warnings: vec![
            Warning {
                variant: Some(treatment),
                metric: Some(0),
                goal: Some("value(user.unit.purchase)".to_owned()),
                ..Warning::new(WarningCode::TooFewUnits, "there are few units")
            },
            Warning {
                check: Some(1),
                metric: Some(7),
                ..Warning::new(WarningCode::GoalNeverSeen, "nothing was seen")
            },
        ],
    }
}

fn row(variant: &Arc<str>, effect: Option<Effect>) -> VariantResult {
    let is_control = effect.is_none();
    VariantResult {
        variant: Arc::clone(variant),
        is_control,
        n_units: 1000.0,
        sample_size: Ok(1000.0),
        sum: Ok(12345.5),
        mean: Ok(12.3455),
        standard_deviation: Ok(0.1),
        standard_error: Err(Undefined::TooFewUnits),
        effect,
        required_sample_size: (!is_control).then_some(Ok(f64::INFINITY)),
        power: (!is_control).then_some(Err(Undefined::ZeroVariance)),
        false_positive_risk: None,
    }
}

fn effect() -> Effect {
    Effect {
        absolute: Some(AbsoluteDifference {
            estimate: Ok(-0.25),
            standard_error: Ok(0.125),
            lower: Ok(f64::NEG_INFINITY),
            upper: Ok(0.5),
        }),
        relative: RelativeDifference {
            estimate: Ok(0.02),
            lower: Err(Undefined::ControlNotSeparatedFromZero),
            upper: Err(Undefined::ControlNotSeparatedFromZero),
            symmetric: Some(Symmetric {
                standard_error: Ok(0.01),
                half_width: Ok(0.0196),
            }),
        },
        degrees_of_freedom: Ok(1997.25),
        statistic: Ok(-2.0),
        p_value: Ok(0.0),
        ln_p_value: Ok(-1234.5),
        p_value_adjusted: Ok(f64::NAN),
        significant: Some(true),
    }
}

#[test]
fn json_has_every_number_or_the_reason_why_there_is_none() {
    insta::assert_snapshot!(scorecard_json(&scorecard()));
}

#[test]
fn csv_has_a_line_per_metric_and_variant() {
    insta::assert_snapshot!(scorecard_csv(&scorecard()));
}

#[test]
fn csv_without_metrics_still_has_a_header() {
    let mut empty = scorecard();
    empty.metrics.clear();
    assert_eq!(
        scorecard_csv(&empty),
        "experiment,inference,metric_id,metric_name\n"
    );
}

#[test]
fn csv_has_the_numbers_of_the_json() {
    let json: serde_json::Value = serde_json::from_str(&scorecard_json(&scorecard())).unwrap();
    let text = scorecard_csv(&scorecard());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let line = reader.records().nth(1).unwrap().unwrap();
    let fields = json["metrics"][0]["variants"][1].as_object().unwrap();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "reasons") {
        let column = headers.iter().position(|header| header == name).unwrap();
        let cell = match value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(&line[column], cell, "{name}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(Ok),
        Just(Ok(f64::NAN)),
        Just(Ok(f64::INFINITY)),
        prop::sample::select(&Undefined::ALL[..]).prop_map(Err),
    ]
}

proptest! {
    #[test]
    fn finite_numbers_come_back_and_others_leave_a_reason(value in any_value(), n_units in any::<f64>()) {
        let mut scorecard = scorecard();
        scorecard.metrics[0].variants[1].mean = value;
        scorecard.metrics[0].variants[1].n_units = n_units;
        scorecard.confidence_level_in_force = n_units;
        let json: serde_json::Value = serde_json::from_str(&scorecard_json(&scorecard)).unwrap();
        let row = &json["metrics"][0]["variants"][1];
        match value {
            Ok(number) if number.is_finite() => {
                prop_assert_eq!(row["mean"].as_f64(), Some(number));
                prop_assert!(row["reasons"]["mean"].is_null());
            }
            _ => {
                prop_assert!(row["mean"].is_null());
                prop_assert!(row["reasons"]["mean"].is_string());
            }
        }
    }
}
