//! `POST /v1/check`: what is wrong with a definition, and what it would ask, without asking.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use epstats::experiment::{Code, Diagnostic};
use epstats::plan::for_experiment;
use epstats_api::{DefinitionFormat, ProblemDocument, read_definition};
use serde::Serialize;

use super::{format_of, respond, text_of};
use crate::body::RequestBody;
use crate::openapi::ours::{AnyDefinition, CheckedDefinition};
use crate::openapi::problems::ProblemDetails;
use crate::problem::Problem;
use crate::service::Service;

#[derive(Serialize)]
struct Checked<'d> {
    is_valid: bool,
    problems: Vec<ProblemDocument<'d>>,
    /// What an evaluation would ask of the source; absent where the definition has errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    asks: Option<Asks>,
}

#[derive(Serialize)]
struct Asks {
    source: Option<String>,
    goals: Vec<String>,
    n_pairs: usize,
}

#[utoipa::path(
    post,
    path = "/v1/check",
    tag = "v1",
    summary = "Check a definition without evaluating it",
    request_body = AnyDefinition,
    responses(
        (status = 200, description = "What is wrong, and what would be asked", body = CheckedDefinition),
        (status = 422, description = "The definition is wrong, or the data cannot answer it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 400, description = "The body broke off", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No known API key", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The service is full", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 504, description = "It took too long", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn check(
    State(service): State<Service>,
    headers: HeaderMap,
    RequestBody(body): RequestBody,
) -> Response {
    let work = answer(service.clone(), body, format_of(&headers));
    respond(&service, "/v1/check", work).await
}

async fn answer(
    service: Service,
    body: Vec<u8>,
    format: DefinitionFormat,
) -> Result<String, Problem> {
    let definition = read_definition(text_of(&body)?, format);
    // A text that is no JSON, or no object.
    let is_unreadable = |problem: &Diagnostic| {
        let is_about_all = problem.place.path.is_empty() && problem.code != Code::MissingField;
        problem.is_error() && is_about_all
    };
    if definition.diagnostics.iter().any(is_unreadable) {
        return Err(Problem::of_definition(&definition.diagnostics));
    }
    let source = definition.source.as_deref();
    let asks = definition.experiment.as_ref().map(|experiment| {
        let plan = for_experiment(experiment);
        Asks {
            source: source
                .or(service.sources().default_name())
                .map(str::to_owned),
            goals: plan.goals.iter().map(ToString::to_string).collect(),
            n_pairs: plan.pairs.len(),
        }
    });
    let checked = Checked {
        is_valid: definition.experiment.is_some(),
        problems: definition
            .diagnostics
            .iter()
            .map(ProblemDocument::from)
            .collect(),
        asks,
    };
    serde_json::to_string(&checked).map_err(|_| Problem::internal())
}
