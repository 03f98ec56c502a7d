//! The service as a router.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::layers::{authorize::authorize, observe::observe, panics};
use crate::openapi;
use crate::problem::Problem;
use crate::routes::{evaluate, health, metrics, sample_size, v1};
use crate::service::Service;

/// The whole service, to be called in process or put behind a socket with [`serve`](crate::serve).
pub fn app(service: Service) -> Router {
    let with_key = both("/evaluate", || post(evaluate::evaluate))
        .merge(both("/sample-size-calculation", || {
            post(sample_size::sample_size)
        }))
        .merge(both("/v1/evaluate", || post(v1::evaluate::evaluate)))
        .merge(both("/v1/evaluate-many", || {
            post(v1::evaluate_many::evaluate_many)
        }))
        .merge(both("/v1/check", || post(v1::check::check)))
        .merge(both("/v1/sample-size", || post(v1::plan::sample_size)))
        .merge(both("/v1/power", || post(v1::plan::power)))
        .merge(both("/v1/plan/sample-size", || {
            post(v1::plan_of_data::sample_size)
        }))
        .merge(both("/v1/plan/power", || post(v1::plan_of_data::power)))
        .merge(both("/v1/sources", || get(v1::sources::sources)))
        .route_layer(from_fn_with_state(service.clone(), authorize));
    // Probes and scrapers have no key, and browsers send none with a page.
    let open = both("/health", || get(health::health))
        .merge(both("/health/live", || get(health::live)))
        .merge(both("/health/ready", || get(health::ready)))
        .merge(both("/metrics", || get(metrics::metrics)))
        .merge(openapi::routes())
        .route("/redoc", get(|| async { Redirect::temporary("/docs/") }));
    let cors = cors(&service.settings().cors_origins);
    let router = with_key
        .merge(open)
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panics::answer(&service)))
        .layer(from_fn(security_headers))
        .layer(from_fn_with_state(service.clone(), observe))
        .with_state(service);
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
}

/// A route with and without a slash at its end.
fn both(path: &str, methods: impl Fn() -> MethodRouter<Service>) -> Router<Service> {
    Router::new()
        .route(path, methods())
        .route(&format!("{path}/"), methods())
}

async fn not_found(request: Request) -> Response {
    Problem::not_found()
        .for_path(request.uri().path())
        .into_response()
}

async fn method_not_allowed(request: Request) -> Response {
    Problem::method_not_allowed()
        .for_path(request.uri().path())
        .into_response()
}

/// Answers are data for programs: no browser should take them for something else, or keep them.
async fn security_headers(request: Request, next: middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry("cache-control")
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Pages of these origins may call the service; none unless the operator says so.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([axum::http::Method::GET, axum::http::Method::POST])
            .allow_headers([
                CONTENT_TYPE,
                AUTHORIZATION,
                "x-api-key".parse().unwrap_or(CONTENT_TYPE),
            ]),
    )
}
