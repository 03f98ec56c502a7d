//! Requests of ep-stats, as leniently as they are read.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat,
    Type,
};
use utoipa::openapi::{RefOr, Schema};

/// How NaN and infinities are written.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) enum NonFiniteWord {
    Tokens,
    Null,
}

/// An experiment to evaluate.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct EvaluateRequest {
    /// Name of the experiment in the data.
    #[schema(example = "signup-button", min_length = 1)]
    id: String,
    /// The variant that all others are compared with.
    #[schema(example = "a", min_length = 1)]
    control_variant: String,
    /// The variants to evaluate; unless given, those of the data and the control.
    #[schema(schema_with = names)]
    variants: Option<Vec<String>>,
    /// What was randomized.
    #[schema(example = "test_unit_type", min_length = 1)]
    unit_type: String,
    /// First day that counts.
    #[schema(schema_with = day)]
    date_from: Option<String>,
    /// Last day that counts.
    #[schema(schema_with = day)]
    date_to: Option<String>,
    /// The day to evaluate for; unless given, today.
    #[schema(schema_with = day)]
    date_for: Option<String>,
    /// What is estimated.
    metrics: Vec<Metric>,
    /// Tests of the health of the data.
    checks: Vec<Check>,
    /// Predicates that all must hold.
    filters: Option<Vec<Filter>>,
    /// Share of experiments without any effect; gives the false positive risk.
    #[schema(schema_with = rate)]
    null_hypothesis_rate: Option<f64>,
    /// For sources with queries of their own.
    #[schema(schema_with = any_object)]
    query_parameters: Option<BTreeMap<String, String>>,
    /// Which numbers are computed; unless given, those of ep-stats.
    inference: Option<Inference>,
    /// Name of the source to ask.
    source: Option<String>,
    /// Of the intervals and decisions of metrics; unless given, 0.95.
    #[schema(schema_with = level)]
    confidence_level: Option<f64>,
}

/// A metric: numerator over denominator.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct Metric {
    /// Differs from those of the other metrics.
    #[schema(schema_with = integer)]
    id: i64,
    /// For people.
    name: String,
    /// What is summed, a formula over goals.
    #[schema(schema_with = formula)]
    nominator: String,
    /// What it is divided by, a formula over goals.
    #[schema(schema_with = formula)]
    denominator: String,
    /// Smallest relative effect worth finding.
    #[schema(schema_with = effect)]
    minimum_effect: Option<f64>,
    /// Has no effect on aggregated goals.
    #[schema(schema_with = percentile)]
    outlier_upper_percentile: Option<f64>,
    /// Has no effect on aggregated goals.
    #[schema(schema_with = percentile)]
    outlier_lower_percentile: Option<f64>,
}

/// A check of the data.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
enum Check {
    /// Are units split over the variants as designed?
    SampleRatioMismatch(SrmCheck),
    /// Is one sum small against another?
    SumRatio(SumRatioCheck),
}

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct SrmCheck {
    /// Repeated in the answer.
    #[schema(schema_with = integer)]
    id: i64,
    /// For people.
    name: String,
    #[schema(nullable = false)]
    r#type: Option<SrmType>,
    /// What is counted by variant.
    #[schema(schema_with = formula)]
    denominator: String,
}

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct SumRatioCheck {
    /// Repeated in the answer.
    #[schema(schema_with = integer)]
    id: i64,
    /// For people.
    name: String,
    r#type: SumRatioType,
    /// What should be small.
    #[schema(schema_with = formula)]
    nominator: String,
    /// What it is compared with.
    #[schema(schema_with = formula)]
    denominator: String,
}

#[derive(Deserialize, ToSchema)]
enum SrmType {
    #[schema(rename = "SRM")]
    Srm,
}

#[derive(Deserialize, ToSchema)]
enum SumRatioType {
    SumRatio,
}

/// A predicate.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
#[serde(untagged)]
enum Filter {
    /// Keeps units, or events, that have one of the values.
    ByDimension(FilterByDimension),
    /// Keeps units that have the goal.
    ByGoal(FilterByGoal),
}

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct FilterByDimension {
    scope: DimensionScope,
    /// An attribute of the exposure or the event.
    #[schema(min_length = 1)]
    dimension: String,
    /// The values that pass.
    #[schema(schema_with = values)]
    value: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
struct FilterByGoal {
    scope: GoalScope,
    /// Name of the goal.
    #[schema(min_length = 1)]
    goal: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
enum DimensionScope {
    Exposure,
    Goal,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
enum GoalScope {
    Trigger,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
enum Inference {
    #[schema(rename = "ep-stats")]
    EpStats,
    #[schema(rename = "standard")]
    Standard,
}

/// A sample size to calculate.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct SampleSizeRequest {
    /// Number of variants, the control among them.
    #[schema(schema_with = two_or_more)]
    n_variants: i64,
    /// Smallest relative effect worth finding.
    #[schema(schema_with = required_effect)]
    minimum_effect: f64,
    /// Mean of the control; from 0 to 1 without `std`.
    #[schema(schema_with = required_number)]
    mean: f64,
    /// Standard deviation per unit; without it the metric is a rate.
    #[schema(schema_with = number)]
    std: Option<f64>,
    /// Confidence level of the test.
    #[schema(schema_with = level_or_default)]
    confidence_level: Option<f64>,
    /// Probability to find the effect.
    #[schema(schema_with = level_or_default)]
    power: Option<f64>,
}

/// Whether a schema also takes null.
#[derive(Clone, Copy)]
enum Null {
    Refused,
    Taken,
}

/// Any of these types, and null where it is taken.
fn any_of(types: impl IntoIterator<Item = ObjectBuilder>, null: Null) -> RefOr<Schema> {
    let mut schema = AnyOfBuilder::new();
    for entry in types {
        schema = schema.item(entry);
    }
    if matches!(null, Null::Taken) {
        schema = schema.item(of(Type::Null));
    }
    schema.into()
}

fn of(schema_type: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(schema_type)
}

fn text(pattern: &str) -> ObjectBuilder {
    of(Type::String).pattern(Some(pattern))
}

/// Digits of ASCII, as `\d` means more in some dialects.
const INTEGER: &str = r"^[ \t\n]*[+-]?[0-9]{1,18}(\.0+)?[ \t\n]*$";
const NUMBER: &str = r"^[ \t\n]*[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?[ \t\n]*$";

/// An integer, also as a text or a truth value.
fn integer() -> RefOr<Schema> {
    any_of(
        [of(Type::Integer), text(INTEGER), of(Type::Boolean)],
        Null::Refused,
    )
}

fn two_or_more() -> RefOr<Schema> {
    of(Type::Integer).minimum(Some(2)).into()
}

/// A number, also as a text or a truth value.
fn numbers() -> [ObjectBuilder; 3] {
    [of(Type::Number), text(NUMBER), of(Type::Boolean)]
}

fn required_number() -> RefOr<Schema> {
    any_of(numbers(), Null::Refused)
}

fn number() -> RefOr<Schema> {
    any_of(numbers(), Null::Taken)
}

/// A number in a range, also as a text of that pattern.
fn number_in(range: ObjectBuilder, pattern: &str, null: Null) -> RefOr<Schema> {
    any_of([range, text(pattern)], null)
}

fn rate() -> RefOr<Schema> {
    let range = of(Type::Number).minimum(Some(0.0)).maximum(Some(1.0));
    any_of(
        [range, text(r"^(0|1|0?\.[0-9]{1,9})$"), of(Type::Boolean)],
        Null::Taken,
    )
}

/// A share without its ends.
fn share(null: Null) -> RefOr<Schema> {
    let range = of(Type::Number)
        .exclusive_minimum(Some(0.0))
        .exclusive_maximum(Some(1.0));
    number_in(range, r"^0?\.[0-9]{0,8}[1-9]$", null)
}

fn level() -> RefOr<Schema> {
    share(Null::Taken)
}

fn level_or_default() -> RefOr<Schema> {
    share(Null::Refused)
}

fn percentile() -> RefOr<Schema> {
    let range = of(Type::Number)
        .minimum(Some(0.0))
        .exclusive_maximum(Some(50.0));
    any_of(
        [
            range,
            text(r"^[0-4]?[0-9](\.[0-9]{1,9})?$"),
            of(Type::Boolean),
        ],
        Null::Taken,
    )
}

/// An effect below zero is a failed evaluation.
fn effects() -> [ObjectBuilder; 3] {
    let positive = r"^[0-9]{1,9}(\.[0-9]{1,9})?$";
    [
        of(Type::Number).minimum(Some(0.0)),
        text(positive),
        of(Type::Boolean),
    ]
}

fn effect() -> RefOr<Schema> {
    any_of(effects(), Null::Taken)
}

fn required_effect() -> RefOr<Schema> {
    any_of(effects(), Null::Refused)
}

/// Values of a dimension: texts, or numbers, which data hold as texts, too.
fn values() -> RefOr<Schema> {
    let value = AnyOfBuilder::new()
        .item(of(Type::String))
        .item(of(Type::Number));
    ArrayBuilder::new().items(value).min_items(Some(1)).into()
}

fn day() -> RefOr<Schema> {
    let date = of(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    any_of([date], Null::Taken)
}

/// A formula over goals; its grammar is more than a pattern can say.
fn formulas() -> ObjectBuilder {
    of(Type::String)
        .format(Some(SchemaFormat::Custom("formula".to_owned())))
        .max_length(Some(10_000))
        .examples([serde_json::json!("count(user.unit.click)")])
}

fn formula() -> RefOr<Schema> {
    formulas().into()
}

/// Names, each filled, or null.
fn names() -> RefOr<Schema> {
    let name = of(Type::String).min_length(Some(1));
    let names = ArrayBuilder::new().items(name).min_items(Some(1));
    AnyOfBuilder::new().item(names).item(of(Type::Null)).into()
}

fn any_object() -> RefOr<Schema> {
    of(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .into()
}
