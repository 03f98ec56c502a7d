//! Request ids, spans, metrics and the access log.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use rand::RngExt;
use tracing::{Instrument, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::metrics::Metrics;
use crate::service::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id and a span, and counts and logs its end.
pub(crate) async fn observe(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("(none)", MatchedPath::as_str).to_owned();
    let method = known_method(request.method().as_str());
    let span = span(&request, method, &route, &id);
    let mut ending = Ending {
        metrics: service.metrics().clone(),
        begin: Instant::now(),
        method,
        route,
        path: request.uri().path().to_owned(),
        status: CLIENT_WENT_AWAY,
        span: span.clone(),
    };
    let mut response = next.run(request).instrument(span).await;
    ending.status = response.status().as_u16();
    drop(ending);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn span(request: &Request, method: &'static str, route: &str, id: &str) -> Span {
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = field::Empty,
        request_id = id,
        key = field::Empty,
    );
    // Without a collector there is no one to tell the parent to.
    if request.headers().contains_key("traceparent") {
        let parent = TraceContextPropagator::new().extract(&Headers(request.headers()));
        let _is_disabled = span.set_parent(parent);
    }
    span
}

/// Counts and logs a request when it ends, also one that is dropped because its client went away.
struct Ending {
    metrics: Metrics,
    begin: Instant,
    method: &'static str,
    route: String,
    path: String,
    status: u16,
    span: Span,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let took = self.begin.elapsed();
        self.metrics
            .answered(self.method, &self.route, self.status, took);
        self.span.record("http.response.status_code", self.status);
        let _in_span = self.span.enter();
        let is_probe = matches!(
            self.route.as_str(),
            "/health/live" | "/health/ready" | "/metrics"
        );
        let milliseconds = took.as_secs_f64() * 1e3;
        if is_probe {
            tracing::debug!(target: "epstats::access", method = self.method, path = self.path, status = self.status, milliseconds, "answered");
        } else {
            tracing::info!(target: "epstats::access", method = self.method, path = self.path, status = self.status, milliseconds, "answered");
        }
    }
}

/// The client's id, if it can stand in a log line; a random one otherwise.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_plain = |id: &&str| {
        (1..=128).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte))
    };
    match given.filter(is_plain) {
        Some(id) => id.to_owned(),
        None => format!("{:032x}", rand::rng().random::<u128>()),
    }
}

/// Methods are labels of metrics, so a client must not make up new ones.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let known = KNOWN.into_iter().find(|known| *known == method);
    known.unwrap_or("other")
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// The status that web servers write for a request whose client did not wait.
const CLIENT_WENT_AWAY: u16 = 499;
