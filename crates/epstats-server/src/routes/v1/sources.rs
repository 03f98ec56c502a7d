//! `GET /v1/sources`: the names that requests may give as `source`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::openapi::ours::Sources;
use crate::openapi::problems::ProblemDetails;
use crate::service::Service;

#[derive(Serialize)]
struct Source<'s> {
    name: &'s str,
    is_default: bool,
}

#[utoipa::path(
    get,
    path = "/v1/sources",
    tag = "v1",
    summary = "List the sources",
    responses(
        (status = 200, description = "Their names", body = Sources),
        (status = 401, description = "No known API key", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn sources(State(service): State<Service>) -> Response {
    let sources = service.sources();
    let default = sources.default_name();
    let listed: Vec<Source<'_>> = sources
        .names()
        .map(|name| Source {
            name,
            is_default: default == Some(name),
        })
        .collect();
    Json(serde_json::json!({ "sources": listed })).into_response()
}
