//! `POST /v1/evaluate-many`: many definitions, one answer for each; one that fails keeps no other from its scorecard.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use epstats_api::{DefinitionFormat, ScorecardDocument};
use futures::StreamExt;
use futures::stream;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{text_of, understand};
use crate::body::RequestBody;
use crate::openapi::ours::{Many as ManyBody, ManyResults};
use crate::openapi::problems::ProblemDetails;
use crate::problem::Problem;
use crate::reply::json;
use crate::service::Service;

const PATH: &str = "/v1/evaluate-many";

/// The body: definitions as texts of JSON, so that each has its own lines, columns and problems.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    experiments: Vec<Box<RawValue>>,
}

#[utoipa::path(
    post,
    path = "/v1/evaluate-many",
    tag = "v1",
    summary = "Evaluate many experiments",
    request_body = ManyBody,
    responses(
        (status = 200, description = "One answer for each", body = ManyResults),
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
pub(crate) async fn evaluate_many(
    State(service): State<Service>,
    RequestBody(body): RequestBody,
) -> Response {
    let definitions = match read(&service, &body) {
        Ok(definitions) => definitions,
        Err(problem) => return problem.for_path(PATH).into_response(),
    };
    let workers = service.workers();
    let _place = match workers.admit() {
        Ok(place) => place,
        Err(refused) => return service.refuse(refused, PATH),
    };
    let at_once = service.settings().evaluation_pool_size;
    let answers = stream::iter(definitions)
        .map(|text| one(service.clone(), text))
        .buffered(at_once);
    let results: Vec<Value> = answers.collect().await;
    json(object!({ "results": results }).to_string())
}

fn read(service: &Service, body: &[u8]) -> Result<Vec<String>, Problem> {
    let many: Many = serde_json::from_str(text_of(body)?).map_err(|error| {
        Problem::unreadable(format!(
            "the body is not an object with the list `experiments`: {error}"
        ))
    })?;
    let limit = service.settings().max_experiments;
    let n = many.experiments.len();
    if n > limit {
        return Err(Problem::too_many_experiments(limit, n));
    }
    Ok(many
        .experiments
        .iter()
        .map(|text| text.get().to_owned())
        .collect())
}

/// The answer for one definition: its scorecard, or its problem.
async fn one(service: Service, text: String) -> Value {
    let id = id_of(&text);
    let work = {
        let service = service.clone();
        async move {
            let evaluation = understand(&service, &text, DefinitionFormat::Json)?;
            match evaluation.scorecard().await {
                Ok(scorecard) => serde_json::to_value(ScorecardDocument::from(&scorecard))
                    .map_err(|_| Problem::internal()),
                Err(error) => Err(Problem::from(&error)),
            }
        }
    };
    let answer = match service.workers().run(work).await {
        Ok(answer) => answer,
        Err(refused) => Err(Problem::from(refused)),
    };
    match answer {
        Ok(scorecard) => object!({ "id": id, "status": 200, "scorecard": scorecard }),
        Err(problem) => {
            let status = problem.status.as_u16();
            object!({ "id": id, "status": status, "problem": problem.details() })
        }
    }
}

/// The id of a definition, so far as it can be read.
fn id_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        id: Option<String>,
    }
    serde_json::from_str::<Named>(text).ok()?.id
}
