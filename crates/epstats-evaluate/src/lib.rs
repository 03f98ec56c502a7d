//! From an experiment and its statistics to a scorecard.
//!
//! [`scorecard()`] is the last of the three lines of the engine: it cannot wait and cannot fail. What the data cannot
//! say is [`Undefined`](epstats_experiment::stats::Undefined) with its reason, in the place of the number.
//!
//! The profile `standard` estimates every metric with its exact variance where moments are exact; the profile `ep-stats`
//! gives the numbers of that system, from the arithmetic in [`ep_stats`].

pub mod ep_stats;

mod check;
mod evaluate;
mod formulas;
mod observations;
mod profile;
mod scorecard;
mod variants;
mod warning;

pub use evaluate::scorecard;
pub use scorecard::{
    AbsoluteDifference, AdjustmentResult, BeliefResult, CapsResult, CheckPart, CheckResult,
    CheckTest, CovariateResult, CovariatesResult, Decision, Effect, Finding, MarginOutcome,
    MarginResult, MetricResult, Outcome, PosteriorResult, PriorResult, RelativeDifference,
    Scorecard, Symmetric, TreatmentDecision, Value, VariantResult, VariantSummary, Verdict,
};
pub use warning::{Warning, WarningCode};

/// The domain, for rooms that build on scorecards.
pub use epstats_experiment as experiment;
