//! `POST /v1/sample-size` and `POST /v1/power`: planning from numbers.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use epstats_api::{DefinitionFormat, PlanKind, answer_plan, read_plan};

use super::{format_of, text_of};
use crate::body::RequestBody;
use crate::openapi::planning::{PlanAnswer, PowerPlan, SampleSizePlan};
use crate::openapi::problems::ProblemDetails;
use crate::problem::Problem;
use crate::reply::json;

#[utoipa::path(
    post,
    path = "/v1/sample-size",
    tag = "v1",
    summary = "Tell how many units an experiment needs",
    request_body = SampleSizePlan,
    responses(
        (status = 200, description = "The units, and what they can show", body = PlanAnswer),
        (status = 422, description = "The plan is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 400, description = "The body broke off", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No known API key", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The service is full", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 504, description = "It took too long", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn sample_size(headers: HeaderMap, RequestBody(body): RequestBody) -> Response {
    respond(&headers, &body, PlanKind::SampleSize, "/v1/sample-size")
}

#[utoipa::path(
    post,
    path = "/v1/power",
    tag = "v1",
    summary = "Tell what an experiment of a given size can show",
    request_body = PowerPlan,
    responses(
        (status = 200, description = "Power, and the smallest effect that is found", body = PlanAnswer),
        (status = 422, description = "The plan is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 400, description = "The body broke off", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No known API key", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The service is full", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 504, description = "It took too long", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn power(headers: HeaderMap, RequestBody(body): RequestBody) -> Response {
    respond(&headers, &body, PlanKind::Power, "/v1/power")
}

/// Arithmetic of less than a millisecond, so it is done where the request came in.
fn respond(headers: &HeaderMap, body: &[u8], kind: PlanKind, path: &str) -> Response {
    match answer(body, format_of(headers), kind) {
        Ok(text) => json(text),
        Err(problem) => problem.for_path(path).into_response(),
    }
}

fn answer(body: &[u8], format: DefinitionFormat, kind: PlanKind) -> Result<String, Problem> {
    let plan = read_plan(text_of(body)?, format, kind);
    let Some(request) = plan.request else {
        return Err(Problem::of_plan(&plan.diagnostics));
    };
    serde_json::to_string(&answer_plan(&request)).map_err(|_| Problem::internal())
}
