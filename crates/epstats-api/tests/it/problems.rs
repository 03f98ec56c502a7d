//! Problems of definitions leave as JSON.

use epstats_api::problems_json;
use serde_json::json;

use crate::support::{changed, problems_of_yaml};

#[test]
fn a_problem_tells_place_expectation_and_help() {
    let text = changed("count(user.unit.view)", "count(user.units.view)");
    assert_eq!(
        problems_json(&problems_of_yaml(&text)),
        json!([{
            "code": "unknown-aggregation",
            "severity": "error",
            "message": "unknown aggregation `units`",
            "path": "metrics[0].denominator",
            "name": "Click-through rate",
            "line": 11,
            "column": 18,
            "formula": {"text": "count(user.units.view)", "start": 11, "end": 16},
            "expected": "`unit` or `global`",
            "found": "`units`",
            "help": "did you mean `unit`?",
        }])
    );
}

#[test]
fn what_is_not_known_is_null() {
    let text = changed("[control, express]", "[control]");
    assert_eq!(
        problems_json(&problems_of_yaml(&text)),
        json!([{
            "code": "no-treatment",
            "severity": "warning",
            "message": "the control is the only variant, so there is nothing to compare",
            "path": "variants",
            "name": null,
            "line": 3,
            "column": 11,
            "formula": null,
            "expected": null,
            "found": null,
            "help": null,
        }])
    );
}

#[test]
fn spans_are_counted_in_characters() {
    let formula = "\u{e9}\u{1f600} + count(user.units.view)";
    let text = changed("count(user.unit.view)", formula);
    let problems = problems_json(&problems_of_yaml(&text));
    let place = |start, end| json!({"text": formula, "start": start, "end": end});
    assert_eq!(problems[0]["formula"], place(0, 2));
    assert_eq!(problems[1]["formula"], place(16, 21));
}

#[test]
fn no_problem_is_an_empty_list() {
    assert_eq!(problems_json(&[]), json!([]));
}
