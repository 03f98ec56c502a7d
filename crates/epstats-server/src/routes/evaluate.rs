//! `POST /evaluate`: requests and answers of ep-stats.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use epstats::EvaluationError;
use epstats_api::ep_stats::{
    self, Detail, EvaluateRequest, ResponseOptions, details_json, evaluate_response,
    evaluation_failure, reason_of,
};

use crate::body::RequestBody;
use crate::evaluation::Evaluation;
use crate::openapi::answers::EvaluateResponse;
use crate::openapi::problems::{Detail as DetailAnswer, ValidationProblem};
use crate::openapi::requests::{EvaluateRequest as EvaluateBody, NonFiniteWord};
use crate::problem::Problem;
use crate::reply::{json, json_with};
use crate::routes::{options, today};
use crate::service::Service;

/// What became of a request.
enum Answer {
    Scorecard(String),
    NotUnderstood(Vec<Detail>),
    Failed { id: String, error: EvaluationError },
    NoSource { id: String, reason: String },
}

#[utoipa::path(
    post,
    path = "/evaluate",
    tag = "ep-stats",
    summary = "Evaluate an experiment",
    params(
        ("nonfinite" = Option<NonFiniteWord>, Query, description = "How NaN and infinities are written: as bare tokens, or as null"),
        ("extra" = Option<bool>, Query, description = "Do fields of ours follow the old ones?"),
    ),
    request_body = EvaluateBody,
    responses(
        (status = 200, description = "The scorecard", body = EvaluateResponse),
        (status = 422, description = "The request does not fit", body = ValidationProblem),
        (status = 500, description = "The experiment cannot be evaluated", body = DetailAnswer),
        (status = 400, description = "The body broke off", body = DetailAnswer),
        (status = 401, description = "No known API key", body = DetailAnswer),
        (status = 408, description = "The body came too slowly", body = DetailAnswer),
        (status = 413, description = "The body is too long", body = DetailAnswer),
        (status = 503, description = "The service is full", body = DetailAnswer),
        (status = 504, description = "It took too long", body = DetailAnswer),
    ),
    security(("bearer" = []), ("api_key" = [])),
)]
pub(crate) async fn evaluate(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    RequestBody(body): RequestBody,
) -> Response {
    let options = match options(query.as_deref(), service.settings()) {
        Ok(options) => options,
        Err(answer) => return *answer,
    };
    let work = answer(service.clone(), body, options);
    let answer = match service.work("/evaluate", work).await {
        Ok(answer) => answer,
        Err(refusal) => return *refusal,
    };
    match answer {
        Answer::Scorecard(text) => json(text),
        Answer::NotUnderstood(details) => json_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            details_json(&details, options.numbers),
        ),
        Answer::Failed { id, error } => failed(&id, &error),
        Answer::NoSource { id, reason } => {
            cannot_evaluate(StatusCode::INTERNAL_SERVER_ERROR, &id, &reason)
        }
    }
}

async fn answer(service: Service, body: Vec<u8>, options: ResponseOptions) -> Answer {
    let request = match ep_stats::read_evaluate_request(&body, today()) {
        Ok(request) => request,
        Err(details) => return Answer::NotUnderstood(details),
    };
    let EvaluateRequest {
        experiment,
        source,
        query_parameters,
        id,
        warnings,
    } = request;
    let source = match service.sources().find(source.as_deref()) {
        Ok(found) => found.source(&experiment, &query_parameters),
        Err(none) => {
            return Answer::NoSource {
                id,
                reason: none.to_string(),
            };
        }
    };
    let is_performance_test = query_parameters
        .get("is_performance_test")
        .is_some_and(is_true);
    let evaluation = Evaluation {
        experiment,
        source,
        is_performance_test,
        metrics: service.metrics().clone(),
    };
    match evaluation.scorecard().await {
        Ok(mut scorecard) => {
            scorecard.warnings.extend(warnings);
            Answer::Scorecard(evaluate_response(&scorecard, options))
        }
        Err(error) => Answer::Failed { id, error },
    }
}

/// All failures have the status that ep-stats gives them, but a source that took too long.
fn failed(id: &str, error: &EvaluationError) -> Response {
    let (status, reason) = match error {
        EvaluationError::Definition(problems) => {
            (StatusCode::INTERNAL_SERVER_ERROR, reason_of(problems))
        }
        EvaluationError::Source(error) => {
            let problem = Problem::from(error);
            let status = match problem.status {
                StatusCode::GATEWAY_TIMEOUT => StatusCode::GATEWAY_TIMEOUT,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            (status, problem.detail)
        }
    };
    cannot_evaluate(status, id, &reason)
}

fn cannot_evaluate(status: StatusCode, id: &str, reason: &str) -> Response {
    json_with(status, evaluation_failure(id, reason))
}

fn is_true(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Bool(truth) => *truth,
        serde_json::Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
