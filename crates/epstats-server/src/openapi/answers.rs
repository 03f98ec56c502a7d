//! Answers of ep-stats, with the fields of ours that follow the old ones.

use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// A scorecard in the form of ep-stats.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct EvaluateResponse {
    /// Name of the experiment.
    id: String,
    /// In the order of the request.
    metrics: Vec<MetricResult>,
    /// In the order of the request.
    checks: Vec<CheckResult>,
    exposure: Exposure,
    /// The profile that made the numbers; not with `extra=false`.
    inference: Option<String>,
    /// What a reader should know; not with `extra=false`.
    warnings: Option<Vec<Warning>>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct MetricResult {
    /// As in the request.
    #[schema(value_type = i64)]
    id: i64,
    name: String,
    /// One row per variant, sorted by name, the control among them.
    stats: Vec<MetricRow>,
}

/// A metric in one variant. Numbers are `NaN` or infinite where the data cannot give them, or null where the client asks for that.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct MetricRow {
    exp_variant_id: String,
    /// Relative difference to control.
    #[schema(schema_with = number)]
    diff: f64,
    #[schema(schema_with = number)]
    mean: f64,
    #[schema(schema_with = number)]
    std: f64,
    #[schema(schema_with = number)]
    sum_value: f64,
    /// After the correction for several treatments.
    #[schema(schema_with = number)]
    p_value: f64,
    /// Half the width of the interval of `diff`.
    #[schema(schema_with = number)]
    confidence_interval: f64,
    #[schema(schema_with = number)]
    confidence_level: f64,
    #[schema(schema_with = number)]
    sample_size: f64,
    #[schema(schema_with = number)]
    required_sample_size: f64,
    #[schema(schema_with = number)]
    power: f64,
    #[schema(schema_with = number)]
    false_positive_risk: f64,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct CheckResult {
    /// As in the request.
    id: i64,
    name: String,
    /// Empty where the check could not be evaluated.
    stats: Vec<CheckRow>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct CheckRow {
    variable_id: String,
    #[schema(schema_with = number)]
    value: f64,
}

/// Exposed units by variant.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct Exposure {
    unit_type: String,
    stats: Vec<ExposureRow>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ExposureRow {
    exp_variant_id: String,
    #[schema(schema_with = number)]
    count: f64,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct Warning {
    /// A stable word.
    code: String,
    message: String,
    variant: Option<String>,
    metric_id: Option<i64>,
    check_id: Option<i64>,
    goal: Option<String>,
}

/// Units that each variant needs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct SampleSizeResponse {
    #[schema(schema_with = number)]
    sample_size_per_variant: f64,
}

/// A number, or null for one that is not finite.
fn number() -> RefOr<Schema> {
    let of = |schema_type| ObjectBuilder::new().schema_type(schema_type);
    AnyOfBuilder::new()
        .item(of(Type::Number))
        .item(of(Type::Null))
        .into()
}
