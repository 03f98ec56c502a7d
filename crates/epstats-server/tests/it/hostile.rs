//! Requests that nobody sends by mistake.

use axum::Router;
use serde_json::{Value, json};

use crate::support::{post, request, service};

const ROUTES: [&str; 9] = [
    "/evaluate",
    "/sample-size-calculation",
    "/v1/evaluate",
    "/v1/evaluate-many",
    "/v1/check",
    "/v1/sample-size",
    "/v1/power",
    "/v1/plan/sample-size",
    "/v1/plan/power",
];

async fn survives(app: &Router, name: &str, body: impl Into<Vec<u8>>) {
    let body: Vec<u8> = body.into();
    for route in ROUTES {
        let answer = post(app, route, body.clone()).await;
        let is_told = answer.status.is_success()
            || answer.status.is_client_error()
            || answer.text.contains("Cannot ");
        assert!(
            is_told,
            "{name} on {route}: {} {}",
            answer.status, answer.text
        );
        assert!(
            !answer.text.contains("its log tells why"),
            "{name} on {route}: {}",
            answer.text
        );
    }
}

fn changed(field: &str, value: Value) -> String {
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body[field] = value;
    body.to_string()
}

#[tokio::test]
async fn bodies_that_are_no_json_are_told_so() {
    let app = service();
    survives(&app, "empty", "").await;
    survives(&app, "invalid UTF-8", b"{\"id\": \"\xff\xfe\"}".to_vec()).await;
    survives(&app, "zero bytes", vec![0; 1000]).await;
    survives(&app, "100,000 brackets", "[".repeat(100_000)).await;
    survives(
        &app,
        "100,000 closed brackets",
        "[".repeat(100_000) + &"]".repeat(100_000),
    )
    .await;
    survives(&app, "100,000 objects", "{\"a\":".repeat(100_000)).await;
    survives(&app, "lone surrogate", "{\"id\": \"\\ud800\"}").await;
    survives(&app, "two values", "{} {}").await;
}

#[tokio::test]
async fn values_that_no_number_holds_are_told_so() {
    let app = service();
    for number in [
        "1e400",
        "-1e400",
        "1e-400",
        "NaN",
        "Infinity",
        "-Infinity",
        "123456789012345678901234567890",
        "0x10",
        "1_000",
    ] {
        survives(
            &app,
            number,
            changed("null_hypothesis_rate", json!("@")).replace("\"@\"", number),
        )
        .await;
        survives(
            &app,
            number,
            changed("id", json!("@")).replace("\"@\"", number),
        )
        .await;
        survives(&app, number, format!("{{\"n_variants\": {number}, \"minimum_effect\": {number}, \"mean\": {number}, \"std\": {number}}}")).await;
    }
}

#[tokio::test]
async fn odd_but_readable_definitions_are_survived() {
    let app = service();
    survives(
        &app,
        "repeated keys",
        request("shop").replace("\"unit_type\"", "\"id\":\"other\",\"unit_type\""),
    )
    .await;
    survives(&app, "empty lists", changed("metrics", json!([]))).await;
    survives(&app, "no variants", changed("variants", json!([]))).await;
    survives(
        &app,
        "unknown variants",
        changed("variants", json!(["x", "y", "a"])),
    )
    .await;
    survives(&app, "one variant", changed("variants", json!(["a"]))).await;
    survives(&app, "long id", changed("id", json!("x".repeat(100_000)))).await;
    survives(
        &app,
        "odd characters",
        changed("id", json!("'; DROP TABLE goals; -- \u{0} \u{202e}")),
    )
    .await;
}

#[tokio::test]
async fn five_hundred_metrics_are_evaluated() {
    let metric = |id: i32| json!({"id": id, "name": format!("metric {id}"), "nominator": "count(user.unit.click)", "denominator": "count(user.global.exposure)"});
    let metrics: Vec<Value> = (0..500).map(metric).collect();
    let body = changed("metrics", json!(metrics));
    let answer = post(&service(), "/evaluate?nonfinite=null", body).await;
    assert_eq!(answer.json()["metrics"].as_array().unwrap().len(), 500);
}

#[tokio::test]
async fn long_and_deep_formulas_are_answered_at_once() {
    let app = service();
    let begin = std::time::Instant::now();
    let goal = "count(user.unit.click)";
    let long = vec![goal; 400].join("+");
    assert!(long.len() < 10_000);
    for formula in [
        long,
        vec![goal; 5_000].join("+"),
        "(".repeat(10_000),
        format!("{}{goal}{}", "(".repeat(99), ")".repeat(99)),
        format!("{}{goal}{}", "(".repeat(5_000), ")".repeat(5_000)),
        "🦀".repeat(2_500),
    ] {
        let metric = json!([{"id": 1, "name": "m", "nominator": formula, "denominator": "count(user.global.exposure)"}]);
        survives(&app, "formula", changed("metrics", metric)).await;
    }
    assert!(
        begin.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}
