//! Routes that need an API key.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Span;

use crate::keys::ApiKeys;
use crate::problem::Problem;
use crate::service::Service;

/// Lets requests with a known key pass, all where the service has none.
pub(crate) async fn authorize(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let keys = service.keys();
    if keys.is_empty() {
        return next.run(request).await;
    }
    match name(keys, request.headers()) {
        Some(name) => {
            Span::current().record("key", name);
            next.run(request).await
        }
        None => {
            service.metrics().refused("unauthorized");
            Problem::without_key()
                .for_path(request.uri().path())
                .into_response()
        }
    }
}

/// The name of the key of a request. One that brings two must know both.
fn name<'k>(keys: &'k ApiKeys, headers: &HeaderMap) -> Option<&'k str> {
    let header = headers
        .get("x-api-key")
        .map(|key| key.to_str().unwrap_or(""));
    let bearer = headers.get(AUTHORIZATION).and_then(bearer);
    match (header, bearer) {
        (Some(key), None) | (None, Some(key)) => keys.name_of(key),
        (Some(key), Some(other)) => keys.name_of(other).and(keys.name_of(key)),
        (None, None) => None,
    }
}

/// The key of `Authorization: Bearer KEY`. Other schemes are for whoever stands before the service.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let value = value.to_str().ok()?;
    let (scheme, key) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
