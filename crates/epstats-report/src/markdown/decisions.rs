//! What follows for each treatment.

use std::fmt::Write as _;

use epstats_evaluate::Scorecard;

use super::{escaped, prose};
use crate::words;

pub(super) fn list(scorecard: &Scorecard, text: &mut String) {
    if scorecard.decisions.is_empty() {
        return;
    }
    text.push_str("\n## Decision\n\n");
    for decision in &scorecard.decisions {
        let verdict = words::verdict(decision.verdict);
        let _ = writeln!(text, "- {}: **{verdict}**", escaped(&decision.variant));
        for reason in &decision.reasons {
            let _ = writeln!(text, "  - {}", prose(reason));
        }
    }
}
