//! How a treatment differs from control.

use epstats_experiment::stats::{Alternative, Undefined};
use epstats_experiment::{Margin, RelativeMethod};

use super::{BeliefResult, Value};

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
    /// Which differences speak against the null hypothesis: of the p-value and of the limits.
    pub alternative: Alternative,
    /// p-value of the test that there is no difference.
    pub p_value: Value,
    /// Its natural logarithm, which goes on where the p-value is zero.
    pub ln_p_value: Value,
    /// The p-value after the correction for many comparisons.
    pub p_value_adjusted: Value,
    /// Is the adjusted p-value small enough for the level in force? `None` without p-value.
    pub significant: Option<bool>,
    /// The effect against the margin of the metric, where it has one.
    pub margin: Option<MarginResult>,
    /// What is believed of the effect, where a Bayesian view is asked for.
    pub belief: Option<BeliefResult>,
}

/// An effect against a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarginResult {
    /// The margin.
    pub margin: Margin,
    /// Probability of data that speak as much for the treatment, if its effect were at the margin.
    pub p_value: Value,
    /// Its natural logarithm.
    pub ln_p_value: Value,
    /// The p-value after the correction for many comparisons; that of a guardrail is not corrected, since all guardrails must hold.
    pub p_value_adjusted: Value,
    /// Probability of data that speak as much against the treatment, if its effect were at the margin.
    pub p_value_opposite: Value,
    /// Lower limit of the effect on the scale of the margin, one-sided like the test; minus infinity where that is open. Where the confidence is below
    /// one half, it is above the upper one.
    pub lower: Value,
    /// Upper limit; infinity where that is open.
    pub upper: Value,
    /// What the tests say at the confidence level of the experiment.
    pub outcome: Result<MarginOutcome, Undefined>,
}

/// What the tests against a margin say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarginOutcome {
    /// Not inferior, superior, or equivalent, as asked.
    Holds,
    /// The opposite is shown.
    Broken,
    /// Neither is shown.
    Inconclusive,
}

impl MarginOutcome {
    /// The word: `holds`, `broken` or `inconclusive`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MarginOutcome::Holds => "holds",
            MarginOutcome::Broken => "broken",
            MarginOutcome::Inconclusive => "inconclusive",
        }
    }
}

/// The absolute effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteDifference {
    /// Treatment minus control.
    pub estimate: Value,
    /// Its standard error.
    pub standard_error: Value,
    /// Lower limit, corrected like the p-value; minus infinity where a one-sided alternative leaves it open.
    pub lower: Value,
    /// Upper limit, corrected like the p-value; infinity where it is open.
    pub upper: Value,
}

/// The relative effect; 0.1 is ten per cent more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeDifference {
    /// Treatment minus control, over the size of control.
    pub estimate: Value,
    /// Lower limit, corrected like the p-value; minus infinity where a one-sided alternative leaves it open.
    pub lower: Value,
    /// Upper limit, corrected like the p-value; infinity where it is open.
    pub upper: Value,
    /// How the limits were found; profile `ep-stats` takes the delta method.
    pub method: RelativeMethod,
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
