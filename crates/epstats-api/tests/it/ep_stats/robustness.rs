//! Whatever the body, there is an answer that can be read, and no panic.

use epstats_api::ep_stats::{
    NonFinite, details_json, read_evaluate_request, read_sample_size_request, reason_of,
    sample_size_response,
};
use epstats_experiment::Diagnostic;
use proptest::prelude::*;

use super::support::{TODAY, check, metric, request};

/// Reads a body in every way; what comes of it must be JSON.
fn read(body: &[u8]) {
    match read_evaluate_request(body, TODAY) {
        Ok(request) => {
            let problems = request.experiment.diagnose();
            let has_errors = problems.iter().any(Diagnostic::is_error);
            assert_eq!(reason_of(&problems).is_empty(), !has_errors);
            serde_json::to_string(&request.query_parameters).unwrap();
        }
        Err(details) => {
            assert!(!details.is_empty());
            assert!(
                details
                    .iter()
                    .all(|detail| detail.path().starts_with("body"))
            );
            is_json(&details_json(&details, NonFinite::Null));
            let tokens = details_json(&details, NonFinite::Tokens);
            assert!(tokens.starts_with("{\"detail\":[{\"type\":"));
        }
    }
    match read_sample_size_request(body) {
        Ok(request) => {
            if let Ok(answer) = sample_size_response(&request, NonFinite::Null) {
                is_json(&answer);
            }
        }
        Err(details) => is_json(&details_json(&details, NonFinite::Null)),
    }
}

fn is_json(text: &str) {
    serde_json::from_str::<serde_json::Value>(text).unwrap();
}

/// A sound request with something of everything.
fn sound() -> String {
    let sum_ratio = check(r#""id":2,"type":"SumRatio","nominator":"count(u.unit.x)""#);
    request(&format!(
        r#""variants":["a","b"],"date_from":"2026-09-01","date_to":"2026-09-28","metrics":[{}],"checks":[{},{sum_ratio}],
        "filters":[{{"scope":"trigger","goal":"g"}},{{"scope":"goal","dimension":"d","value":["x"]}}],
        "null_hypothesis_rate":0.8,"query_parameters":{{"x":[1,NaN]}},"inference":"standard","allocation":{{"a":1,"b":1}},
        "n_variants":2,"minimum_effect":0.1,"mean":"0.5","std":null"#,
        metric(r#""minimum_effect":0.1,"outlier_upper_percentile":1"#),
        check(""),
    ))
}

/// Any value, texts that fields look for among them.
fn value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    const TEXTS: [&str; 14] = [
        "",
        "a",
        "1",
        " 1.0 ",
        "nan",
        "-inf",
        "SRM",
        "SumRatio",
        "exposure",
        "trigger",
        "ep-stats",
        "2026-9-1",
        "count(u.unit.click)",
        "count(u.unit",
    ];
    const NAMES: [&str; 12] = [
        "id",
        "name",
        "nominator",
        "denominator",
        "scope",
        "value",
        "goal",
        "dimension",
        "type",
        "a",
        "b",
        "minimum_effect",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        prop::sample::select(&TEXTS[..]).prop_map(|value| json!(value)),
        any::<String>().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(prop::sample::select(&NAMES[..]), inner, 0..5).prop_map(
                |fields| {
                    let fields = fields.into_iter();
                    Value::Object(
                        fields
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect(),
                    )
                }
            ),
        ]
    })
}

/// Every value inside a document, by its pointer.
fn pointers(value: &serde_json::Value, at: String, all: &mut Vec<String>) {
    all.push(at.clone());
    match value {
        serde_json::Value::Array(list) => {
            for (index, entry) in list.iter().enumerate() {
                pointers(entry, format!("{at}/{index}"), all);
            }
        }
        serde_json::Value::Object(fields) => {
            for (name, entry) in fields {
                pointers(entry, format!("{at}/{name}"), all);
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn random_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&body);
    }

    #[test]
    fn random_texts_are_answered(body in any::<String>()) {
        read(body.as_bytes());
    }

    #[test]
    fn sound_bodies_with_random_damage_are_answered(
        start in any::<prop::sample::Index>(), length in 0..20usize, bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let sound = sound();
        let start = start.index(sound.len());
        let end = (start + length).min(sound.len());
        let body = [&sound.as_bytes()[..start], &bytes, &sound.as_bytes()[end..]].concat();
        read(&body);
    }

    #[test]
    fn sound_bodies_cut_short_are_answered(end in any::<prop::sample::Index>()) {
        let sound = sound();
        read(&sound.as_bytes()[..end.index(sound.len())]);
    }

    #[test]
    fn sound_bodies_with_other_values_are_answered(
        changes in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..4),
    ) {
        let sound = sound().replace("NaN", "2");
        let mut document: serde_json::Value = serde_json::from_str(&sound).unwrap();
        for (place, value) in changes {
            let mut all = Vec::new();
            pointers(&document, String::new(), &mut all);
            *document.pointer_mut(&all[place.index(all.len())]).unwrap() = value;
        }
        read(document.to_string().as_bytes());
    }
}

#[test]
fn the_sound_body_is_sound() {
    assert!(read_evaluate_request(sound().as_bytes(), TODAY).is_ok());
}

/// Bodies of a megabyte that would take minutes if anything were compared with everything.
#[test]
fn hostile_bodies_are_answered_at_once() {
    const MANY: usize = 40_000;
    let numbered = |text: &str| -> String {
        let entries: Vec<String> = (0..MANY)
            .map(|index| text.replace('#', &index.to_string()))
            .collect();
        entries.join(",")
    };
    let metric = metric(r#""id":#"#);
    let bodies = [
        "[".repeat(1_000_000),
        "{\"a\":".repeat(200_000),
        format!("{{{}}}", numbered("\"f#\":0")),
        format!("{{{}}}", "\"f\":0,".repeat(MANY) + "\"f\":1"),
        request(&format!("\"metrics\":[{}]", numbered("#"))),
        request(&format!("\"metrics\":[{}]", vec![metric; 5_000].join(","))),
        request(&format!("\"variants\":[{}]", numbered("\"v#\""))),
        request(&format!(
            "\"variants\":[{}],\"allocation\":{{{}}}",
            numbered("\"v#\""),
            numbered("\"w#\":1")
        )),
        request(&format!("\"id\":{}", "1".repeat(1_000_000))),
        request(&format!("\"id\":\"{}\"", "\\n".repeat(500_000))),
        request(&format!(
            "\"query_parameters\":{{\"x\":[{}]}}",
            numbered("{\"#\":[NaN]}")
        )),
        request(&format!("{}\"id\":5", " ".repeat(1_000_000))),
    ];
    for body in bodies {
        read(body.as_bytes());
    }
}
