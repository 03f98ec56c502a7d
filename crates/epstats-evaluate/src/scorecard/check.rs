//! What checks find.

use epstats_experiment::stats::{ConfidenceLevel, Undefined};

use super::Value;

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
    /// The same test on parts of the units, where it is asked for.
    pub parts: Vec<CheckPart>,
}

/// A check on the units whose exposure has one value of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckPart {
    /// The dimension.
    pub dimension: String,
    /// Its value; `None` for exposures without one.
    pub value: Option<String>,
    /// Units of these, in the order of the variants.
    pub n_units: Vec<f64>,
    /// p-value of the test on these units.
    pub p_value: Value,
    /// The p-value after Holm's correction over all parts of the check.
    pub p_value_adjusted: Value,
    /// Did these units pass?
    pub outcome: Outcome,
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
