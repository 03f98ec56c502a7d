//! Requests and answers of our own routes, but for definitions.

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::problems::{Problem, ProblemDetails};
use super::scorecard::Scorecard;

/// A definition, right or wrong.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct AnyDefinition(serde_json::Value);

/// Many definitions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct Many {
    /// Each is a definition, or gets its problem for an answer.
    experiments: Vec<serde_json::Value>,
}

/// One answer for each definition, in their order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct ManyResults {
    results: Vec<OneResult>,
}

/// A scorecard, or the problem of one definition.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct OneResult {
    /// Id of the experiment, so far as it can be read.
    id: Option<String>,
    /// The status that the definition alone would have.
    status: u16,
    scorecard: Option<Scorecard>,
    problem: Option<ProblemDetails>,
}

/// What is wrong with a definition, and what it would ask.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct CheckedDefinition {
    is_valid: bool,
    problems: Vec<Problem>,
    asks: Option<Asks>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct Asks {
    source: Option<String>,
    goals: Vec<String>,
    n_pairs: u64,
}

/// The names that requests may give as `source`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct Sources {
    sources: Vec<Source>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct Source {
    name: String,
    is_default: bool,
}

pub(super) fn any_object() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .into()
}
