//! What follows for each treatment.

use epstats_evaluate::{Scorecard, TreatmentDecision, Verdict};

use super::page::{Page, Style};
use crate::text::{clean, width};
use crate::words;

pub(super) fn list(scorecard: &Scorecard, page: &mut Page) {
    if scorecard.decisions.is_empty() {
        return;
    }
    page.title("Decision");
    for decision in &scorecard.decisions {
        of_treatment(decision, page);
    }
}

/// The verdict, and why below it.
fn of_treatment(decision: &TreatmentDecision, page: &mut Page) {
    let (style, sign) = match decision.verdict {
        Verdict::Ship => (Style::Good, page.signs.passed),
        Verdict::DoNotShip => (Style::Bad, page.signs.failed),
        Verdict::Inconclusive => (Style::Caution, page.signs.caution),
    };
    let name = clean(&decision.variant);
    let verdict = words::verdict(decision.verdict);
    page.line(&[
        (style, format!("  {sign} ")),
        (Style::Strong, name),
        (style, format!(": {verdict}")),
    ]);
    for reason in &decision.reasons {
        page.paragraph(3 + width(sign), Style::Plain, &clean(reason));
    }
}
