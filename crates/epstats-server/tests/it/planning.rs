//! `POST /v1/sample-size` and `POST /v1/power`.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::support::{post, request, send, service};

/// (z_0.975 + z_0.8)² (0.1 · 0.9 + 0.105 · 0.895)/0.005² = 57759.906 by Python's `statistics.NormalDist`.
#[tokio::test]
async fn a_plan_gets_the_units_it_needs() {
    let body = json!({"mean": 0.1, "minimum_effect": 0.05, "daily_units": 10_000});
    let answer = post(&service(), "/v1/sample-size", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer["n_units_control"], 57_760);
    assert_eq!(answer["n_units"], 115_520);
    assert_eq!(answer["duration_days"], 12.0);
    assert_eq!(answer["reasons"], json!({}));
}

#[tokio::test]
async fn units_get_the_effect_that_they_find() {
    let yaml = "{mean: 12.5, standard_deviation: 40, n_units: 20000}";
    let request = Request::post("/v1/power")
        .header("content-type", "application/yaml")
        .body(Body::from(yaml))
        .unwrap();
    let answer = send(&service(), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let effect = answer.json()["minimum_detectable_effect_absolute"]
        .as_f64()
        .unwrap();
    // By halving an interval with both tails of Python's `statistics.NormalDist`.
    assert!((effect - 1.584_813_983_716_821_8).abs() < 1e-12, "{effect}");
}

#[tokio::test]
async fn a_wrong_plan_gets_problem_details() {
    let body = json!({"mean": 2, "minimun_effect": 0.05});
    let answer = post(&service(), "/v1/sample-size/", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid-plan");
    assert_eq!(problem["detail"], "the plan has 2 problems");
    assert_eq!(problem["problems"][0]["code"], "out-of-range");
    assert_eq!(
        problem["problems"][1]["help"],
        "did you mean `minimum_effect`?"
    );
}

/// 1000 units of control with 240 clicks whose squares sum to 400: mean 0.24, variance (400 − 57.6)/999. By the formula of the page,
/// 2 (z_0.975 + z_0.8)² v/(0.05 · 0.24)² = 37363.1 with the quantiles of Python's `statistics.NormalDist`.
#[tokio::test]
async fn a_definition_gets_a_plan_for_each_metric() {
    let path = "/v1/plan/sample-size?minimum_effect=0.05&daily_units=10000&metric=1";
    let answer = post(&service(), path, request("shop")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer[0]["id"], 1);
    assert_eq!(answer[0]["baseline"]["mean"], 0.24);
    assert_eq!(answer[0]["aim"]["kind"], "effect");
    assert_eq!(answer[0]["answer"]["n_units_control"], 37_364);
    assert_eq!(answer[0]["answer"]["duration_days"], 8.0);
}

#[tokio::test]
async fn a_definition_gets_what_its_units_can_show() {
    let answer = post(&service(), "/v1/plan/power", request("shop")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer[0]["answer"]["n_units_control"], 1000);
    assert!(answer[0]["aim"].is_null());
}

#[tokio::test]
async fn metrics_without_an_aim_say_so() {
    let answer = post(&service(), "/v1/plan/sample-size", request("shop")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()[0]["reason"], "no-aim");
}

#[tokio::test]
async fn a_wrong_query_gets_problem_details() {
    for (query, code) in [
        ("minimum_effect=0.05&power=2", "invalid-plan"),
        ("minimum_effect=0.05&minimum_effect=0.1", "invalid-plan"),
        ("minimum_effect=0.05&colour=red", "invalid-plan"),
        ("metric=7", "unreadable-request"),
        ("minimum_effect=%ff%fe", "invalid-plan"),
    ] {
        let path = format!("/v1/plan/sample-size?{query}");
        let answer = post(&service(), &path, request("shop")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(answer.json()["code"], code, "{query}: {}", answer.text);
    }
}
