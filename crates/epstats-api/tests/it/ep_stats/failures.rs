//! Failures of evaluations, and entries that others add to a 422 answer.

use epstats_api::ep_stats::{
    Detail, NonFinite, details_json, evaluation_failure, reason_of, sample_size_failure,
};

use super::support::{metric, read, request};

#[test]
fn a_failed_evaluation_names_experiment_and_reason() {
    assert_eq!(
        evaluation_failure("a \"b\"", "the source does not answer"),
        r#"{"detail":"Cannot evaluate experiment [a \"b\"] because of the source does not answer"}"#
    );
    assert_eq!(
        sample_size_failure("There must be at least two variants."),
        r#"{"detail":"Cannot calculate the sample size because of: 'There must be at least two variants.'"}"#
    );
}

#[test]
fn reasons_are_those_of_ep_stats_where_it_has_any() {
    let effects = format!(
        "{},{},{}",
        metric(r#""minimum_effect":-0.1"#),
        metric(r#""id":2,"minimum_effect":"-inf""#),
        metric(r#""id":3,"minimum_effect":0"#)
    );
    let cases = [
        (
            format!("\"metrics\":[{effects}]"),
            "minimum_effect must be greater than zero.",
        ),
        (
            r#""variants":["old","new"]"#.to_owned(),
            "control `a` is not among the variants, expected `old` or `new`",
        ),
        (
            r#""variants":["a"]"#.to_owned(),
            // The control alone is worth a warning, which is no reason to fail.
            "",
        ),
    ];
    for (fields, reason) in cases {
        let problems = read(&request(&fields)).experiment.diagnose();
        assert_eq!(reason_of(&problems), reason, "{fields}");
    }
}

#[test]
fn others_can_refuse_what_they_read_themselves() {
    let loc = vec!["query".into(), "nonfinite".into()];
    let detail = Detail::value_error(loc, "expected `null`", "nil");
    assert_eq!(detail.kind(), "value_error");
    assert_eq!(detail.path(), "query.nonfinite");
    assert_eq!(detail.message(), "Value error, expected `null`");
    assert_eq!(
        details_json(&[detail], NonFinite::Null),
        r#"{"detail":[{"type":"value_error","loc":["query","nonfinite"],"msg":"Value error, expected `null`","input":"nil","ctx":{"error":{}}}]}"#
    );
}
