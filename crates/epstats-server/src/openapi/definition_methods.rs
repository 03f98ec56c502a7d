//! The parts of definitions that say how things are estimated.

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedRole {
    Primary,
    Secondary,
    Guardrail,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedBetter {
    Higher,
    Lower,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(super) enum DefinedAlternative {
    TwoSided,
    Greater,
    Less,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedRelativeInterval {
    Fieller,
    Delta,
    Log,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(super) enum DefinedCovariateScope {
    Within,
    Total,
    PerVariant,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedMissingCovariates {
    Zero,
    Indicator,
}

/// A margin: a share of the control, or in the unit of the metric.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) enum DefinedMargin {
    Relative(DefinedRelativeMargin),
    Absolute(DefinedAbsoluteMargin),
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedRelativeMargin {
    /// A share of the control.
    #[schema(exclusive_minimum = 0.0, exclusive_maximum = 1.0, example = 0.02)]
    relative: f64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedAbsoluteMargin {
    /// In the unit of the metric.
    #[schema(exclusive_minimum = 0.0, example = 1.5)]
    absolute: f64,
}

/// Two limits of the effect, the lower one first.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) enum DefinedEquivalence {
    Relative(DefinedRelativeEquivalence),
    Absolute(DefinedAbsoluteEquivalence),
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedRelativeEquivalence {
    /// Shares of the control.
    #[schema(schema_with = relative_limits)]
    relative: Vec<f64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedAbsoluteEquivalence {
    /// In the unit of the metric.
    #[schema(schema_with = absolute_limits)]
    absolute: Vec<f64>,
}

/// Limits of what one unit counts for; on each side at most one, a number or a percentage.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lower": 0, "upper_percent": 1, "show_uncapped": true}))]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedCaps {
    /// Smaller values become this.
    lower: Option<f64>,
    /// Larger values become this.
    upper: Option<f64>,
    /// So many per cent of all units lie below the limit; 0 is no limit.
    #[schema(minimum = 0.0, exclusive_maximum = 50.0)]
    lower_percent: Option<f64>,
    /// So many per cent of all units lie above the limit; 0 is no limit.
    #[schema(minimum = 0.0, exclusive_maximum = 50.0)]
    upper_percent: Option<f64>,
    /// What is kept between the limits: `numerator` unless given.
    of: Option<DefinedCapped>,
    /// Does the scorecard show the metric without caps, too? False unless given.
    show_uncapped: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedCapped {
    Numerator,
    Goals,
}

/// What is done about many comparisons: a method, or a method with a family.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) enum DefinedCorrection {
    Method(DefinedMethod),
    Rule(DefinedCorrectionRule),
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(super) enum DefinedMethod {
    None,
    Bonferroni,
    Sidak,
    Holm,
    HolmSidak,
    Hochberg,
    Hommel,
    BenjaminiHochberg,
    BenjaminiYekutieli,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "benjamini-hochberg", "family": "both"}))]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedCorrectionRule {
    /// How p-values are adjusted; `holm` unless given.
    method: Option<DefinedMethod>,
    /// Which p-values are adjusted together; `variants` unless given.
    family: Option<DefinedFamily>,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedFamily {
    Variants,
    Metrics,
    Both,
}

/// What is believed before: a prior, which is flat unless given, or what past experiments tell.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) enum DefinedBayes {
    Prior(DefinedPriorBelief),
    Past(DefinedPastBelief),
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedPriorBelief {
    prior: Option<DefinedPrior>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedPastBelief {
    /// Effects of past experiments.
    #[schema(required = true, min_items = 2)]
    past: Option<Vec<DefinedPastEffect>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) enum DefinedPrior {
    Flat(DefinedFlatPrior),
    Normal(DefinedNormalPrior),
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedFlatPrior {
    Flat,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"mean": 0, "standard_deviation": 0.05, "scale": "relative"}))]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedNormalPrior {
    mean: f64,
    #[schema(exclusive_minimum = 0.0)]
    standard_deviation: f64,
    /// `relative` unless given.
    scale: Option<DefinedScale>,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum DefinedScale {
    Relative,
    Absolute,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"effect": 0.02, "standard_error": 0.01}))]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(super) struct DefinedPastEffect {
    /// The relative effect.
    effect: f64,
    #[schema(exclusive_minimum = 0.0)]
    standard_error: f64,
}

fn limits(number: ObjectBuilder) -> ArrayBuilder {
    ArrayBuilder::new()
        .items(number)
        .min_items(Some(2))
        .max_items(Some(2))
}

fn relative_limits() -> RefOr<Schema> {
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .exclusive_minimum(Some(-1.0));
    limits(number)
        .examples([serde_json::json!([-0.02, 0.02])])
        .into()
}

fn absolute_limits() -> RefOr<Schema> {
    limits(ObjectBuilder::new().schema_type(Type::Number))
        .examples([serde_json::json!([-1.5, 1.5])])
        .into()
}
