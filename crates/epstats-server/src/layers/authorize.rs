//! Routes that need an API key.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Span;

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
    match key_of(request.headers()).and_then(|key| keys.name_of(key)) {
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

fn key_of(headers: &HeaderMap) -> Option<&str> {
    if let Some(key) = headers.get("x-api-key") {
        return key.to_str().ok();
    }
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
