//! Our own routes: strict JSON, the profile `standard` unless asked otherwise, problem details.

pub(crate) mod check;
pub(crate) mod evaluate;
pub(crate) mod evaluate_many;
pub(crate) mod plan;
pub(crate) mod plan_of_data;
pub(crate) mod sources;

use axum::response::{IntoResponse, Response};
use epstats_api::{DefinitionFormat, read_definition};

use crate::evaluation::Evaluation;
use crate::problem::Problem;
use crate::reply::json;
use crate::routes::today;
use crate::service::Service;

/// A definition without errors, and where its data are.
pub(crate) fn understand(
    service: &Service,
    text: &str,
    format: DefinitionFormat,
) -> Result<Evaluation, Problem> {
    let definition = read_definition(text, format);
    let Some(mut experiment) = definition.experiment else {
        return Err(Problem::of_definition(&definition.diagnostics));
    };
    let found = service.sources().find(definition.source.as_deref())?;
    experiment.set_today(today());
    let source = found.source(&experiment, &serde_json::Map::new());
    Ok(Evaluation {
        experiment,
        source,
        is_performance_test: false,
        metrics: service.metrics().clone(),
    })
}

/// Has an answer made where evaluations run.
pub(crate) async fn respond(
    service: &Service,
    path: &str,
    answer: impl Future<Output = Result<String, Problem>> + Send + 'static,
) -> Response {
    match service.work(path, answer).await {
        Ok(Ok(text)) => json(text),
        Ok(Err(problem)) => problem.for_path(path).into_response(),
        Err(refusal) => *refusal,
    }
}

/// The text of a body, which must be UTF-8.
pub(crate) fn text_of(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|error| {
        Problem::unreadable(format!(
            "the body is not UTF-8 text: byte {} does not belong there",
            error.valid_up_to()
        ))
    })
}

/// YAML where the client says so, JSON otherwise.
pub(crate) fn format_of(headers: &axum::http::HeaderMap) -> DefinitionFormat {
    let content_type = headers.get(axum::http::header::CONTENT_TYPE);
    let is_yaml = content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().contains("yaml"));
    if is_yaml {
        DefinitionFormat::Yaml
    } else {
        DefinitionFormat::Json
    }
}
