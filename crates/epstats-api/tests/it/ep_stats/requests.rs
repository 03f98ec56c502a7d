//! What becomes of a request that is sound.

use epstats_api::ep_stats::read_evaluate_request;
use epstats_evaluate::WarningCode;
use epstats_experiment::{CheckKind, Dates, Filter, Inference};
use jiff::civil::{Date, date};

use super::support::{
    TODAY, answer, check, metric, read, request, with_check, with_filter, with_metric,
};

#[test]
fn what_a_request_does_not_say_has_its_default() {
    let metrics = metric("");
    let sum_ratio = check(r#""type":"SumRatio","nominator":"count(u.unit.x)""#);
    let body = request(&format!(
        "\"metrics\":[{metrics}],\"checks\":[{},{sum_ratio}]",
        check("")
    ));
    let request = read(&body);
    let experiment = &request.experiment;
    assert_eq!(request.id, "e");
    assert_eq!(request.source, None);
    assert!(request.query_parameters.is_empty());
    assert!(request.warnings.is_empty());
    assert_eq!(experiment.id, "e");
    assert_eq!(experiment.control, "a");
    assert_eq!(experiment.unit_type, "u");
    assert_eq!(experiment.variants, None);
    assert_eq!(experiment.inference, Inference::EpStats);
    assert_eq!(experiment.confidence_level.value(), 0.95);
    assert_eq!(experiment.null_hypothesis_rate, None);
    assert_eq!(experiment.allocation, None);
    assert!(experiment.filters.is_empty());
    assert_eq!(experiment.metrics[0].minimum_effect, None);
    assert_eq!(experiment.checks[0].confidence_level.value(), 0.999);
    assert!(matches!(
        experiment.checks[0].kind,
        CheckKind::SampleRatioMismatch { .. }
    ));
    assert!(matches!(
        experiment.checks[1].kind,
        CheckKind::SumRatio { max_sum_ratio, .. } if max_sum_ratio == 0.01
    ));
}

#[test]
fn every_field_finds_its_place() {
    let metric = metric(
        r#""id":"12","name":"Revenue","nominator":"value(u.unit.buy) - value(u.unit.refund)","minimum_effect":"0.02""#,
    );
    let request = read(&request(&format!(
        r#""variants":["a","b"],"date_from":"2026-9-1","date_to":"2026-09-28","date_for":"2026-09-10","metrics":[{metric}],
        "filters":[{{"scope":"trigger","goal":"login","dimension":"country","value":["CZ"]}},{{"scope":"goal","dimension":"d","value":["x"]}}],
        "null_hypothesis_rate":0.8,"query_parameters":{{"is_performance_test":true,"n":12345678901234567890123,"x":[NaN,{{"y":null}}]}},
        "inference":"standard","source":"shop","confidence_level":"0.9","allocation":{{"a":1,"b":"3"}}"#
    )));
    let experiment = &request.experiment;
    assert_eq!(
        experiment.variants.as_deref(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
    assert_eq!(
        experiment.dates,
        Dates {
            from: Some(date(2026, 9, 1)),
            to: Some(date(2026, 9, 28)),
            evaluated_for: Some(date(2026, 9, 10)),
        }
    );
    let metric = &experiment.metrics[0];
    assert_eq!((&*metric.id, &*metric.name), ("12", "Revenue"));
    assert_eq!(
        metric.ratio.numerator.to_string(),
        "(value(u.unit.buy) - value(u.unit.refund))"
    );
    assert_eq!(metric.ratio.denominator.to_string(), "count(u.unit.view)");
    assert_eq!(metric.minimum_effect, Some(0.02));
    assert_eq!(
        experiment.filters,
        [
            Filter::Trigger {
                goal: "login".to_owned(),
                condition: Some(("country".to_owned(), vec!["CZ".to_owned()])),
            },
            Filter::Goal {
                dimension: "d".to_owned(),
                values: vec!["x".to_owned()],
            },
        ]
    );
    assert_eq!(experiment.null_hypothesis_rate.unwrap().value(), 0.8);
    assert_eq!(experiment.inference, Inference::Standard);
    assert_eq!(experiment.confidence_level.value(), 0.9);
    let allocation = experiment.allocation.as_ref().unwrap();
    assert_eq!((allocation["a"], allocation["b"]), (1.0, 3.0));
    assert_eq!(request.source.as_deref(), Some("shop"));
    assert_eq!(
        serde_json::to_string(&request.query_parameters).unwrap(),
        r#"{"is_performance_test":true,"n":12345678901234567890123,"x":[null,{"y":null}]}"#
    );
}

/// The dates that count, for the dates of a request.
fn dates(fields: &str, today: Date) -> Dates {
    let request = read_evaluate_request(request(fields).as_bytes(), today);
    request.unwrap().experiment.dates
}

#[test]
fn the_day_of_evaluation_is_today_unless_it_is_given() {
    let both = r#""date_from":"2026-09-01","date_to":"2026-09-28""#;
    assert_eq!(dates(both, TODAY).evaluated_for, Some(TODAY));
    let given = format!("{both},\"date_for\":\"2026-12-24\"");
    assert_eq!(dates(&given, TODAY).evaluated_for, Some(date(2026, 12, 24)));
}

#[test]
fn an_experiment_that_has_not_begun_is_evaluated_for_its_first_day() {
    let both = r#""date_from":"2026-09-01","date_to":"2026-09-28""#;
    let evaluated_for = dates(both, date(2026, 8, 1)).evaluated_for;
    assert_eq!(evaluated_for, Some(date(2026, 9, 1)));
}

#[test]
fn without_both_ends_the_day_of_evaluation_bounds_nothing() {
    for fields in [
        "",
        r#""date_for":"2026-09-10""#,
        r#""date_from":"2026-09-01","date_for":"2026-09-10""#,
        r#""date_to":"2026-09-28""#,
    ] {
        assert_eq!(dates(fields, TODAY).evaluated_for, None, "{fields}");
    }
}

#[test]
fn one_half_of_a_metric_may_be_a_number() {
    let request = read(&with_metric(&metric(r#""denominator":"1000""#)));
    let ratio = &request.experiment.metrics[0].ratio;
    assert_eq!(ratio.denominator.to_string(), "1000.0");
    read(&with_check(&check(
        r#""type":"SumRatio","nominator":"count(u.unit.x)","denominator":"1000""#,
    )));
}

#[test]
fn percentiles_above_zero_leave_a_warning() {
    let cut = metric(r#""id":2,"outlier_upper_percentile":"2.5""#);
    let uncut = metric(r#""outlier_upper_percentile":0,"outlier_lower_percentile":-0.0"#);
    let request = read(&request(&format!("\"metrics\":[{uncut},{cut}]")));
    let [warning] = &request.warnings[..] else {
        panic!("{:?}", request.warnings);
    };
    assert_eq!(warning.code, WarningCode::OutliersNotCut);
    assert_eq!(warning.metric, Some(1));
}

#[test]
fn what_ep_stats_finds_while_evaluating_is_left_to_the_evaluation() {
    let effect = metric(r#""minimum_effect":-0.1"#);
    for fields in [
        r#""variants":["b","c"]"#.to_owned(),
        format!("\"metrics\":[{effect}]"),
    ] {
        let request = read(&request(&fields));
        assert_eq!(request.experiment.diagnose().len(), 1, "{fields}");
    }
}

#[test]
fn names_that_are_empty_are_told_at_once() {
    for (fields, told) in [
        (r#""id":"""#, "`id` must not be empty"),
        (r#""unit_type":"""#, "`unit_type` must not be empty"),
        (
            r#""control_variant":"""#,
            "`control_variant` must not be empty",
        ),
        (r#""variants":[]"#, "`variants` must not be empty"),
        (
            r#""variants":["a",""]"#,
            "the name of a variant must not be empty",
        ),
    ] {
        let answer = answer(request(fields).as_bytes());
        assert!(
            answer.contains(told) && answer.contains("value_error"),
            "{fields}: {answer}"
        );
    }
}

#[test]
fn a_trigger_needs_no_dimension() {
    let request = read(&with_filter(
        r#"{"scope":"trigger","goal":"login","dimension":null,"value":[]}"#,
    ));
    assert_eq!(
        request.experiment.filters,
        [Filter::Trigger {
            goal: "login".to_owned(),
            condition: None,
        }]
    );
}

#[test]
fn the_example_of_the_manual_is_a_request() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rest.md"));
    let page = page.unwrap();
    let example = page.split("```json\n").nth(1).unwrap();
    let request = read(example.split("```").next().unwrap());
    assert_eq!(request.experiment.metrics.len(), 1);
    assert_eq!(request.experiment.checks.len(), 1);
    assert!(request.experiment.diagnose().is_empty());
}
