//! `POST /evaluate`, as clients of ep-stats call it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{SECRET, get, post, request, service};

#[tokio::test]
async fn a_request_of_ep_stats_gets_the_answer_of_ep_stats() {
    let answer = post(&service(), "/evaluate?extra=false", request("shop")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    // The required sizes are NaN, which JSON has no word for and Python writes all the same.
    assert!(
        answer.text.contains("\"required_sample_size\": NaN")
            || answer.text.contains("\"required_sample_size\":NaN")
    );
    let body: Value = serde_json::from_str(&answer.text.replace("NaN", "null")).unwrap();
    assert_eq!(body["id"], "shop");
    let rows = body["metrics"][0]["stats"].as_array().unwrap();
    let variants: Vec<&Value> = rows.iter().map(|row| &row["exp_variant_id"]).collect();
    assert_eq!(variants, ["a", "b"]);
    assert_eq!(rows[0]["diff"], 0.0);
    assert_eq!(rows[0]["p_value"], 1.0);
    // 310/1010 over 240/1000, less one, in exact fractions: 0.27887788778877887…
    let diff = rows[1]["diff"].as_f64().unwrap();
    assert!((diff - 0.278_877_887_788_778_9).abs() < 1e-15, "{diff}");
    let fields: Vec<&String> = rows[1].as_object().unwrap().keys().collect();
    assert_eq!(fields.len(), 12, "{fields:?}");
    assert_eq!(body["checks"][0]["stats"][0]["variable_id"], "p_value");
    assert_eq!(body["exposure"]["unit_type"], "user");
    assert_eq!(
        body["exposure"]["stats"],
        json!([{"exp_variant_id": "a", "count": 1000}, {"exp_variant_id": "b", "count": 1010}])
    );
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    let app = service();
    let without = post(&app, "/evaluate", request("shop")).await;
    let with = post(&app, "/evaluate/", request("shop")).await;
    assert_eq!((without.status, without.text), (with.status, with.text));
}

#[tokio::test]
async fn strict_json_is_given_where_it_is_asked_for() {
    let answer = post(&service(), "/evaluate?nonfinite=null", request("shop")).await;
    let row = &answer.json()["metrics"][0]["stats"][1];
    assert_eq!(row["required_sample_size"], Value::Null);
}

#[tokio::test]
async fn a_word_that_the_query_does_not_know_is_told() {
    for query in ["nonfinite=nil", "nonfinite", "extra=maybe"] {
        let answer = post(&service(), &format!("/evaluate?{query}"), request("shop")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(answer.json()["detail"][0]["loc"][0], "query");
    }
    let other = post(&service(), "/evaluate?other=1", request("shop")).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn our_fields_come_after_the_old_ones() {
    let answer = post(&service(), "/evaluate?nonfinite=null", request("shop")).await;
    let body = answer.json();
    assert_eq!(body["inference"], "ep-stats");
    let row = &body["metrics"][0]["stats"][1];
    let (diff, lower, upper) = (&row["diff"], &row["lower"], &row["upper"]);
    assert!(
        lower.as_f64() < diff.as_f64() && diff.as_f64() < upper.as_f64(),
        "{row}"
    );
}

#[tokio::test]
async fn the_standard_profile_is_there_for_who_asks() {
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body["inference"] = "standard".into();
    let answer = post(&service(), "/evaluate?nonfinite=null", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["inference"], "standard");
}

#[tokio::test]
async fn a_request_that_does_not_fit_gets_every_reason() {
    let body = json!({"control_variant": 1, "unit_type": "user", "metrics": [], "checks": {}});
    let answer = post(&service(), "/evaluate", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let details = answer.json();
    let details = details["detail"].as_array().unwrap();
    let told: Vec<(&str, String)> = details
        .iter()
        .map(|detail| (detail["type"].as_str().unwrap(), detail["loc"].to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("missing", "[\"body\",\"id\"]".to_owned()),
            ("string_type", "[\"body\",\"control_variant\"]".to_owned()),
            ("list_type", "[\"body\",\"checks\"]".to_owned()),
        ]
    );
}

#[tokio::test]
async fn an_unknown_control_is_a_failed_evaluation() {
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body["control_variant"] = "z".into();
    let answer = post(&service(), "/evaluate", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("Cannot evaluate experiment [shop] because of "),
        "{detail}"
    );
    assert!(detail.contains('z'), "{detail}");
}

#[tokio::test]
async fn a_source_that_fails_is_named_without_its_secrets() {
    let app = service();
    let told = post(&app, "/evaluate", request("source-denied")).await;
    assert_eq!(told.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        told.json()["detail"],
        "Cannot evaluate experiment [source-denied] because of source `table`: its data may not be read"
    );
    for kind in [
        "source-not-found",
        "corrupt-file",
        "query-rejected",
        "source-failed",
        "disk-full",
    ] {
        let told = post(&app, "/evaluate", request(kind)).await;
        assert!(
            !told.text.contains("secret") && !told.text.contains("SELECT"),
            "{}",
            told.text
        );
        assert!(SECRET.contains("secret"));
    }
}

#[tokio::test]
async fn an_unknown_source_is_a_failed_evaluation() {
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body["source"] = "../../etc/passwd".into();
    let answer = post(&service(), "/evaluate", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answer.text.contains("there is no source"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_answer_as_before() {
    let app = service();
    let unknown = get(&app, "/evaluated").await;
    assert_eq!(
        (unknown.status, unknown.text.as_str()),
        (StatusCode::NOT_FOUND, "{\"detail\":\"Not Found\"}")
    );
    let wrong = get(&app, "/evaluate").await;
    assert_eq!(
        (wrong.status, wrong.text.as_str()),
        (
            StatusCode::METHOD_NOT_ALLOWED,
            "{\"detail\":\"Method Not Allowed\"}"
        )
    );
    assert_eq!(wrong.header("allow"), Some("POST"));
}
