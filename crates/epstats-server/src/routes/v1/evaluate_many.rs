//! `POST /v1/evaluate-many`: many definitions, one answer for each; one that fails keeps no other from its scorecard.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use epstats::plan::Plan;
use epstats_api::{DefinitionFormat, ScorecardDocument};
use futures::StreamExt;
use futures::stream;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

use super::{text_of, understand};
use crate::body::RequestBody;
use crate::evaluation::{Evaluation, scorecards};
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
    let ids: Vec<Option<String>> = definitions.iter().map(|text| id_of(text)).collect();
    let prepared = {
        let service = service.clone();
        async move { prepare(&service, &definitions) }
    };
    let prepared = match workers.run(prepared).await {
        Ok(prepared) => prepared,
        Err(refused) => return service.refuse(refused, PATH),
    };
    let at_once = service.settings().evaluation_pool_size;
    let answers = stream::iter(prepared.questions)
        .map(|question| ask(service.clone(), question))
        .buffer_unordered(at_once);
    let mut answers: BTreeMap<usize, Answer> = answers.flat_map(stream::iter).collect().await;
    answers.extend(prepared.failures);
    let results = ids.into_iter().enumerate().map(|(index, id)| {
        let answer = answers.remove(&index);
        told(id, answer.unwrap_or_else(|| Err(Problem::internal())))
    });
    let results: Vec<Value> = results.collect();
    json(object!({ "results": results }).to_string())
}

/// The scorecard of a definition as JSON, or its problem.
type Answer = Result<Value, Problem>;

/// Definitions that are asked of their sources, and those that cannot be.
struct Prepared {
    questions: Vec<Question>,
    failures: Vec<(usize, Answer)>,
}

/// What is one question to a source: an evaluation, or several that it answers in one go. With the positions of their definitions.
struct Question {
    positions: Vec<usize>,
    evaluations: Vec<(Evaluation, Plan)>,
}

/// Evaluations of one source, with the positions of their definitions.
type OfSource = Vec<(usize, Evaluation, Plan)>;

fn prepare(service: &Service, definitions: &[String]) -> Prepared {
    let mut failures = Vec::new();
    let mut by_source: Vec<OfSource> = Vec::new();
    for (position, text) in definitions.iter().enumerate() {
        let evaluation = match understand(service, text, DefinitionFormat::Json) {
            Ok(evaluation) => evaluation,
            Err(problem) => {
                failures.push((position, Err(problem)));
                continue;
            }
        };
        let plan = match evaluation.plan() {
            Ok(plan) => plan,
            Err(error) => {
                failures.push((position, Err(Problem::from(&error))));
                continue;
            }
        };
        let is_of = |others: &OfSource| {
            let source = others.first().map(|(_, other, _)| &other.source);
            source.is_some_and(|source| Arc::ptr_eq(source, &evaluation.source))
        };
        match by_source.iter_mut().find(|others| is_of(others)) {
            Some(others) => others.push((position, evaluation, plan)),
            None => by_source.push(vec![(position, evaluation, plan)]),
        }
    }
    Prepared {
        questions: by_source.into_iter().flat_map(questions).collect(),
        failures,
    }
}

/// The questions to one source.
fn questions(evaluations: OfSource) -> Vec<Question> {
    let plans: Vec<Plan> = evaluations
        .iter()
        .map(|(_, _, plan)| plan.clone())
        .collect();
    let groups = match evaluations.first() {
        Some((_, first, _)) => first.source.together(&plans),
        None => Vec::new(),
    };
    let group_of = |index: usize| groups.iter().position(|group| group.contains(&index));
    let mut together: BTreeMap<usize, Question> = BTreeMap::new();
    let mut alone = Vec::new();
    for (index, (position, evaluation, plan)) in evaluations.into_iter().enumerate() {
        let one = Question {
            positions: vec![position],
            evaluations: vec![(evaluation, plan)],
        };
        match group_of(index) {
            None => alone.push(one),
            Some(group) => match together.entry(group) {
                Entry::Vacant(free) => {
                    free.insert(one);
                }
                Entry::Occupied(mut others) => others.get_mut().add(one),
            },
        }
    }
    together.into_values().chain(alone).collect()
}

impl Question {
    fn add(&mut self, other: Question) {
        self.positions.extend(other.positions);
        self.evaluations.extend(other.evaluations);
    }

    /// The answer for each definition.
    async fn answers(self) -> Vec<Answer> {
        let scorecards = match self.evaluations.as_slice() {
            [(evaluation, _)] => vec![evaluation.scorecard().await],
            evaluations => scorecards(evaluations).await,
        };
        let answers = scorecards.into_iter().map(|scorecard| match scorecard {
            Ok(scorecard) => serde_json::to_value(ScorecardDocument::from(&scorecard))
                .map_err(|_| Problem::internal()),
            Err(error) => Err(Problem::from(&error)),
        });
        answers.collect()
    }
}

/// Has a question answered where evaluations run.
async fn ask(service: Service, question: Question) -> Vec<(usize, Answer)> {
    let positions = question.positions.clone();
    let answers = match service.workers().run(question.answers()).await {
        Ok(answers) => answers,
        Err(refused) => {
            let refused = positions.iter().map(|_| Err(Problem::from(refused)));
            refused.collect()
        }
    };
    positions.into_iter().zip(answers).collect()
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

/// What a client is told about one definition.
fn told(id: Option<String>, answer: Answer) -> Value {
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
