//! The answer for a whole experiment.

mod belief;
mod check;
mod decision;
mod effect;

use std::sync::Arc;

use epstats_experiment::stats::{Better, ConfidenceLevel, Undefined};
use epstats_experiment::{
    CappedUnits, CapsInForce, CorrectionRule, CovariateScope, Dates, Inference, Role,
};

use crate::Warning;
pub use belief::{BeliefResult, PosteriorResult, PriorResult};
pub use check::{CheckPart, CheckResult, CheckTest, Outcome};
pub use decision::{Decision, Finding, TreatmentDecision, Verdict};
pub use effect::{
    AbsoluteDifference, Effect, MarginOutcome, MarginResult, RelativeDifference, Symmetric,
};

/// A number, or the reason why the data cannot give it. Never NaN.
///
/// In profile `standard` it is finite, except degrees of freedom and open ends of one-sided intervals. In profile `ep-stats` it is infinite where that
/// system gives an infinity.
pub type Value = Result<f64, Undefined>;

/// The number, where it is one that can be shown.
pub(crate) fn finite(value: f64) -> Value {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// Estimates, effects, checks and warnings of one experiment.
///
/// Made by [`scorecard`](crate::scorecard()); pure data, in an order that depends on the experiment and the data only.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Name of the experiment.
    pub experiment: String,
    /// The profile of inference that made the numbers.
    pub inference: Inference,
    /// What is randomized.
    pub unit_type: String,
    /// Name of the variant that all others are compared with.
    pub control: Arc<str>,
    /// The days that count.
    pub dates: Dates,
    /// The confidence level that the definition asks for.
    pub confidence_level: ConfidenceLevel,
    /// The level that intervals and decisions of metrics use: in profile `ep-stats` with dates a higher one before the last day.
    pub confidence_level_in_force: f64,
    /// What was done about many comparisons.
    pub correction: CorrectionRule,
    /// The dimension within whose values variants were compared, where it was asked for.
    pub post_stratification: Option<String>,
    /// What was believed before the data, where a Bayesian view is asked for.
    pub prior: Option<Result<PriorResult, Undefined>>,
    /// The variants, sorted as text; also those without data.
    pub variants: Vec<VariantSummary>,
    /// One entry per metric, in the order of the definition.
    pub metrics: Vec<MetricResult>,
    /// One entry per check, in the order of the definition.
    pub checks: Vec<CheckResult>,
    /// What follows for each treatment, in the order of the variants; none in profile `ep-stats`.
    pub decisions: Vec<TreatmentDecision>,
    /// What a reader should know: about the experiment, then its variants, metrics and checks.
    pub warnings: Vec<Warning>,
}

/// A variant and its units.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantSummary {
    /// Name of the variant.
    pub name: Arc<str>,
    /// Is it the control?
    pub is_control: bool,
    /// Exposed units; whole, unless an aggregated source says otherwise.
    pub n_units: f64,
    /// Share of all exposed units.
    pub share: Value,
    /// Share by design.
    pub designed_share: Value,
}

/// A metric in all variants.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricResult {
    /// The number that the definition gives it, as written.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The numerator as canonical text; where a quantile is estimated, that quantile.
    pub numerator: String,
    /// The denominator as canonical text; one for a quantile, which is not divided.
    pub denominator: String,
    /// Smallest relative effect worth finding, as defined.
    pub minimum_effect: Option<f64>,
    /// What it means for the decision.
    pub role: Role,
    /// Which direction is good.
    pub better: Better,
    /// The level of the quantile of events that is estimated, where it is one.
    pub quantile: Option<f64>,
    /// What was kept between caps, and which.
    pub caps: Vec<CapsResult>,
    /// What took off noise.
    pub covariates: Option<CovariatesResult>,
    /// One row per variant, in the order of [`Scorecard::variants`].
    pub variants: Vec<VariantResult>,
    /// The same rows without caps, where they are asked for.
    pub uncapped: Option<Vec<VariantResult>>,
}

/// A number per unit that was kept between caps.
#[derive(Debug, Clone, PartialEq)]
pub struct CapsResult {
    /// What was capped, as canonical text.
    pub of: String,
    /// The caps.
    pub limits: CapsInForce,
}

/// What took noise off a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct CovariatesResult {
    /// Where the slopes come from.
    pub scope: CovariateScope,
    /// The covariates.
    pub covariates: Vec<CovariateResult>,
}

/// One covariate.
#[derive(Debug, Clone, PartialEq)]
pub struct CovariateResult {
    /// What it is, for people.
    pub name: String,
    /// What one more of it means for the metric; `None` where each variant has its own slope.
    pub slope: Option<f64>,
    /// Why it was not used, where it was not.
    pub dropped: Option<Undefined>,
}

/// A metric in one variant.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantResult {
    /// Name of the variant.
    pub variant: Arc<str>,
    /// Is it the control?
    pub is_control: bool,
    /// Exposed units.
    pub n_units: f64,
    /// The number of observations that the test uses: exposed units, or the value of the denominator where only sums are known and in
    /// profile `ep-stats`.
    pub sample_size: Value,
    /// The numerator over all units.
    pub sum: Value,
    /// The estimate: numerator over denominator.
    pub mean: Value,
    /// Square root of the variance of one observation.
    pub standard_deviation: Value,
    /// Standard error of the estimate.
    pub standard_error: Value,
    /// Comparison with control; `None` for the control itself in profile `standard`.
    pub effect: Option<Effect>,
    /// Units needed in this variant to find the minimum effect with 80% power; `None` where it is not asked.
    pub required_sample_size: Option<Value>,
    /// Probability to find the minimum effect with the units there are; `None` where it is not asked.
    pub power: Option<Value>,
    /// Probability that a significant effect is none; `None` where it is not asked or the effect is not significant.
    pub false_positive_risk: Option<Value>,
    /// The estimate that the effect compares, where covariates took noise off it.
    pub adjustment: Option<AdjustmentResult>,
    /// Units beyond the caps, one for each of [`MetricResult::caps`].
    pub capped: Vec<CappedUnits>,
    /// What the effect says; `None` for control and in profile `ep-stats`.
    pub decision: Option<Decision>,
}

/// An estimate with the noise taken off that covariates explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustmentResult {
    /// The estimate as it would be with the covariates that all variants have together.
    pub mean: Value,
    /// Its standard error.
    pub standard_error: Value,
    /// The part of the variance that is left.
    pub variance_ratio: Value,
}
