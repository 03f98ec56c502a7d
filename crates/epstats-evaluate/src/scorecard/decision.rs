//! What follows from the numbers.

use std::sync::Arc;

/// What the data say about one metric of one treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// In one word.
    pub finding: Finding,
    /// Why, in one sentence without a final dot.
    pub reason: String,
}

/// What the data say about a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// The treatment is better than control; where the metric has a margin of superiority, by more than that.
    Better,
    /// The treatment is worse than control, or, where the metric has a margin, beyond it.
    Worse,
    /// The treatment is within the margin: not worse by more than it, or equivalent.
    Acceptable,
    /// The data are compatible with more than one of these.
    Inconclusive,
}

impl Finding {
    /// The word: `better`, `worse`, `acceptable` or `inconclusive`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Finding::Better => "better",
            Finding::Worse => "worse",
            Finding::Acceptable => "acceptable",
            Finding::Inconclusive => "inconclusive",
        }
    }
}

/// What the data say about shipping one treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreatmentDecision {
    /// Name of the treatment.
    pub variant: Arc<str>,
    /// In one word.
    pub verdict: Verdict,
    /// Why: sentences without a final dot, the weightiest first.
    pub reasons: Vec<String>,
}

/// What to do with a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A primary metric is better, none is worse, every guardrail holds, and no check failed.
    Ship,
    /// A primary metric is worse, or a guardrail is broken.
    DoNotShip,
    /// The data cannot say yet, or should not be trusted.
    Inconclusive,
}

impl Verdict {
    /// The word: `ship`, `do-not-ship` or `inconclusive`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ship => "ship",
            Verdict::DoNotShip => "do-not-ship",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}
