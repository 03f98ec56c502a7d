//! A check and what it found.

use epstats_evaluate::experiment::stats::Undefined;
use epstats_evaluate::{CheckPart, CheckResult, Outcome};
use serde::Serialize;

use super::number::{Count, Id, Named, Number, Reasons};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct CheckDocument {
    id: Id,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    confidence_level: f64,
    outcome: &'static str,
    reason: Option<&'static str>,
    values: Named,
    parts: Vec<PartDocument>,
    reasons: Reasons,
}

/// The check on the units with one value of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct PartDocument {
    dimension: String,
    value: Option<String>,
    n_units: Vec<Count>,
    p_value: Number,
    p_value_adjusted: Number,
    outcome: &'static str,
    reason: Option<&'static str>,
    reasons: Reasons,
}

impl From<&CheckResult> for CheckDocument {
    fn from(check: &CheckResult) -> Self {
        let mut reasons = Reasons::default();
        let values = check
            .values
            .iter()
            .map(|(name, value)| (*name, reasons.number(name, Some(*value))))
            .collect();
        CheckDocument {
            id: Id::new(&check.id),
            name: check.name.clone(),
            kind: check.test.as_str(),
            confidence_level: check.confidence_level.value(),
            outcome: check.outcome.as_str(),
            reason: reason(check.outcome),
            values: Named(values),
            parts: check.parts.iter().map(PartDocument::from).collect(),
            reasons,
        }
    }
}

impl From<&CheckPart> for PartDocument {
    fn from(part: &CheckPart) -> Self {
        let mut reasons = Reasons::default();
        PartDocument {
            dimension: part.dimension.clone(),
            value: part.value.clone(),
            n_units: part.n_units.iter().copied().map(Count).collect(),
            p_value: reasons.number("p_value", part.p_value),
            p_value_adjusted: reasons.number("p_value_adjusted", part.p_value_adjusted),
            outcome: part.outcome.as_str(),
            reason: reason(part.outcome),
            reasons,
        }
    }
}

fn reason(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::NotEvaluated(reason) => Some(Undefined::code(reason)),
        Outcome::Passed | Outcome::Failed => None,
    }
}
