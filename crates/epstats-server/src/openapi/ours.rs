//! Requests and answers of our own routes.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

use super::problems::{Problem, ProblemDetails};
use super::scorecard::Scorecard;

/// The definition of an experiment; the manual of definitions has every field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct Definition {
    /// Name of the experiment in the data.
    #[schema(min_length = 1)]
    id: String,
    /// The variant that all others are compared with.
    #[schema(min_length = 1)]
    control_variant: String,
    /// What was randomized.
    #[schema(min_length = 1)]
    unit_type: String,
    /// What is estimated.
    metrics: Vec<DefinedMetric>,
    /// Tests of the health of the data.
    checks: Vec<DefinedCheck>,
    /// Name of the source to ask.
    #[schema(min_length = 1)]
    source: Option<String>,
    /// `standard` unless given.
    inference: Option<DefinedInference>,
    /// 0.95 unless given.
    #[schema(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
    confidence_level: Option<f64>,
    /// The variants to evaluate, each once, the control among them.
    #[schema(min_items = 1)]
    variants: Option<Vec<String>>,
    #[schema(format = Date)]
    date_from: Option<String>,
    #[schema(format = Date)]
    date_to: Option<String>,
    #[schema(format = Date)]
    date_for: Option<String>,
    #[schema(minimum = 0.0, maximum = 1.0)]
    null_hypothesis_rate: Option<f64>,
    /// Designed share of each variant.
    allocation: Option<BTreeMap<String, f64>>,
    /// Predicates that all must hold.
    filters: Option<Vec<DefinedFilter>>,
    #[schema(schema_with = any_object)]
    query_parameters: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct DefinedMetric {
    /// Differs from those of the other metrics.
    id: i64,
    #[schema(min_length = 1)]
    name: String,
    #[schema(schema_with = formula)]
    nominator: String,
    #[schema(schema_with = formula)]
    denominator: String,
    #[schema(exclusive_minimum = 0.0)]
    minimum_effect: Option<f64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct DefinedCheck {
    /// Differs from those of the other checks.
    id: i64,
    #[schema(min_length = 1)]
    name: String,
    /// SRM unless given.
    #[schema(nullable = false)]
    r#type: Option<DefinedCheckType>,
    #[schema(schema_with = formula)]
    denominator: String,
    /// Between 0 and 1; 0.999 unless given.
    #[schema(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
    confidence_level: Option<f64>,
}

#[derive(Deserialize, ToSchema)]
enum DefinedCheckType {
    #[schema(rename = "SRM")]
    Srm,
}

#[derive(Deserialize, ToSchema)]
enum DefinedInference {
    #[schema(rename = "standard")]
    Standard,
    #[schema(rename = "ep-stats")]
    EpStats,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct DefinedFilter {
    scope: DefinedScope,
    #[schema(min_length = 1)]
    dimension: String,
    #[schema(min_items = 1)]
    value: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
enum DefinedScope {
    Exposure,
    Goal,
}

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

fn formula() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("formula".to_owned())))
        .max_length(Some(10_000))
        .examples([serde_json::json!("count(user.unit.click)")])
        .into()
}

fn any_object() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .into()
}
