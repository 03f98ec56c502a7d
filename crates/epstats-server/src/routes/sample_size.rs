//! `POST /sample-size-calculation`: requests and answers of ep-stats.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use epstats_api::ep_stats::{
    details_json, read_sample_size_request, sample_size_failure, sample_size_response,
};

use crate::body::RequestBody;
use crate::openapi::answers::SampleSizeResponse;
use crate::openapi::problems::{Detail, ValidationProblem};
use crate::openapi::requests::{NonFiniteWord, SampleSizeRequest};
use crate::reply::{json, json_with};
use crate::routes::options;
use crate::service::Service;

#[utoipa::path(
    post,
    path = "/sample-size-calculation",
    tag = "ep-stats",
    summary = "Calculate the sample size of a variant",
    params(
        ("nonfinite" = Option<NonFiniteWord>, Query, description = "How NaN and infinities are written: as bare tokens, or as null"),
        ("extra" = Option<bool>, Query, description = "Do fields of ours follow the old ones?"),
    ),
    request_body = SampleSizeRequest,
    responses(
        (status = 200, description = "The size", body = SampleSizeResponse),
        (status = 422, description = "The request does not fit", body = ValidationProblem),
        (status = 500, description = "There is no such size", body = Detail),
        (status = 400, description = "The body broke off", body = Detail),
        (status = 401, description = "No known API key", body = Detail),
        (status = 408, description = "The body came too slowly", body = Detail),
        (status = 413, description = "The body is too long", body = Detail),
        (status = 503, description = "The service is full", body = Detail),
        (status = 504, description = "It took too long", body = Detail),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
/// A few operations of arithmetic, so it is done where the request came in.
pub(crate) async fn sample_size(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    RequestBody(body): RequestBody,
) -> Response {
    let numbers = match options(query.as_deref(), service.settings()) {
        Ok(options) => options.numbers,
        Err(answer) => return *answer,
    };
    let request = match read_sample_size_request(&body) {
        Ok(request) => request,
        Err(details) => {
            return json_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                details_json(&details, numbers),
            );
        }
    };
    match sample_size_response(&request, numbers) {
        Ok(text) => json(text),
        Err(reason) => json_with(
            StatusCode::INTERNAL_SERVER_ERROR,
            sample_size_failure(&reason),
        ),
    }
}
