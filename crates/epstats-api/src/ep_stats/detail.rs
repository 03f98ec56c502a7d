//! What is wrong with a request, as that service tells it.

mod problem;

use epstats_experiment::Step;

use super::json::{Json, Unreadable};
use super::write::{NonFinite, Writer};

pub(super) use problem::Problem;

/// One entry of the body of a 422 answer: `type`, `loc`, `msg`, `input` and, for some types, `ctx`.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    problem: Problem,
    /// The path, which begins with the part of the request: `body` or `query`.
    loc: Vec<Step>,
    input: Json<'static>,
}

impl Detail {
    pub(super) fn new(problem: Problem, loc: Vec<Step>, input: &Json<'_>) -> Detail {
        Detail {
            problem,
            loc,
            input: input.to_owned_json(),
        }
    }

    /// A problem that the reader of the request found: type `value_error`, message `Value error, …`.
    ///
    /// `loc` is the whole path: `["query", "nonfinite"]` or `["body", "source"]`; `input` is what the client sent there.
    #[must_use]
    pub fn value_error(loc: Vec<Step>, message: impl Into<String>, input: &str) -> Detail {
        Detail {
            problem: Problem::Value(message.into()),
            loc,
            input: Json::Text(input.to_owned().into()),
        }
    }

    /// The word for the kind of problem: `missing`, `int_parsing`, `value_error` …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.problem.kind()
    }

    /// The path to the value: `body.metrics[0].id`.
    #[must_use]
    pub fn path(&self) -> String {
        epstats_experiment::Place {
            path: self.loc.clone(),
            ..Default::default()
        }
        .to_string()
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> String {
        self.problem.message()
    }

    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| {
            writer.name("type").string(self.kind());
            writer.name("loc").list(|writer| {
                for step in &self.loc {
                    match step {
                        Step::Field(name) => writer.string(name),
                        Step::Index(index) => writer.count(*index as f64),
                    }
                }
            });
            writer.name("msg").string(&self.message());
            writer.name("input").json(&self.input);
            self.problem.write_context(writer);
        });
    }
}

/// The body of a 422 answer: `{"detail": [{"type", "loc", "msg", "input"}, …]}`.
///
/// ```
/// use epstats_api::ep_stats::{NonFinite, details_json, read_sample_size_request};
///
/// let details = read_sample_size_request(br#"{"n_variants": 2, "minimum_effect": 0.1, "mean": "much"}"#).unwrap_err();
/// assert_eq!(
///     details_json(&details, NonFinite::Tokens),
///     r#"{"detail":[{"type":"float_parsing","loc":["body","mean"],"#.to_owned()
///         + r#""msg":"Input should be a valid number, unable to parse string as a number","input":"much"}]}"#
/// );
/// ```
#[must_use]
pub fn details_json(details: &[Detail], numbers: NonFinite) -> String {
    let mut writer = Writer::new(numbers);
    writer.object(|writer| {
        writer.name("detail").list(|writer| {
            for detail in details {
                detail.write(writer);
            }
        });
    });
    writer.finish()
}

/// So many problems of one request are told, lest the answer be many times as long as the request.
pub const MOST_DETAILS: usize = 1000;

/// The problems found so far.
#[derive(Default)]
pub(super) struct Details {
    details: Vec<Detail>,
    n_found: usize,
}

impl Details {
    pub(super) fn push(&mut self, detail: impl FnOnce() -> Detail) {
        self.n_found += 1;
        if self.details.len() < MOST_DETAILS {
            self.details.push(detail());
        }
    }

    /// How many were found, those that are not told among them.
    pub(super) fn n_found(&self) -> usize {
        self.n_found
    }

    /// The value, unless there are problems.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T, Vec<Detail>> {
        match value {
            Some(value) if self.details.is_empty() => Ok(value),
            _ => Err(self.details),
        }
    }
}

/// The one problem of a body that is absent.
pub(super) fn no_body() -> Vec<Detail> {
    vec![Detail::new(
        Problem::Missing,
        vec!["body".into()],
        &Json::Null,
    )]
}

/// The one problem of a body that is not JSON.
pub(super) fn unreadable(unreadable: Unreadable) -> Vec<Detail> {
    let loc = vec!["body".into(), unreadable.offset.into()];
    let problem = Problem::JsonInvalid(unreadable.reason);
    vec![Detail::new(problem, loc, &Json::Object(Vec::new()))]
}
