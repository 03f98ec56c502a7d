//! Logs, reports and traces, as those who take them see them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use epstats::plan::Plan;
use epstats_api::ServerSettings;
use epstats_server::{ApiKeys, NamedSources, Service};
use epstats_source::{Fetch, Source};
use serde_json::{Value, json};

use super::process::{client, serve};

/// Takes whatever is sent to it.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<Taken>>>);

/// Where something was sent, and its body.
type Taken = (String, Vec<u8>);

impl Sink {
    /// The sink, and where it listens.
    async fn open() -> (Sink, String) {
        let sink = Sink::default();
        let app = Router::new().fallback(take).with_state(sink.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        (sink, address.to_string())
    }

    /// The first body sent to a path for which `is_it` holds, waiting at most twenty seconds for it.
    async fn wait_for(&self, path: &str, is_it: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let begin = Instant::now();
        loop {
            let found = {
                let taken = self.0.lock().unwrap();
                taken
                    .iter()
                    .find(|(to, body)| to == path && is_it(body))
                    .map(|(_, body)| body.clone())
            };
            if let Some(found) = found {
                return found;
            }
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "nothing of the kind came to {path}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn take(State(sink): State<Sink>, uri: Uri, body: Bytes) -> &'static str {
    sink.0
        .lock()
        .unwrap()
        .push((uri.path().to_owned(), body.to_vec()));
    "{}"
}

fn contains(body: &[u8], text: &str) -> bool {
    body.windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_evaluation_is_reported_without_secrets() {
    let (sink, address) = Sink::open().await;
    let dsn = format!("http://sentry-secret@{address}/42");
    let served = serve(
        &["--test-data"],
        &[("SENTRY_DSN", &dsn), ("APP_ENV", "stage")],
    );
    let request = json!({
        "id": "signup-button", "control_variant": "a", "unit_type": "user", "checks": [],
        "metrics": [{"id": 1, "name": "m", "nominator": "count(user.unit.click(planet=mars))", "denominator": "count(user.global.exposure)"}],
        "query_parameters": {"token": "payload-secret"},
    });
    let answer = client()
        .post(format!("{}/evaluate", served.url))
        .body(request.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 500);
    let envelope = sink
        .wait_for("/api/42/envelope/", |body| {
            contains(body, "evaluation failed")
        })
        .await;
    let envelope = String::from_utf8(envelope).unwrap();
    // An envelope is lines: its header, then a header and a payload for each item.
    let event: Value = envelope
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|item| item["tags"]["experiment"].is_string())
        .unwrap_or_else(|| panic!("no event in {envelope}"));
    assert_eq!(event["tags"]["experiment"], "signup-button");
    assert_eq!(event["tags"]["code"], "missing-column");
    assert_eq!(event["environment"], "stage");
    // The level `error` is the default of the protocol, and not written.
    assert_eq!(event["level"], Value::Null);
    assert_eq!(
        event["release"],
        concat!("epstats@", env!("CARGO_PKG_VERSION"))
    );
    assert!(!envelope.contains("payload-secret"), "{envelope}");
    assert!(
        !envelope.contains("sentry-secret\"") || event.to_string().find("sentry-secret").is_none()
    );
}

/// A source with a bug.
struct Panics;

impl Source for Panics {
    fn name(&self) -> &str {
        "panics"
    }

    fn fetch<'a>(&'a self, _plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async { panic!("a bug that nobody knew") })
    }
}

/// In this process, since no request makes the command panic.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_reported_and_the_service_goes_on() {
    let (sink, address) = Sink::open().await;
    let settings = ServerSettings {
        sentry_dsn: Some(format!("http://key@{address}/7")),
        log_level: "error".to_owned(),
        ..ServerSettings::default()
    };
    epstats_server::use_tls();
    let _telemetry = epstats_server::telemetry(&settings).unwrap();
    let sources = NamedSources::default().with(Arc::new(Panics)).unwrap();
    let service = Service::new(settings, sources, ApiKeys::default()).unwrap();
    let app = epstats_server::app(service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let request = json!({"id": "shop", "control_variant": "a", "unit_type": "user", "metrics": [], "checks": []});
    let answer = client()
        .post(format!("{url}/evaluate"))
        .body(request.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 500);
    let health = client().get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    sink.wait_for("/api/7/envelope/", |body| {
        contains(body, "a bug that nobody knew")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_become_traces_under_the_trace_of_their_client() {
    let (sink, address) = Sink::open().await;
    let endpoint = format!("http://{address}");
    let mut served = serve(
        &["--test-data"],
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("APP_NAME", "traced-service"),
        ],
    );
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = client()
        .get(format!("{}/v1/sources", served.url))
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    // What is not sent yet is sent at the end.
    served.terminate();
    assert!(served.wait().success());
    let spans = sink
        .wait_for("/v1/traces", |body| contains(body, "GET /v1/sources"))
        .await;
    assert!(contains(&spans, "traced-service"));
    let id: Vec<u8> = (0..16)
        .map(|byte| u8::from_str_radix(&trace[2 * byte..2 * byte + 2], 16).unwrap())
        .collect();
    assert!(
        spans.windows(16).any(|window| window == id),
        "the span belongs to the trace of the client"
    );
}

#[tokio::test]
async fn log_lines_are_objects_with_the_id_of_the_request() {
    let mut served = serve(&["--test-data"], &[]);
    let request = epstats_demo::test_data().experiments[0].1;
    client()
        .post(format!("{}/evaluate?token=query-secret", served.url))
        .header("x-request-id", "portal-7")
        .body(request)
        .send()
        .await
        .unwrap();
    let line = served.wait_for_line("answered", |line| Some(line.clone()));
    assert_eq!(line["span"]["request_id"], "portal-7", "{line}");
    assert_eq!(
        (&line["status"], &line["path"]),
        (&json!(200), &json!("/evaluate"))
    );
    assert!(!line.to_string().contains("query-secret"));
}
