//! `POST /v1/plan/sample-size` and `POST /v1/plan/power`: plans of the metrics of a definition, from its data.

use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use epstats::experiment::Experiment;
use epstats_api::{DefinitionFormat, ExperimentPlans, PlanKind, plans_json, plans_of_experiment};
use serde_json::Value;

use super::{format_of, respond, text_of, understand};
use crate::body::RequestBody;
use crate::openapi::definition::Definition;
use crate::openapi::planning::{MetricPlan, OfMetrics, PowerPlan, SampleSizePlan};
use crate::openapi::problems::ProblemDetails;
use crate::problem::Problem;
use crate::service::Service;

#[utoipa::path(
    post,
    path = "/v1/plan/sample-size",
    tag = "v1",
    summary = "Tell how many units each metric of an experiment with data needs",
    params(SampleSizePlan, OfMetrics),
    request_body = Definition,
    responses(
        (status = 200, description = "A plan for each metric", body = Vec<MetricPlan>),
        (status = 422, description = "The definition or the plan is wrong, or the data cannot answer it", body = ProblemDetails, content_type = "application/problem+json"),
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
pub(crate) async fn sample_size(
    State(service): State<Service>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    RequestBody(body): RequestBody,
) -> Response {
    let format = format_of(&headers);
    let work = answer(service.clone(), query, body, format, PlanKind::SampleSize);
    respond(&service, "/v1/plan/sample-size", work).await
}

#[utoipa::path(
    post,
    path = "/v1/plan/power",
    tag = "v1",
    summary = "Tell what each metric of an experiment with data can show",
    params(PowerPlan, OfMetrics),
    request_body = Definition,
    responses(
        (status = 200, description = "A plan for each metric", body = Vec<MetricPlan>),
        (status = 422, description = "The definition or the plan is wrong, or the data cannot answer it", body = ProblemDetails, content_type = "application/problem+json"),
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
pub(crate) async fn power(
    State(service): State<Service>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    RequestBody(body): RequestBody,
) -> Response {
    let format = format_of(&headers);
    let work = answer(service.clone(), query, body, format, PlanKind::Power);
    respond(&service, "/v1/plan/power", work).await
}

async fn answer(
    service: Service,
    query: Option<String>,
    body: Vec<u8>,
    format: DefinitionFormat,
    kind: PlanKind,
) -> Result<String, Problem> {
    let asked = Asked::of(query.as_deref().unwrap_or_default())?;
    let mut evaluation = understand(&service, text_of(&body)?, format)?;
    asked.narrow(&mut evaluation.experiment)?;
    let scorecard = match evaluation.scorecard().await {
        Ok(scorecard) => scorecard,
        Err(error) => return Err(Problem::from(&error)),
    };
    let fields: Vec<(&str, Value)> = asked
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let ExperimentPlans {
        metrics,
        diagnostics,
    } = plans_of_experiment(&evaluation.experiment, &scorecard, &fields, kind);
    match metrics {
        Some(plans) => Ok(plans_json(&plans)),
        None => Err(Problem::of_plan(&diagnostics)),
    }
}

/// What the query says: the metrics to plan, and fields of the plan.
struct Asked {
    metrics: Vec<String>,
    fields: Vec<(String, Value)>,
}

impl Asked {
    fn of(query: &str) -> Result<Self, Problem> {
        let uri: Uri = format!("/?{query}")
            .parse()
            .map_err(|_| Problem::unreadable("the query cannot be read"))?;
        let Query(pairs): Query<Vec<(String, String)>> = Query::try_from_uri(&uri)
            .map_err(|error| Problem::unreadable(format!("the query cannot be read: {error}")))?;
        let (metrics, fields): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| name == "metric");
        Ok(Asked {
            metrics: metrics.into_iter().map(|(_, id)| id).collect(),
            fields: fields
                .into_iter()
                .map(|(name, text)| (name, value(text)))
                .collect(),
        })
    }

    /// Leaves the metrics that were asked for; checks are of no use to a plan.
    fn narrow(&self, experiment: &mut Experiment) -> Result<(), Problem> {
        experiment.checks.clear();
        let metrics = &mut experiment.metrics;
        let is_known = |id: &&String| metrics.iter().any(|metric| metric.id == **id);
        if let Some(unknown) = self.metrics.iter().find(|id| !is_known(id)) {
            return Err(Problem::unreadable(format!(
                "the definition has no metric with the id `{unknown}`"
            )));
        }
        if !self.metrics.is_empty() {
            metrics.retain(|metric| self.metrics.contains(&metric.id));
        }
        Ok(())
    }
}

/// A value as JSON has it: a number, yes or no, or else a text.
fn value(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text),
    }
}
