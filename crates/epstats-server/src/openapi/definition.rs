//! Definitions of experiments, as our own routes read them.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};

use super::definition_methods::{
    DefinedAlternative, DefinedBayes, DefinedBetter, DefinedCaps, DefinedCorrection,
    DefinedCovariateScope, DefinedEquivalence, DefinedMargin, DefinedMissingCovariates,
    DefinedRelativeInterval, DefinedRole,
};
use super::ours::any_object;

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
    /// What is done about many comparisons; `holm` over the treatments of each metric unless given. Profile `standard` only.
    correction: Option<DefinedCorrection>,
    /// A dimension of the exposure within whose values variants are compared. Profile `standard` only.
    #[schema(min_length = 1, example = "country")]
    post_stratification: Option<String>,
    /// Asks for a Bayesian view, and says what is believed before. Profile `standard` only.
    bayes: Option<DefinedBayes>,
    /// Predicates that all must hold.
    filters: Option<Vec<DefinedFilter>>,
    #[schema(schema_with = any_object)]
    query_parameters: Option<BTreeMap<String, String>>,
}

/// What is estimated. Fields from `role` on are of the profile `standard` only, but for caps and percentiles of outliers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct DefinedMetric {
    /// Differs from those of the other metrics.
    id: i64,
    #[schema(min_length = 1)]
    name: String,
    /// What is summed: a formula over goals, or a quantile such as `quantile(0.95, value(user.unit.latency))`.
    #[schema(schema_with = formula)]
    nominator: String,
    /// What it is divided by; must be there unless the nominator is a quantile, and must not beside one.
    #[schema(schema_with = formula)]
    denominator: Option<String>,
    /// Smallest relative effect worth finding.
    #[schema(exclusive_minimum = 0.0)]
    minimum_effect: Option<f64>,
    /// What it means for the decision; `primary` unless given. A guardrail needs `non_inferiority`.
    role: Option<DefinedRole>,
    /// Which direction is good; `higher` unless given.
    better: Option<DefinedBetter>,
    /// Which differences speak against no effect; `two-sided` unless given.
    alternative: Option<DefinedAlternative>,
    /// How the limits of the relative effect are found; `fieller` unless given.
    relative_interval: Option<DefinedRelativeInterval>,
    /// Is the treatment not worse by so much? At most one of this, `superiority` and `equivalence`.
    non_inferiority: Option<DefinedMargin>,
    /// Is the treatment better by more than so much?
    superiority: Option<DefinedMargin>,
    /// Does the effect lie between two limits?
    equivalence: Option<DefinedEquivalence>,
    /// Limits of what one unit counts for.
    caps: Option<DefinedCaps>,
    /// The same as `upper_percent` of `caps`.
    #[schema(minimum = 0.0, exclusive_maximum = 50.0)]
    outlier_upper_percentile: Option<f64>,
    /// The same as `lower_percent` of `caps`.
    #[schema(minimum = 0.0, exclusive_maximum = 50.0)]
    outlier_lower_percentile: Option<f64>,
    /// What is known of units before their exposure: the metric itself, a formula, or a list of formulas.
    #[schema(schema_with = covariate)]
    covariate: Option<String>,
    /// Days before the exposure over which covariates are measured, such as `14` or `14d`; of `pre-period`, those of the source unless given.
    #[schema(schema_with = lookback)]
    lookback: Option<u32>,
    /// Where the slopes of covariates come from; `within` unless given.
    covariate_scope: Option<DefinedCovariateScope>,
    /// What a unit without any event of a covariate is; `zero` unless given.
    missing_covariates: Option<DefinedMissingCovariates>,
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
    /// Dimensions of the exposure; the units of each of their values are tested, too. Profile `standard` only.
    #[schema(schema_with = dimensions)]
    by: Option<Vec<String>>,
    /// Is the test one that may be looked at as often as one likes? False unless given. Profile `standard` only.
    sequential: Option<bool>,
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

fn of(schema_type: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(schema_type)
}

fn formulas(example: &str) -> ObjectBuilder {
    of(Type::String)
        .format(Some(SchemaFormat::Custom("formula".to_owned())))
        .max_length(Some(10_000))
        .examples([serde_json::json!(example)])
}

fn formula() -> RefOr<Schema> {
    formulas("count(user.unit.click)").into()
}

fn covariate() -> RefOr<Schema> {
    let pre_period = of(Type::String).enum_values(Some(["pre-period"]));
    let many = ArrayBuilder::new()
        .items(formulas("count(user.unit.visit)"))
        .min_items(Some(1))
        .max_items(Some(20));
    AnyOfBuilder::new()
        .item(pre_period)
        .item(formulas("count(user.unit.visit)"))
        .item(many)
        .item(of(Type::Null))
        .examples([serde_json::json!("pre-period")])
        .into()
}

fn lookback() -> RefOr<Schema> {
    let number = of(Type::Integer).minimum(Some(1)).maximum(Some(3_650));
    let text = of(Type::String).pattern(Some("^[1-9][0-9]{0,2}d$"));
    AnyOfBuilder::new()
        .item(number)
        .item(text)
        .item(of(Type::Null))
        .examples([serde_json::json!(14)])
        .into()
}

/// Names of dimensions, each once, or null.
fn dimensions() -> RefOr<Schema> {
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(of(Type::String).min_length(Some(1)))
        .min_items(Some(1))
        .unique_items(true)
        .examples([serde_json::json!(["country"])])
        .into()
}
