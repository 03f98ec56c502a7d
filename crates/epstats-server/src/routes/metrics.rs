//! `GET /metrics`, for Prometheus.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::service::Service;

#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operation",
    summary = "Metrics for Prometheus",
    responses(
        (status = 200, description = "Text of Prometheus", body = String, content_type = "text/plain"),
    ),
    security(()),
)]
pub(crate) async fn metrics(State(service): State<Service>) -> Response {
    let text = service.metrics().text(service.workers().in_flight());
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}
