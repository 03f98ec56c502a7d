//! A bug in a route ends its request, not the service.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::service::Service;

/// Answers a request whose route panicked. The panic hook has written to the log and to Sentry.
pub(crate) fn answer(
    service: &Service,
) -> impl Fn(Box<dyn Any + Send>) -> Response + Clone + use<> {
    let service = service.clone();
    move |_| {
        service.metrics().panicked();
        Problem::internal().for_path("").into_response()
    }
}
