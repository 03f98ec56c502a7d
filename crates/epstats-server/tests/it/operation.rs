//! What operators see.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use epstats::source::FailureKind;
use epstats_api::ServerSettings;
use serde_json::json;

use crate::support::{
    SECRET, Scripted, get, post, request, send, service, with_settings, with_source,
};

#[tokio::test]
async fn health_answers_what_clients_of_ep_stats_look_for() {
    for path in ["/health", "/health/"] {
        let answer = get(&service(), path).await;
        assert_eq!(
            (answer.status, answer.json()),
            (StatusCode::OK, json!({"message": "ep-stats-api is ready"}))
        );
    }
}

#[tokio::test]
async fn the_service_is_ready_when_a_source_is() {
    let answer = get(&service(), "/health/ready").await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            StatusCode::OK,
            json!({"status": "ready", "sources": [{"name": "table", "status": "ready"}]})
        )
    );
}

#[tokio::test]
async fn it_lives_but_is_not_ready_while_its_source_is_down() {
    let app = with_source(
        ServerSettings::default(),
        Scripted::with_probe(Some(FailureKind::Denied)),
    );
    assert_eq!(get(&app, "/health/live").await.status, StatusCode::OK);
    let answer = get(&app, "/health/ready").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["sources"][0]["code"], "source-denied");
    assert!(!answer.text.contains(SECRET));
}

#[tokio::test]
async fn metrics_have_the_names_of_ep_stats_and_ours() {
    let app = service();
    post(&app, "/evaluate", request("shop")).await;
    let performance = request("shop").replace(
        "\"unit_type\"",
        "\"query_parameters\":{\"is_performance_test\":true},\"unit_type\"",
    );
    post(&app, "/evaluate", performance).await;
    post(&app, "/evaluate", request("source-denied")).await;
    let text = get(&app, "/metrics").await.text;
    for line in [
        "# TYPE ep_stats_evaluation_duration_seconds summary",
        "ep_stats_evaluation_duration_seconds_count{exp_id=\"shop\",is_performance_test=\"False\"} 1",
        "ep_stats_evaluation_duration_seconds_count{exp_id=\"shop\",is_performance_test=\"True\"} 1",
        "ep_stats_query_duration_seconds_count{exp_id=\"source-denied\",is_performance_test=\"False\"} 1",
        "ep_stats_stats_computation_duration_seconds_count{exp_id=\"shop\",is_performance_test=\"False\"} 1",
        "ep_stats_evaluation_requests_total 3",
        "ep_stats_evaluation_successes_total 2",
        "ep_stats_evaluation_errors_total 1",
        "ep_stats_check_evaluation_errors_total 0",
        "epstats_http_requests_total{method=\"POST\",route=\"/evaluate\",status=\"200\"} 2",
        "epstats_source_failures_total{kind=\"source-denied\",source=\"table\"} 1",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no `{line}` in\n{text}"
        );
    }
}

#[tokio::test]
async fn metrics_name_so_many_experiments_and_no_more() {
    let settings = ServerSettings {
        metrics_experiments: 2,
        ..ServerSettings::default()
    };
    let app = with_settings(settings);
    for id in ["one", "two", "three", "four"] {
        post(&app, "/evaluate", request(id)).await;
    }
    let text = get(&app, "/metrics").await.text;
    assert!(text.contains("ep_stats_evaluation_duration_seconds_count{exp_id=\"other\",is_performance_test=\"False\"} 2"));
    assert!(!text.contains("three") && !text.contains("four"));
}

#[tokio::test]
async fn a_bug_ends_its_request_and_is_counted() {
    let app = service();
    let answer = post(&app, "/evaluate", request("panic")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        answer.json()["detail"],
        "the service failed; its log tells why"
    );
    assert_eq!(
        post(&app, "/evaluate", request("shop")).await.status,
        StatusCode::OK
    );
    assert!(
        get(&app, "/metrics")
            .await
            .text
            .contains("epstats_panics_total 1")
    );
}

#[tokio::test]
async fn request_ids_are_taken_over_if_they_are_plain() {
    let app = service();
    let with_id = |id: &str| {
        Request::get("/health")
            .header("x-request-id", id)
            .body(Body::empty())
            .unwrap()
    };
    let answer = send(&app, with_id("portal-17")).await;
    assert_eq!(answer.header("x-request-id"), Some("portal-17"));
    for id in ["two words", &"x".repeat(129), "{\"json\":1}"] {
        let answer = send(&app, with_id(id)).await;
        let given = answer.header("x-request-id").unwrap();
        assert!(given.len() == 32 && given != id, "{given}");
    }
}

#[tokio::test]
async fn answers_are_not_for_caches_and_sniffers() {
    let answer = post(&service(), "/evaluate", request("shop")).await;
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn pages_of_other_origins_may_call_only_where_the_operator_says_so() {
    let from = |origin: &str| {
        Request::get("/health")
            .header("origin", origin)
            .body(Body::empty())
            .unwrap()
    };
    let closed = send(&service(), from("https://portal.example")).await;
    assert_eq!(closed.header("access-control-allow-origin"), None);
    let settings = ServerSettings {
        cors_origins: vec!["https://portal.example".to_owned()],
        ..ServerSettings::default()
    };
    let open = with_settings(settings);
    let answer = send(&open, from("https://portal.example")).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://portal.example")
    );
    let answer = send(&open, from("https://evil.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn the_page_of_the_documentation_needs_no_other_server() {
    let app = service();
    let page = get(&app, "/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    let outside = page
        .text
        .match_indices("http")
        .filter(|(at, _)| !page.text[*at..].starts_with("http-equiv"))
        .count();
    assert_eq!(outside, 0, "{}", page.text);
    let script = get(&app, "/docs/swagger-ui-bundle.js").await;
    assert!(script.status == StatusCode::OK && script.text.len() > 100_000);
    let redoc = get(&app, "/redoc").await;
    assert_eq!(redoc.status, StatusCode::TEMPORARY_REDIRECT);
}
