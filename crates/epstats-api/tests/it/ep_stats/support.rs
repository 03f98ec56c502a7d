//! Requests in few words.

use epstats_api::ep_stats::{EvaluateRequest, NonFinite, details_json, read_evaluate_request};
use jiff::civil::{Date, date};

pub(super) const TODAY: Date = date(2026, 9, 15);

/// A sound request without its last brace; fields that are added take the place of those that are there.
const SOUND: &str = r#"{"id":"e","control_variant":"a","unit_type":"u","metrics":[],"checks":[]"#;
const METRIC: &str =
    r#"{"id":1,"name":"CTR","nominator":"count(u.unit.click)","denominator":"count(u.unit.view)""#;
const CHECK: &str = r#"{"id":1,"name":"SRM","denominator":"count(u.global.exposure)""#;

/// A sound request with other fields.
pub(super) fn request(fields: &str) -> String {
    with(SOUND, fields)
}

/// A sound metric with other fields.
pub(super) fn metric(fields: &str) -> String {
    with(METRIC, fields)
}

/// A sound check with other fields.
pub(super) fn check(fields: &str) -> String {
    with(CHECK, fields)
}

fn with(object: &str, fields: &str) -> String {
    match fields {
        "" => format!("{object}}}"),
        _ => format!("{object},{fields}}}"),
    }
}

/// A sound request with one metric.
pub(super) fn with_metric(metric: &str) -> String {
    request(&format!("\"metrics\":[{metric}]"))
}

/// A sound request with one check.
pub(super) fn with_check(check: &str) -> String {
    request(&format!("\"checks\":[{check}]"))
}

/// A sound request with one filter.
pub(super) fn with_filter(filter: &str) -> String {
    request(&format!("\"filters\":[{filter}]"))
}

pub(super) fn read(body: &str) -> EvaluateRequest {
    match read_evaluate_request(body.as_bytes(), TODAY) {
        Ok(request) => request,
        Err(details) => panic!("{body}\n{}", details_json(&details, NonFinite::Tokens)),
    }
}

/// What is wrong with a body, as the client sees it.
pub(super) fn answer(body: &[u8]) -> String {
    match read_evaluate_request(body, TODAY) {
        Ok(_) => "nothing is wrong".to_owned(),
        Err(details) => details_json(&details, NonFinite::Tokens),
    }
}

/// One entry of an answer, as JSON text.
pub(super) fn entry(kind: &str, loc: &str, msg: &str, input: &str) -> String {
    format!(
        r#"{{"type":"{kind}","loc":["body"{loc}],"msg":{},"input":{input}}}"#,
        serde_json::Value::from(msg)
    )
}

/// One entry of an answer with a context.
pub(super) fn entry_with(kind: &str, loc: &str, msg: &str, input: &str, ctx: &str) -> String {
    let entry = entry(kind, loc, msg, input);
    format!(
        "{},\"ctx\":{ctx}}}",
        entry.strip_suffix('}').expect("an object")
    )
}

/// The entry of a rule that we tell in our words.
pub(super) fn value_error(loc: &str, reason: &str, input: &str) -> String {
    let msg = format!("Value error, {reason}");
    entry_with("value_error", loc, &msg, input, r#"{"error":{}}"#)
}

/// Compares a whole answer.
#[track_caller]
pub(super) fn check_details(body: &str, entries: &[String]) {
    let expected = format!("{{\"detail\":[{}]}}", entries.join(","));
    assert_eq!(answer(body.as_bytes()), expected, "{body}");
}
