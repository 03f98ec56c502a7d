//! Answers that are not problems.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// JSON that is already text.
pub(crate) fn json(text: String) -> Response {
    json_with(StatusCode::OK, text)
}

/// JSON that is already text, with a status.
pub(crate) fn json_with(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], text).into_response()
}
