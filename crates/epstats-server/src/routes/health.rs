//! `GET /health`, `/health/live`, `/health/ready`.

use std::time::Duration;

use crate::sources::Probed;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::future::join_all;
use serde::Serialize;
use serde_json::json;

use crate::service::Service;

#[utoipa::path(
    get,
    path = "/health",
    tag = "operation",
    summary = "Does the service answer?",
    responses(
        (status = 200, description = "It does", body = serde_json::Value),
    ),
    security(()),
)]
/// What clients of ep-stats look for.
pub(crate) async fn health() -> Response {
    Json(json!({ "message": "ep-stats-api is ready" })).into_response()
}

#[utoipa::path(
    get,
    path = "/health/live",
    tag = "operation",
    summary = "Does the process run?",
    responses(
        (status = 200, description = "It does", body = serde_json::Value),
    ),
    security(()),
)]
/// The process runs and answers. It asks nothing: a database that is down is no reason to start the service again.
pub(crate) async fn live() -> Response {
    Json(json!({ "status": "live" })).into_response()
}

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    sources: Vec<SourceReadiness>,
}

#[derive(Serialize)]
struct SourceReadiness {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "operation",
    summary = "Should requests be sent here?",
    responses(
        (status = 200, description = "They should", body = serde_json::Value),
        (status = 503, description = "No source answers, or the service is stopping", body = serde_json::Value),
    ),
    security(()),
)]
/// Requests should be sent here: the service is not stopping, and at least one source answers, or there is none to ask.
pub(crate) async fn ready(State(service): State<Service>) -> Response {
    let sources = join_all(service.sources().iter().map(ask)).await;
    let is_any_ready = sources.is_empty() || sources.iter().any(|source| source.status == "ready");
    let status = if service.is_stopping() {
        "stopping"
    } else if is_any_ready {
        "ready"
    } else {
        "not-ready"
    };
    let code = if status == "ready" {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (code, Json(Readiness { status, sources })).into_response()
}

async fn ask(source: Probed<'_>) -> SourceReadiness {
    let answer = tokio::time::timeout(PATIENCE, source.probe()).await;
    let (status, code, reason) = match answer {
        Ok(Ok(())) => ("ready", None, None),
        Ok(Err(error)) => (
            "failed",
            Some(error.kind.code()),
            Some(error.public_message().to_owned()),
        ),
        Err(_) => (
            "failed",
            Some("source-timed-out"),
            Some(format!(
                "there was no answer within {} seconds",
                PATIENCE.as_secs()
            )),
        ),
    };
    SourceReadiness {
        name: source.name().to_owned(),
        status,
        code,
        reason,
    }
}

/// Shorter than probes of Kubernetes usually wait.
const PATIENCE: Duration = Duration::from_secs(2);
