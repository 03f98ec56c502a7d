//! `POST /v1/evaluate`: a definition to a scorecard.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use epstats_api::{DefinitionFormat, scorecard_json};

use super::{format_of, respond, text_of, understand};
use crate::body::RequestBody;
use crate::openapi::definition::Definition;
use crate::openapi::problems::ProblemDetails;
use crate::openapi::scorecard::Scorecard;
use crate::problem::Problem;
use crate::service::Service;

#[utoipa::path(
    post,
    path = "/v1/evaluate",
    tag = "v1",
    summary = "Evaluate an experiment",
    request_body = Definition,
    responses(
        (status = 200, description = "The scorecard", body = Scorecard),
        (status = 422, description = "The definition is wrong, or the data cannot answer it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such source", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The service has a bug", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 502, description = "The source failed", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 400, description = "The body broke off", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No known API key", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The service is full", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 504, description = "It took too long", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn evaluate(
    State(service): State<Service>,
    headers: HeaderMap,
    RequestBody(body): RequestBody,
) -> Response {
    let work = answer(service.clone(), body, format_of(&headers));
    respond(&service, "/v1/evaluate", work).await
}

async fn answer(
    service: Service,
    body: Vec<u8>,
    format: DefinitionFormat,
) -> Result<String, Problem> {
    let evaluation = understand(&service, text_of(&body)?, format)?;
    match evaluation.scorecard().await {
        Ok(scorecard) => Ok(scorecard_json(&scorecard)),
        Err(error) => Err(Problem::from(&error)),
    }
}
