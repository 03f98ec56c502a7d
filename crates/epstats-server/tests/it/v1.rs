//! Our own routes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{get, post, request, send, service};

#[tokio::test]
async fn a_definition_gets_its_scorecard_in_the_standard_profile() {
    let answer = post(&service(), "/v1/evaluate", request("shop")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let scorecard = answer.json();
    assert_eq!(scorecard["inference"], "standard");
    let effect = scorecard["metrics"][0]["variants"][1]["relative_effect"]
        .as_f64()
        .unwrap();
    assert!((effect - 0.278_877_887_788_778_9).abs() < 1e-15);
}

#[tokio::test]
async fn a_definition_may_be_yaml() {
    let yaml = "{id: shop, control_variant: a, variants: [a, b], unit_type: user, metrics: [], checks: []}";
    let request = Request::post("/v1/evaluate")
        .header("content-type", "application/yaml")
        .body(Body::from(yaml))
        .unwrap();
    let answer = send(&service(), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_wrong_definition_gets_problem_details() {
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body["metrics"][0]["nominator"] = "count(user.units.click)".into();
    body["control_varian"] = "a".into();
    let answer = post(&service(), "/v1/evaluate", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid-definition");
    assert_eq!(problem["status"], 422);
    let codes: Vec<&Value> = problem["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| &problem["code"])
        .collect();
    assert!(
        codes.contains(&&json!("unknown-field")) && codes.contains(&&json!("unknown-aggregation")),
        "{codes:?}"
    );
}

#[tokio::test]
async fn failures_have_a_status_of_their_own() {
    let app = service();
    for (id, status, code) in [
        ("source-denied", StatusCode::BAD_GATEWAY, "source-denied"),
        ("source-failed", StatusCode::BAD_GATEWAY, "source-failed"),
        (
            "source-timed-out",
            StatusCode::GATEWAY_TIMEOUT,
            "source-timed-out",
        ),
        (
            "missing-column",
            StatusCode::UNPROCESSABLE_ENTITY,
            "missing-column",
        ),
    ] {
        let answer = post(&app, "/v1/evaluate", request(id)).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.json()["code"], code);
    }
    let mut unknown: Value = serde_json::from_str(&request("shop")).unwrap();
    unknown["source"] = "nowhere".into();
    let answer = post(&app, "/v1/evaluate", unknown.to_string()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["code"], "unknown-source");
}

#[tokio::test]
async fn checking_tells_what_would_be_asked() {
    let app = service();
    let sound = post(&app, "/v1/check", request("shop")).await.json();
    assert_eq!(sound["is_valid"], true);
    assert_eq!(sound["asks"]["source"], "table");
    assert!(
        sound["asks"]["goals"].as_array().unwrap().len() >= 2,
        "{sound}"
    );
    let wrong = post(&app, "/v1/check", "{\"id\": \"shop\"}").await;
    assert_eq!(wrong.status, StatusCode::OK);
    let wrong = wrong.json();
    assert_eq!(wrong["is_valid"], false);
    assert!(wrong.get("asks").is_none());
    assert!(!wrong["problems"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn of_many_experiments_each_has_its_own_answer() {
    let definitions = [
        request("shop"),
        "{\"id\": \"wrong\"}".to_owned(),
        request("source-denied"),
        "7".to_owned(),
        request("panic"),
    ];
    let body = format!("{{\"experiments\": [{}]}}", definitions.join(","));
    let answer = post(&service(), "/v1/evaluate-many", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    let results = answer["results"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = results
        .iter()
        .map(|result| (&result["id"], &result["status"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("shop"), &json!(200)),
            (&json!("wrong"), &json!(422)),
            (&json!("source-denied"), &json!(502)),
            (&Value::Null, &json!(422)),
            (&json!("panic"), &json!(500)),
        ]
    );
    assert_eq!(results[0]["scorecard"]["experiment"], "shop");
    assert_eq!(results[2]["problem"]["code"], "source-denied");
}

#[tokio::test]
async fn sources_are_listed_by_name() {
    let answer = get(&service(), "/v1/sources").await;
    assert_eq!(
        answer.json(),
        json!({"sources": [{"name": "table", "is_default": true}]})
    );
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_get_problem_details() {
    let app = service();
    let unknown = get(&app, "/v1/nothing").await;
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (StatusCode::NOT_FOUND, &json!("not-found"))
    );
    let wrong = get(&app, "/v1/evaluate").await;
    assert_eq!(
        (wrong.status, &wrong.json()["code"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!("method-not-allowed"))
    );
}
