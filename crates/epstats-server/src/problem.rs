//! How failures become answers: the one place.
//!
//! Our own routes answer with problem details (RFC 9457), those of ep-stats with its `detail`. Neither tells SQL, paths or secrets: a failure of
//! a source is told by what it means for the client, and the whole of it is in the log.

use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use epstats::EvaluationError;
use epstats::experiment::Diagnostic;
use epstats_api::ProblemDocument;
use epstats_source::{FailureKind, SourceError};
use serde::Serialize;

use crate::sources::NoSource;
use crate::workers::Refused;

/// A failure as the client is told it.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The stable word.
    pub(crate) code: &'static str,
    /// The kind of failure in a few words.
    pub(crate) title: &'static str,
    /// What happened to this request.
    pub(crate) detail: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// What is wrong with the definition.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Problem {
            status,
            code,
            title,
            detail: detail.into(),
            help: None,
            problems: Vec::new(),
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The definition is wrong.
    pub(crate) fn of_definition(diagnostics: &[Diagnostic]) -> Self {
        Problem::of_problems(
            "invalid-definition",
            "The definition cannot be evaluated",
            "the definition",
            diagnostics,
        )
    }

    /// The plan is wrong.
    pub(crate) fn of_plan(diagnostics: &[Diagnostic]) -> Self {
        Problem::of_problems(
            "invalid-plan",
            "The plan cannot be answered",
            "the plan",
            diagnostics,
        )
    }

    fn of_problems(
        code: &'static str,
        title: &'static str,
        what: &str,
        diagnostics: &[Diagnostic],
    ) -> Self {
        let n_errors = diagnostics
            .iter()
            .filter(|problem| problem.is_error())
            .count();
        let detail = match n_errors {
            1 => format!("{what} has 1 problem"),
            n => format!("{what} has {n} problems"),
        };
        Problem {
            problems: diagnostics.to_vec(),
            ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
        }
    }

    pub(crate) fn not_found() -> Self {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is nothing here",
            "there is no such route",
        )
        .help("`/docs` shows the routes")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "The method is not allowed here",
            "the route has no such method",
        )
    }

    pub(crate) fn without_key() -> Self {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "An API key is needed",
            "the request has no API key, or one that is not known",
        )
        .help("send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`")
    }

    pub(crate) fn body_too_long(limit: u64) -> Self {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-long",
            "The body is too long",
            format!("the body of the request is longer than {limit} bytes"),
        )
    }

    pub(crate) fn body_too_slow(limit: Duration) -> Self {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            "The body took too long",
            format!(
                "the body of the request did not arrive within {} seconds",
                limit.as_secs_f64()
            ),
        )
    }

    pub(crate) fn body_broken() -> Self {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "body-broken",
            "The body broke off",
            "the body of the request could not be read to its end",
        )
    }

    pub(crate) fn too_many_experiments(limit: usize, n: usize) -> Self {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-many-experiments",
            "Too many experiments at once",
            format!("the request has {n} experiments, and at most {limit} are evaluated at once"),
        )
    }

    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unreadable-request",
            "The request cannot be read",
            detail,
        )
    }

    pub(crate) fn internal() -> Self {
        Problem::from(Refused::Panicked)
    }

    /// The answer on a route: problem details on ours, `detail` on those of ep-stats.
    pub(crate) fn for_path(self, path: &str) -> Reply {
        if path.starts_with("/v1/") || path == "/v1" {
            Reply::Details(self)
        } else {
            Reply::EpStats(self)
        }
    }
}

/// A problem in one of the two forms.
pub(crate) enum Reply {
    Details(Problem),
    EpStats(Problem),
}

#[derive(Serialize)]
pub(crate) struct Details<'p> {
    r#type: String,
    title: &'static str,
    pub(crate) status: u16,
    detail: &'p str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'p str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemDocument<'p>>,
}

impl Problem {
    pub(crate) fn details(&self) -> Details<'_> {
        Details {
            r#type: format!("urn:epstats:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            help: self.help.as_deref(),
            problems: self.problems.iter().map(ProblemDocument::from).collect(),
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let (problem, mut response) = match self {
            Reply::Details(problem) => {
                let mut response = Json(problem.details()).into_response();
                response.headers_mut().insert(
                    CONTENT_TYPE,
                    HeaderValue::from_static("application/problem+json"),
                );
                (problem, response)
            }
            Reply::EpStats(problem) => {
                let detail = match problem.status {
                    StatusCode::NOT_FOUND => "Not Found",
                    StatusCode::METHOD_NOT_ALLOWED => "Method Not Allowed",
                    _ => &problem.detail,
                };
                let response = Json(serde_json::json!({ "detail": detail })).into_response();
                (problem, response)
            }
        };
        *response.status_mut() = problem.status;
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if problem.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert("www-authenticate", HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let (status, code, title) = match refused {
            Refused::Full => (
                StatusCode::SERVICE_UNAVAILABLE,
                "full",
                "The service is full",
            ),
            Refused::TimedOut(_) => (
                StatusCode::GATEWAY_TIMEOUT,
                "source-timed-out",
                "The evaluation took too long",
            ),
            Refused::Panicked => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "The service has a bug",
            ),
        };
        Problem::new(status, code, title, refused.to_string())
    }
}

impl From<NoSource> for Problem {
    fn from(none: NoSource) -> Self {
        let (status, code, title) = match none {
            NoSource::Unknown(_) => (
                StatusCode::NOT_FOUND,
                "unknown-source",
                "The source is not known",
            ),
            NoSource::NotNamed => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "no-source",
                "The request names no source",
            ),
            NoSource::None => (
                StatusCode::SERVICE_UNAVAILABLE,
                "no-source",
                "The service has no source",
            ),
        };
        Problem::new(status, code, title, none.to_string())
            .help("`GET /v1/sources` lists the names; `source` of the request takes one")
    }
}

impl From<&SourceError> for Problem {
    fn from(error: &SourceError) -> Self {
        let status = match error.kind {
            FailureKind::MissingColumn
            | FailureKind::WrongType
            | FailureKind::NotAnswerable
            | FailureKind::BadValues => StatusCode::UNPROCESSABLE_ENTITY,
            FailureKind::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        Problem::new(
            status,
            error.kind.code(),
            "The source did not answer",
            format!("source `{}`: {}", error.source_name, error.public_message()),
        )
    }
}

impl From<&EvaluationError> for Problem {
    fn from(error: &EvaluationError) -> Self {
        match error {
            EvaluationError::Definition(diagnostics) => Problem::of_definition(diagnostics),
            EvaluationError::Source(error) => Problem::from(error),
        }
    }
}
