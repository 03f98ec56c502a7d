//! The answer for a whole experiment.

use std::sync::Arc;

use epstats_experiment::stats::{ConfidenceLevel, Undefined};
use epstats_experiment::{Dates, Inference};

use crate::Warning;

/// A number, or the reason why the data cannot give it. Never NaN.
///
/// In profile `standard` it is finite, except degrees of freedom. In profile `ep-stats` it is infinite where that
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
    /// The variants, sorted as text; also those without data.
    pub variants: Vec<VariantSummary>,
    /// One entry per metric, in the order of the definition.
    pub metrics: Vec<MetricResult>,
    /// One entry per check, in the order of the definition.
    pub checks: Vec<CheckResult>,
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
    /// The numerator as canonical text.
    pub numerator: String,
    /// The denominator as canonical text.
    pub denominator: String,
    /// Smallest relative effect worth finding, as defined.
    pub minimum_effect: Option<f64>,
    /// One row per variant, in the order of [`Scorecard::variants`].
    pub variants: Vec<VariantResult>,
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
}

/// A variant compared with control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Treatment minus control; profile `standard` only.
    pub absolute: Option<AbsoluteDifference>,
    /// Treatment minus control, over the size of control.
    pub relative: RelativeDifference,
    /// Degrees of freedom of Student's t; a fraction in profile `standard`.
    pub degrees_of_freedom: Value,
    /// Effect over its standard error: the absolute one in profile `standard`, the relative one in profile `ep-stats`.
    pub statistic: Value,
    /// Two-sided p-value.
    pub p_value: Value,
    /// Its natural logarithm, which goes on where the p-value is zero.
    pub ln_p_value: Value,
    /// The p-value after Holm's correction for the treatments of the metric.
    pub p_value_adjusted: Value,
    /// Is the adjusted p-value small enough for the level in force? `None` without p-value.
    pub significant: Option<bool>,
}

/// The absolute effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteDifference {
    /// Treatment minus control.
    pub estimate: Value,
    /// Its standard error.
    pub standard_error: Value,
    /// Lower limit, corrected like the p-value.
    pub lower: Value,
    /// Upper limit, corrected like the p-value.
    pub upper: Value,
}

/// The relative effect; 0.1 is ten per cent more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeDifference {
    /// Treatment minus control, over the size of control.
    pub estimate: Value,
    /// Lower limit, corrected like the p-value.
    pub lower: Value,
    /// Upper limit, corrected like the p-value.
    pub upper: Value,
    /// Standard error and half-width as `ep-stats` gives them; that profile only.
    pub symmetric: Option<Symmetric>,
}

/// What the interval of profile `ep-stats` is made of; both are below zero where the mean of control is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Symmetric {
    /// Standard error of the relative effect.
    pub standard_error: Value,
    /// Distance from the estimate to either limit.
    pub half_width: Value,
}

/// A check and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// The number that the definition gives it, as written.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What was tested.
    pub test: CheckTest,
    /// The level at which the check fails.
    pub confidence_level: ConfidenceLevel,
    /// Did it pass?
    pub outcome: Outcome,
    /// The numbers behind the outcome, each with its name, in a fixed order.
    pub values: Vec<(&'static str, Value)>,
}

/// The kinds of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckTest {
    /// Are units split over the variants as designed?
    SampleRatioMismatch,
    /// Is one sum small against another?
    SumRatio,
}

impl CheckTest {
    /// The word: `SRM` or `SumRatio`, as in definitions.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CheckTest::SampleRatioMismatch => "SRM",
            CheckTest::SumRatio => "SumRatio",
        }
    }
}

/// What a check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing speaks against the data.
    Passed,
    /// The data should not be trusted.
    Failed,
    /// The data cannot say, for a reason.
    NotEvaluated(Undefined),
}

impl Outcome {
    /// The word: `passed`, `failed` or `not-evaluated`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::NotEvaluated(_) => "not-evaluated",
        }
    }
}
