//! The description of answers has the fields that answers have.

use serde_json::{Value, json};

use crate::support::{get, post, request, service};

/// Holds an answer against its schema: every field is described, and every field that is described is there.
fn check(value: &Value, schema: &Value, document: &Value, place: &str) {
    let schema = resolved(schema, document);
    if value.is_null() {
        return;
    }
    if let Some(entries) = value.as_array() {
        for entry in entries {
            check(entry, &schema["items"], document, place);
        }
        return;
    }
    let (Some(fields), Some(described)) = (value.as_object(), schema["properties"].as_object())
    else {
        return;
    };
    for (name, value) in fields {
        let field = &described
            .get(name)
            .unwrap_or_else(|| panic!("{place}.{name} is not described"));
        check(value, field, document, &format!("{place}.{name}"));
    }
    for name in described.keys() {
        assert!(fields.contains_key(name), "{place}.{name} does not exist");
    }
}

/// The schema that a reference means, also where null is another choice.
fn resolved<'d>(schema: &'d Value, document: &'d Value) -> &'d Value {
    let choices = ["oneOf", "anyOf"]
        .iter()
        .find_map(|name| schema[name].as_array());
    let schema = choices
        .and_then(|choices| choices.iter().find(|choice| choice["$ref"].is_string()))
        .unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

#[tokio::test]
async fn scorecards_have_the_fields_that_are_described() {
    let app = service();
    let document = get(&app, "/openapi.json").await.json();
    let answer = post(&app, "/v1/evaluate", request("shop")).await.json();
    let schema = &document["components"]["schemas"]["Scorecard"];
    check(&answer, schema, &document, "scorecard");
}

#[tokio::test]
async fn plans_have_the_fields_that_are_described() {
    let app = service();
    let document = get(&app, "/openapi.json").await.json();
    let schemas = &document["components"]["schemas"];
    let body = json!({"mean": 0.1, "minimum_effect": 0.05});
    let answer = post(&app, "/v1/sample-size", body.to_string()).await;
    check(&answer.json(), &schemas["PlanAnswer"], &document, "answer");
    for (name, path) in [
        ("SampleSizePlan", "/v1/sample-size"),
        ("PowerPlan", "/v1/power"),
    ] {
        // A field that is not known is told with all that are.
        for field in fields_of(&schemas[name], &document) {
            let body = json!({ field.as_str(): null, "unknown": 1 });
            let answer = post(&app, path, body.to_string()).await.json();
            let unknown: Vec<&Value> = answer["problems"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|problem| problem["code"] == "unknown-field")
                .map(|problem| &problem["path"])
                .collect();
            assert_eq!(unknown, [&json!("unknown")], "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn plans_of_metrics_have_the_fields_that_are_described() {
    let app = service();
    let document = get(&app, "/openapi.json").await.json();
    let path = "/v1/plan/sample-size?minimum_effect=0.05";
    let answer = post(&app, path, request("shop")).await.json();
    let schema = &document["components"]["schemas"]["MetricPlan"];
    check(&answer[0], schema, &document, "plan");
    for (path, field) in [
        ("/v1/plan/sample-size", "metric"),
        ("/v1/plan/power", "n_units"),
    ] {
        let parameters = &document["paths"][path]["post"]["parameters"];
        let mut names = parameters.as_array().unwrap().iter().map(|it| &it["name"]);
        assert!(names.any(|name| name == field), "{path}: {field}");
    }
}

/// The names of an object's fields, those of its parts among them.
fn fields_of(schema: &Value, document: &Value) -> Vec<String> {
    let schema = resolved(schema, document);
    let own = schema["properties"].as_object().into_iter();
    let mut names: Vec<String> = own.flat_map(|fields| fields.keys().cloned()).collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        names.extend(fields_of(part, document));
    }
    assert!(!names.is_empty(), "{schema}");
    names
}
