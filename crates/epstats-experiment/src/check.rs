//! Tests of the health of the data.

use epstats_formula::{Formula, Goal};
use epstats_stats::ConfidenceLevel;

/// A test of the health of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The number that the definition gives it, as written; repeated in the answer.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Level at which the check fails; 0.999 unless the definition says otherwise.
    pub confidence_level: ConfidenceLevel,
    /// What is tested.
    pub kind: CheckKind,
}

/// What a check tests.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckKind {
    /// Sample ratio mismatch: are units split over the variants as designed?
    SampleRatioMismatch {
        /// What is counted per variant, usually exposures.
        counts: Formula,
        /// Dimensions of the exposure by whose values exposed units are counted and tested, too.
        by: Vec<String>,
        /// Is the test one that may be looked at as often as one likes?
        sequential: bool,
    },
    /// Is the sum of one goal small against the sum of another?
    SumRatio {
        /// What should be small, such as units with inconsistent exposure.
        numerator: Formula,
        /// What it is compared with.
        denominator: Formula,
        /// Largest share that passes.
        max_sum_ratio: f64,
    },
}

impl CheckKind {
    /// The check of a split over variants, of all units together and looked at once.
    #[must_use]
    pub fn sample_ratio_mismatch(counts: Formula) -> Self {
        CheckKind::SampleRatioMismatch {
            counts,
            by: Vec::new(),
            sequential: false,
        }
    }
}

impl Check {
    /// The formulas of the check.
    #[must_use]
    pub fn formulas(&self) -> Vec<&Formula> {
        match &self.kind {
            CheckKind::SampleRatioMismatch { counts, .. } => vec![counts],
            CheckKind::SumRatio {
                numerator,
                denominator,
                ..
            } => vec![numerator, denominator],
        }
    }

    /// The goals that the check reads, each once, in order of appearance.
    #[must_use]
    pub fn goals(&self) -> Vec<&Goal> {
        let mut goals = Vec::new();
        for formula in self.formulas() {
            for goal in formula.goals() {
                if !goals.contains(&goal) {
                    goals.push(goal);
                }
            }
        }
        goals
    }
}
