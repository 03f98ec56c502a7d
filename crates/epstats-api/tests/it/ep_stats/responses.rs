//! Scorecards as ep-stats answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use epstats_api::ep_stats::{NonFinite, ResponseOptions, evaluate_response, read_evaluate_request};
use epstats_evaluate::{
    AbsoluteDifference, CheckResult, CheckTest, Effect, MetricResult, Outcome, RelativeDifference,
    Scorecard, Symmetric, VariantResult, VariantSummary, Warning, WarningCode,
};
use epstats_experiment::stats::{ConfidenceLevel, Undefined};
use epstats_experiment::{Dates, GoalSums, Inference, MarginalSums, Needs, Statistics, Sums};

use super::support::{TODAY, check, metric, read, request};

const OLD: ResponseOptions = ResponseOptions {
    numbers: NonFinite::Tokens,
    extra: false,
};
const OLD_STRICT: ResponseOptions = ResponseOptions {
    numbers: NonFinite::Null,
    extra: false,
};

/// A scorecard of profile `ep-stats` with one metric, two checks and every kind of number.
fn scorecard() -> Scorecard {
    let control: Arc<str> = "a".into();
    let treatment: Arc<str> = "b \"new\"".into();
    let summary = |name: &Arc<str>, is_control, n_units| VariantSummary {
        name: Arc::clone(name),
        is_control,
        n_units,
        share: Ok(0.5),
        designed_share: Ok(0.5),
    };
    Scorecard {
        experiment: "e".to_owned(),
        inference: Inference::EpStats,
        unit_type: "u".to_owned(),
        control: Arc::clone(&control),
        dates: Dates::default(),
        confidence_level: ConfidenceLevel::DEFAULT,
        confidence_level_in_force: 0.9944,
        variants: vec![
            summary(&control, true, 21.0),
            summary(&treatment, false, 26.5),
        ],
        metrics: vec![MetricResult {
            id: "12345678901234567890123".to_owned(),
            name: "CTR \u{e9}".to_owned(),
            numerator: "count(u.unit.click)".to_owned(),
            denominator: "count(u.unit.view)".to_owned(),
            minimum_effect: Some(0.0),
            variants: vec![row(&control, own_effect()), row(&treatment, effect())],
        }],
        checks: vec![
            CheckResult {
                id: "1".to_owned(),
                name: "SRM".to_owned(),
                test: CheckTest::SampleRatioMismatch,
                confidence_level: level(0.999),
                outcome: Outcome::Passed,
                values: vec![
                    ("p_value", Ok(0.5)),
                    ("test_stat", Ok(1.5)),
                    ("confidence_level", Ok(0.999)),
                ],
            },
            CheckResult {
                id: "2".to_owned(),
                name: "Refunds".to_owned(),
                test: CheckTest::SumRatio,
                confidence_level: level(0.999),
                outcome: Outcome::NotEvaluated(Undefined::DenominatorZero),
                values: vec![("sum_ratio", Err(Undefined::DenominatorZero))],
            },
        ],
        warnings: vec![
            Warning {
                variant: Some(treatment),
                metric: Some(0),
                ..Warning::new(WarningCode::NoEvents, "nothing happened")
            },
            Warning {
                check: Some(1),
                goal: Some("count(u.unit.refund)".to_owned()),
                ..Warning::new(WarningCode::GoalNeverSeen, "nothing was seen")
            },
        ],
    }
}

fn level(level: f64) -> ConfidenceLevel {
    ConfidenceLevel::new(level).unwrap()
}

fn row(variant: &Arc<str>, effect: Effect) -> VariantResult {
    let is_control = &**variant == "a";
    VariantResult {
        variant: Arc::clone(variant),
        is_control,
        n_units: 21.0,
        sample_size: Ok(21.0),
        sum: Ok(5.0),
        mean: Ok(0.25),
        standard_deviation: Ok(0.5),
        standard_error: Ok(0.1),
        effect: Some(effect),
        required_sample_size: (!is_control).then_some(Ok(f64::INFINITY)),
        power: (!is_control).then_some(Err(Undefined::ZeroVariance)),
        false_positive_risk: None,
    }
}

/// The control compared with itself.
fn own_effect() -> Effect {
    Effect {
        absolute: None,
        relative: RelativeDifference {
            estimate: Ok(0.0),
            lower: Ok(-1.125),
            upper: Ok(1.125),
            symmetric: Some(Symmetric {
                standard_error: Ok(0.5625),
                half_width: Ok(1.125),
            }),
        },
        degrees_of_freedom: Ok(40.0),
        statistic: Ok(0.0),
        p_value: Ok(1.0),
        ln_p_value: Ok(0.0),
        p_value_adjusted: Ok(1.0),
        significant: Some(false),
    }
}

/// A negative control mean: the half-width has its sign, the limits are in order.
fn effect() -> Effect {
    Effect {
        relative: RelativeDifference {
            estimate: Ok(f64::NEG_INFINITY),
            lower: Err(Undefined::ControlMeanZero),
            upper: Ok(1.5),
            symmetric: Some(Symmetric {
                standard_error: Ok(-0.25),
                half_width: Ok(-0.5),
            }),
        },
        p_value: Ok(1e-300),
        p_value_adjusted: Ok(2e-300),
        significant: Some(true),
        ..own_effect()
    }
}

#[test]
fn the_fields_of_ep_stats_come_in_its_order() {
    let expected = [
        r#"{"id":"e","metrics":[{"id":12345678901234567890123,"name":"CTR é","stats":["#,
        r#"{"exp_variant_id":"a","diff":0.0,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":1.0,"confidence_interval":1.125,"#,
        r#""confidence_level":0.9944,"sample_size":21.0,"required_sample_size":NaN,"power":NaN,"false_positive_risk":NaN},"#,
        r#"{"exp_variant_id":"b \"new\"","diff":-Infinity,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":2e-300,"#,
        r#""confidence_interval":-0.5,"confidence_level":0.9944,"sample_size":21.0,"required_sample_size":Infinity,"power":NaN,"#,
        r#""false_positive_risk":NaN}]}],"#,
        r#""checks":[{"id":1,"name":"SRM","stats":[{"variable_id":"p_value","value":0.5},{"variable_id":"test_stat","value":1.5},"#,
        r#"{"variable_id":"confidence_level","value":0.999}]},{"id":2,"name":"Refunds","stats":[]}],"#,
        r#""exposure":{"unit_type":"u","stats":[{"exp_variant_id":"a","count":21},{"exp_variant_id":"b \"new\"","count":26.5}]}}"#,
    ];
    let answer = evaluate_response(&scorecard(), OLD);
    assert_eq!(answer, expected.concat());
    assert_eq!(
        evaluate_response(&scorecard(), OLD_STRICT),
        answer
            .replace("-Infinity", "null")
            .replace("Infinity", "null")
            .replace("NaN", "null")
    );
}

#[test]
fn our_fields_follow_those_of_ep_stats() {
    let expected = [
        r#"{"id":"e","metrics":[{"id":12345678901234567890123,"name":"CTR é","stats":["#,
        r#"{"exp_variant_id":"a","diff":0.0,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":1.0,"confidence_interval":1.125,"#,
        r#""confidence_level":0.9944,"sample_size":21.0,"required_sample_size":NaN,"power":NaN,"false_positive_risk":NaN,"#,
        r#""lower":-1.125,"upper":1.125,"test_stat":0.0,"degrees_of_freedom":40.0,"p_value_unadjusted":1.0,"p_value_adjusted":1.0,"#,
        r#""significant":false,"reasons":{}},"#,
        r#"{"exp_variant_id":"b \"new\"","diff":-Infinity,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":2e-300,"#,
        r#""confidence_interval":-0.5,"confidence_level":0.9944,"sample_size":21.0,"required_sample_size":Infinity,"power":NaN,"#,
        r#""false_positive_risk":NaN,"lower":NaN,"upper":1.5,"test_stat":0.0,"degrees_of_freedom":40.0,"p_value_unadjusted":1e-300,"#,
        r#""p_value_adjusted":2e-300,"significant":true,"reasons":{"power":"zero-variance","lower":"control-mean-zero"}}]}],"#,
        r#""checks":[{"id":1,"name":"SRM","stats":[{"variable_id":"p_value","value":0.5},{"variable_id":"test_stat","value":1.5},"#,
        r#"{"variable_id":"confidence_level","value":0.999}],"outcome":"passed","reasons":{}},"#,
        r#"{"id":2,"name":"Refunds","stats":[],"outcome":"not-evaluated","reason":"denominator-zero","reasons":{}}],"#,
        r#""exposure":{"unit_type":"u","stats":[{"exp_variant_id":"a","count":21},{"exp_variant_id":"b \"new\"","count":26.5}]},"#,
        r#""inference":"ep-stats","warnings":[{"code":"no-events","message":"nothing happened","metric_id":12345678901234567890123,"#,
        r#""check_id":null,"variant":"b \"new\"","goal":null},{"code":"goal-never-seen","message":"nothing was seen","metric_id":null,"#,
        r#""check_id":2,"variant":null,"goal":"count(u.unit.refund)"}]}"#,
    ];
    let options = ResponseOptions::default();
    assert_eq!(evaluate_response(&scorecard(), options), expected.concat());
}

#[test]
fn in_strict_json_infinities_have_reasons() {
    let options = ResponseOptions {
        numbers: NonFinite::Null,
        extra: true,
    };
    let answer: serde_json::Value =
        serde_json::from_str(&evaluate_response(&scorecard(), options)).unwrap();
    assert_eq!(
        answer["metrics"][0]["stats"][1]["reasons"],
        serde_json::json!({
            "diff": "negative-infinity",
            "lower": "control-mean-zero",
            "power": "zero-variance",
            "required_sample_size": "infinity",
        })
    );
}

#[test]
fn an_experiment_of_nothing_has_empty_lists() {
    let mut empty = scorecard();
    empty.variants.clear();
    empty.metrics.clear();
    empty.checks.clear();
    assert_eq!(
        evaluate_response(&empty, OLD),
        r#"{"id":"e","metrics":[],"checks":[],"exposure":{"unit_type":"u","stats":[]}}"#
    );
}

#[test]
fn there_is_no_sample_size_where_the_denominator_adds_up_values() {
    let cases = [
        ("value(u.unit.buy)", false),
        ("(value(u.unit.buy) + value(u.unit.value))", false),
        ("(value(u.unit.buy) * 2.0)", false),
        ("(value(u.unit.buy) + count(u.unit.buy))", true),
        ("unique(value.unit.value)", true),
        ("count(count.unit.value)", true),
        ("1000.0", true),
    ];
    for (denominator, counts) in cases {
        let mut scorecard = scorecard();
        scorecard.metrics[0].denominator = denominator.to_owned();
        let answer = evaluate_response(&scorecard, OLD);
        let sample_size = if counts { "21.0" } else { "NaN" };
        assert!(
            answer.contains(&format!("\"sample_size\":{sample_size},")),
            "{denominator}: {answer}"
        );
    }
}

#[test]
fn rows_of_checks_have_the_order_of_ep_stats_and_new_ones_come_last() {
    let mut scorecard = scorecard();
    scorecard.checks[0].values = vec![
        ("ln_p_value", Ok(-0.5)),
        ("confidence_level", Ok(0.999)),
        ("test_stat", Ok(2.0)),
        ("p_value", Err(Undefined::NoUnits)),
        ("max_sum_ratio", Ok(0.01)),
        ("sum_ratio", Ok(0.5)),
    ];
    scorecard.checks.truncate(1);
    let rows = |options| {
        let answer = evaluate_response(&scorecard, options);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let rows = answer["checks"][0]["stats"].as_array().unwrap().clone();
        let names = rows
            .iter()
            .map(|row| row["variable_id"].as_str().unwrap().to_owned());
        (
            names.collect::<Vec<_>>(),
            answer["checks"][0]["reasons"].clone(),
        )
    };
    let (names, reasons) = rows(OLD_STRICT);
    let old = [
        "sum_ratio",
        "max_sum_ratio",
        "p_value",
        "test_stat",
        "confidence_level",
    ];
    assert_eq!(names, old);
    assert!(reasons.is_null());
    let (names, reasons) = rows(ResponseOptions {
        numbers: NonFinite::Null,
        extra: true,
    });
    assert_eq!(names[..5], old);
    assert_eq!(names[5..], ["ln_p_value"]);
    assert_eq!(reasons, serde_json::json!({"p_value": "no-units"}));
}

#[test]
fn profile_standard_fills_the_same_fields() {
    let mut scorecard = scorecard();
    scorecard.inference = Inference::Standard;
    let rows = &mut scorecard.metrics[0].variants;
    rows[0].effect = None;
    rows[1].effect = Some(Effect {
        absolute: Some(AbsoluteDifference {
            estimate: Ok(0.5),
            standard_error: Ok(0.125),
            lower: Ok(0.25),
            upper: Ok(0.75),
        }),
        relative: RelativeDifference {
            estimate: Ok(0.5),
            lower: Ok(0.25),
            upper: Ok(1.25),
            symmetric: None,
        },
        p_value: Ok(0.25),
        p_value_adjusted: Ok(0.5),
        significant: None,
        ..own_effect()
    });
    let expected = [
        r#"{"exp_variant_id":"a","diff":0.0,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":1.0,"confidence_interval":0.0,"#,
        r#""confidence_level":0.9944,"sample_size":21.0,"required_sample_size":NaN,"power":NaN,"false_positive_risk":NaN,"reasons":{}},"#,
        r#"{"exp_variant_id":"b \"new\"","diff":0.5,"mean":0.25,"std":0.5,"sum_value":5.0,"p_value":0.5,"confidence_interval":0.5,"#,
        r#""confidence_level":0.9944,"sample_size":21.0,"required_sample_size":Infinity,"power":NaN,"false_positive_risk":NaN,"#,
        r#""lower":0.25,"upper":1.25,"absolute_diff":0.5,"absolute_lower":0.25,"absolute_upper":0.75,"test_stat":0.0,"#,
        r#""degrees_of_freedom":40.0,"p_value_unadjusted":0.25,"p_value_adjusted":0.5,"reasons":{"power":"zero-variance"}}]"#,
    ];
    let answer = evaluate_response(&scorecard, ResponseOptions::default());
    assert!(answer.contains(&expected.concat()), "{answer}");
}

#[test]
fn a_control_without_a_mean_is_compared_with_nothing() {
    let mut scorecard = scorecard();
    let control = &mut scorecard.metrics[0].variants[0];
    control.effect = None;
    control.mean = Err(Undefined::NoUnits);
    let answer = evaluate_response(&scorecard, OLD);
    let row = r#"{"exp_variant_id":"a","diff":NaN,"mean":NaN,"std":0.5,"sum_value":5.0,"p_value":NaN,"confidence_interval":NaN,"#;
    assert!(answer.contains(row), "{answer}");
}

#[test]
fn ids_that_are_no_integers_are_texts() {
    let mut scorecard = scorecard();
    for (id, written) in [
        ("-7", "-7"),
        ("0", "0"),
        ("-0", "\"-0\""),
        ("007", "\"007\""),
        ("1.5", "\"1.5\""),
        ("a\"", "\"a\\\"\""),
        ("", "\"\""),
        ("-", "\"-\""),
    ] {
        scorecard.metrics[0].id = id.to_owned();
        let answer = evaluate_response(&scorecard, OLD);
        assert!(
            answer.contains(&format!("\"metrics\":[{{\"id\":{written},")),
            "{answer}"
        );
    }
}

/// The experiment of the manual: 21, 26 and 30 users, of whom 5, 8 and 9 clicked.
///
/// By hand: mean 5/21, variance (5 − 25/21)/20, half-width √2 · std/√21 / mean · t(0.975, 40) with t = 2.0211 from a table;
/// chi-square ((21 − 77/3)² + (26 − 77/3)² + (30 − 77/3)²)/(77/3), and p = exp(−χ²/2) with two degrees of freedom.
#[test]
fn a_request_and_its_data_give_the_numbers_of_the_manual() {
    let metric = metric(r#""denominator":"count(u.global.exposure)","minimum_effect":0"#);
    let body = request(&format!(
        "\"metrics\":[{metric}],\"checks\":[{}],\"variants\":[\"c\",\"a\",\"b\"]",
        check("")
    ));
    let experiment = read_evaluate_request(body.as_bytes(), TODAY)
        .unwrap()
        .experiment;
    assert!(experiment.diagnose().is_empty());
    let Needs { goals, .. } = Needs::of(&experiment);
    let variants = [("a", 21.0, 5.0), ("b", 26.0, 8.0), ("c", 30.0, 9.0)];
    let sums = variants.map(|(name, n_units, clicks)| {
        let sums = goals.iter().map(|goal| {
            let sum = if goal.name == "exposure" {
                n_units
            } else {
                clicks
            };
            GoalSums {
                sum,
                sum_of_squares: sum,
            }
        });
        let goals = sums.collect();
        (name.to_owned(), MarginalSums { goals })
    });
    let statistics = Statistics::new(
        goals,
        Sums::Marginal {
            variants: BTreeMap::from(sums),
        },
    );
    let scorecard = epstats_evaluate::scorecard(&experiment, &statistics);
    let answer: serde_json::Value =
        serde_json::from_str(&evaluate_response(&scorecard, OLD_STRICT)).unwrap();

    let stats = &answer["metrics"][0]["stats"];
    let names = [0, 1, 2].map(|row| stats[row]["exp_variant_id"].as_str().unwrap());
    assert_eq!(names, ["a", "b", "c"]);
    let control = |field: &str| stats[0][field].as_f64().unwrap();
    let (mean, std) = (5.0 / 21.0, ((5.0 - 25.0 / 21.0) / 20.0_f64).sqrt());
    let close = |value: f64, expected: f64, tolerance: f64| {
        assert!(
            (value - expected).abs() <= tolerance * expected,
            "{value}, not {expected}"
        );
    };
    assert_eq!(control("diff"), 0.0);
    assert_eq!(control("p_value"), 1.0);
    assert_eq!(control("sum_value"), 5.0);
    assert_eq!(control("sample_size"), 21.0);
    assert_eq!(control("confidence_level"), 0.95);
    close(control("mean"), mean, 1e-15);
    close(control("std"), std, 1e-14);
    let half_width = 2.0_f64.sqrt() * std / 21.0_f64.sqrt() / mean * 2.0211;
    close(control("confidence_interval"), half_width, 1e-4);
    let treatment = stats[1]["diff"].as_f64().unwrap();
    close(treatment, (8.0 / 26.0) / mean - 1.0, 1e-14);

    let check = &answer["checks"][0]["stats"];
    let expected = 77.0 / 3.0;
    let statistic: f64 = [21.0, 26.0, 30.0]
        .map(|count: f64| (count - expected).powi(2) / expected)
        .iter()
        .sum();
    close(
        check[0]["value"].as_f64().unwrap(),
        (-statistic / 2.0).exp(),
        1e-13,
    );
    close(check[1]["value"].as_f64().unwrap(), statistic, 1e-13);
    assert_eq!(check[2]["value"], 0.999);
    assert_eq!(
        answer["exposure"]["stats"],
        serde_json::json!([
            {"exp_variant_id": "a", "count": 21},
            {"exp_variant_id": "b", "count": 26},
            {"exp_variant_id": "c", "count": 30},
        ])
    );
}

#[test]
fn warnings_of_the_request_join_those_of_the_scorecard() {
    let metric = metric(r#""outlier_upper_percentile":1"#);
    let request = read(&request(&format!("\"metrics\":[{metric}]")));
    let mut scorecard = scorecard();
    scorecard.warnings = request.warnings;
    let answer = evaluate_response(&scorecard, ResponseOptions::default());
    assert!(
        answer.ends_with(
            r#""warnings":[{"code":"outliers-not-cut","message":"outliers are not cut: the percentiles of the request have no effect here","metric_id":12345678901234567890123,"check_id":null,"variant":null,"goal":null}]}"#
        ),
        "{answer}"
    );
}
