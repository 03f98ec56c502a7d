//! What is estimated: a metric.

use epstats_formula::{Formula, Goal};

/// A metric: a numerator over a denominator, both formulas over goals.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The number that the definition gives it, as written; repeated in the answer.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The two formulas.
    pub ratio: Ratio,
    /// Smallest relative effect worth finding, for the required sample size; above zero, and in profile `ep-stats`
    /// also zero.
    pub minimum_effect: Option<f64>,
}

/// Numerator over denominator.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// What is summed.
    pub numerator: Formula,
    /// What it is divided by.
    pub denominator: Formula,
}

impl Ratio {
    /// The goals of both formulas, each once, in order of appearance.
    #[must_use]
    pub fn goals(&self) -> Vec<&Goal> {
        let mut goals = self.numerator.goals();
        for goal in self.denominator.goals() {
            if !goals.contains(&goal) {
                goals.push(goal);
            }
        }
        goals
    }
}
