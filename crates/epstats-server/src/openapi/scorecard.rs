//! Scorecards. Null without a reason means that a number does not apply; `reasons` has the code of the reason by the name of a number.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// A scorecard.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct Scorecard {
    /// Name of the experiment.
    experiment: String,
    /// The profile that made the numbers: `standard` or `ep-stats`.
    inference: String,
    /// What was randomized.
    unit_type: String,
    /// The variant that all others are compared with.
    control: String,
    /// First day that counts.
    date_from: Option<String>,
    /// Last day that counts.
    date_to: Option<String>,
    /// The day that is evaluated for.
    date_for: Option<String>,
    /// The level asked for, between 0 and 1.
    confidence_level: f64,
    /// The level that intervals and decisions of metrics use.
    confidence_level_in_force: Option<f64>,
    /// What was done about many comparisons.
    correction: ScorecardCorrection,
    /// The dimension within whose values variants were compared.
    post_stratification: Option<String>,
    /// What was believed before the data.
    prior: Option<ScorecardPrior>,
    /// The variants, sorted as text.
    variants: Vec<ScorecardVariant>,
    /// The metrics, in the order of the definition.
    metrics: Vec<ScorecardMetric>,
    /// The checks, in the order of the definition.
    checks: Vec<ScorecardCheck>,
    /// What follows for each treatment; none in profile `ep-stats`.
    decisions: Vec<ScorecardDecision>,
    /// What a reader should know.
    warnings: Vec<ScorecardWarning>,
}

/// How p-values were adjusted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardCorrection {
    /// `none`, `bonferroni`, `sidak`, `holm`, `holm-sidak`, `hochberg`, `hommel`, `benjamini-hochberg` or `benjamini-yekutieli`.
    method: String,
    /// Which p-values were adjusted together: those of all `variants` of a metric, of all `metrics` of a treatment, or `both`.
    family: String,
}

/// A normal prior; without mean and deviation a flat one, or one that is not known for a reason.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardPrior {
    /// Of effects: `absolute`, in units of the metric, or `relative`, as shares of control.
    scale: Option<String>,
    /// Mean, on the scale.
    mean: Option<f64>,
    /// Standard deviation, on the scale.
    standard_deviation: Option<f64>,
    /// Number of past experiments that it comes from.
    past_experiments: Option<u64>,
    /// Why it is not known.
    reason: Option<String>,
}

/// A variant and its units.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardVariant {
    name: String,
    is_control: bool,
    /// Exposed units.
    n_units: Option<f64>,
    /// Share of all exposed units, from 0 to 1.
    share: Option<f64>,
    /// Share by design, from 0 to 1.
    designed_share: Option<f64>,
    reasons: BTreeMap<String, String>,
}

/// A metric in all variants.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardMetric {
    /// As in the definition.
    #[schema(schema_with = id)]
    id: String,
    name: String,
    /// The numerator as canonical text; where a quantile is estimated, that quantile.
    numerator: String,
    /// The denominator as canonical text.
    denominator: String,
    /// Smallest relative effect worth finding: 0.05 is five per cent.
    minimum_effect: Option<f64>,
    /// What it means for the decision: `primary`, `secondary` or `guardrail`.
    role: String,
    /// Which direction is good: `higher` or `lower`.
    better: String,
    /// The level of the quantile of events that is estimated, between 0 and 1.
    quantile: Option<f64>,
    /// What was kept between caps.
    caps: Vec<ScorecardCaps>,
    /// What took noise off.
    covariates: Option<ScorecardCovariates>,
    /// One row per variant.
    variants: Vec<ScorecardRow>,
    /// The same rows without caps, where they are asked for.
    uncapped: Option<Vec<ScorecardRow>>,
}

/// A number per unit that was kept between caps.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardCaps {
    /// What was capped, as canonical text.
    of: String,
    /// The lower cap, in units of `of`.
    lower: Option<f64>,
    /// The upper cap, in units of `of`.
    upper: Option<f64>,
}

/// What took noise off a metric.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardCovariates {
    /// Where slopes come from: `within`, `total` or `per-variant`.
    scope: String,
    covariates: Vec<ScorecardCovariate>,
}

/// One covariate.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardCovariate {
    name: String,
    /// What one more of it means for the metric, in units of the metric; null where each variant has its own.
    slope: Option<f64>,
    /// Code of the reason why it was not used.
    dropped: Option<String>,
}

/// A metric in one variant.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardRow {
    variant: String,
    is_control: bool,
    /// Exposed units.
    n_units: Option<f64>,
    /// Number of observations that the test uses.
    sample_size: Option<f64>,
    /// The numerator over all units.
    sum: Option<f64>,
    /// Numerator over denominator, in units of the metric.
    mean: Option<f64>,
    /// Of one observation, in units of the metric.
    standard_deviation: Option<f64>,
    /// Of the mean, in units of the metric.
    standard_error: Option<f64>,
    /// Treatment minus control, in units of the metric.
    absolute_effect: Option<f64>,
    /// Of the absolute effect.
    absolute_standard_error: Option<f64>,
    /// Lower limit of the absolute effect; null with the reason `negative-infinity` where a one-sided test leaves it open.
    absolute_lower: Option<f64>,
    /// Upper limit; null with the reason `infinity` where it is open.
    absolute_upper: Option<f64>,
    /// Treatment minus control over the size of control: 0.1 is ten per cent more.
    relative_effect: Option<f64>,
    /// Profile `ep-stats` only.
    relative_standard_error: Option<f64>,
    /// Profile `ep-stats` only.
    relative_half_width: Option<f64>,
    /// Lower limit of the relative effect, open like the absolute one.
    relative_lower: Option<f64>,
    /// Upper limit.
    relative_upper: Option<f64>,
    /// Of Student's t; a fraction in profile `standard`.
    degrees_of_freedom: Option<f64>,
    /// Effect over its standard error.
    statistic: Option<f64>,
    /// From 0 to 1.
    p_value: Option<f64>,
    /// Its natural logarithm.
    ln_p_value: Option<f64>,
    /// After the correction for many comparisons.
    p_value_adjusted: Option<f64>,
    /// Units that find the minimum effect with 80% power.
    required_sample_size: Option<f64>,
    /// Probability to find the minimum effect, from 0 to 1.
    power: Option<f64>,
    /// Probability that a significant effect is none, from 0 to 1.
    false_positive_risk: Option<f64>,
    /// Is the adjusted p-value small enough?
    significant: Option<bool>,
    /// `two-sided`, `greater` or `less`.
    alternative: Option<String>,
    /// How relative limits were found: `fieller`, `delta` or `log`.
    relative_method: Option<String>,
    /// The mean with the noise off that covariates explain, in units of the metric; the effect compares it.
    adjusted_mean: Option<f64>,
    /// Of the adjusted mean.
    adjusted_standard_error: Option<f64>,
    /// The part of the variance that is left, from 0 to 1.
    variance_ratio: Option<f64>,
    /// Units below each of the caps.
    n_units_below_caps: Vec<u64>,
    /// Units above each of the caps.
    n_units_above_caps: Vec<u64>,
    /// `non_inferiority`, `superiority` or `equivalence`.
    margin: Option<String>,
    /// Of the margin and its limits: `absolute`, in units of the metric, or `relative`, as shares of control.
    margin_scale: Option<String>,
    /// How much, on the scale; of non-inferiority and superiority.
    margin_size: Option<f64>,
    /// The lower limit that the effect should be above, on the scale; of equivalence.
    equivalence_lower: Option<f64>,
    /// The upper limit that it should be below.
    equivalence_upper: Option<f64>,
    /// Of data that speak as much for the treatment, if its effect were at the margin.
    margin_p_value: Option<f64>,
    /// Its natural logarithm.
    margin_ln_p_value: Option<f64>,
    /// After the correction; that of a guardrail is not corrected.
    margin_p_value_adjusted: Option<f64>,
    /// Of data that speak as much against the treatment.
    margin_p_value_opposite: Option<f64>,
    /// Lower limit of the effect, on the scale; null with the reason `negative-infinity` where it is open.
    margin_lower: Option<f64>,
    /// Upper limit; null with the reason `infinity` where it is open.
    margin_upper: Option<f64>,
    /// `holds`, `broken` or `inconclusive`.
    margin_outcome: Option<String>,
    /// Of what is believed of the effect: `absolute` or `relative`.
    posterior_scale: Option<String>,
    /// Mean, on the scale.
    posterior_mean: Option<f64>,
    /// Standard deviation, on the scale.
    posterior_standard_deviation: Option<f64>,
    /// Lower limit of the credible interval.
    posterior_lower: Option<f64>,
    /// Upper limit.
    posterior_upper: Option<f64>,
    /// Probability that the treatment is better, from 0 to 1.
    chance_to_win: Option<f64>,
    /// How much worse than the better one the metric is expected to be with the treatment, on the scale.
    expected_loss_of_treatment: Option<f64>,
    /// The same with control.
    expected_loss_of_control: Option<f64>,
    /// `better`, `worse`, `acceptable` or `inconclusive`.
    finding: Option<String>,
    /// Why, in one sentence.
    finding_reason: Option<String>,
    reasons: BTreeMap<String, String>,
}

/// A check and what it found.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardCheck {
    /// As in the definition.
    #[schema(schema_with = id)]
    id: String,
    name: String,
    /// `SRM` or `SumRatio`.
    r#type: String,
    /// The level at which it fails, between 0 and 1.
    confidence_level: f64,
    /// `passed`, `failed` or `not-evaluated`.
    outcome: String,
    /// Code of the reason why it was not evaluated.
    reason: Option<String>,
    /// The numbers behind it, by name.
    values: BTreeMap<String, Option<f64>>,
    /// The same test on parts of the units, where it is asked for.
    parts: Vec<ScorecardPart>,
    reasons: BTreeMap<String, String>,
}

/// A check on the units with one value of a dimension.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardPart {
    dimension: String,
    /// Null for exposures without a value.
    value: Option<String>,
    /// Units of these, in the order of the variants.
    n_units: Vec<Option<f64>>,
    /// From 0 to 1.
    p_value: Option<f64>,
    /// After Holm's correction over all parts.
    p_value_adjusted: Option<f64>,
    /// `passed`, `failed` or `not-evaluated`.
    outcome: String,
    /// Code of the reason why it was not evaluated.
    reason: Option<String>,
    reasons: BTreeMap<String, String>,
}

/// What follows for one treatment.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardDecision {
    /// Name of the treatment.
    variant: String,
    /// `ship`, `do-not-ship` or `inconclusive`.
    verdict: String,
    /// Why: sentences, the weightiest first.
    reasons: Vec<String>,
}

/// What a reader should know.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ScorecardWarning {
    /// A stable word.
    code: String,
    message: String,
    /// What it is about, where it is about one.
    variant: Option<String>,
    #[schema(schema_with = id)]
    metric_id: Option<String>,
    #[schema(schema_with = id)]
    check_id: Option<String>,
    goal: Option<String>,
}

/// An id as the definition has it: a number, or a text; null where there is none.
fn id() -> RefOr<Schema> {
    let of = |schema_type| ObjectBuilder::new().schema_type(schema_type);
    AnyOfBuilder::new()
        .item(of(Type::Integer))
        .item(of(Type::String))
        .item(of(Type::Null))
        .into()
}
