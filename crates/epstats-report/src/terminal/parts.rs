//! Checks on parts of the units.

use epstats_evaluate::{CheckPart, CheckResult, Outcome, Scorecard};

use super::page::{Page, Style};
use crate::number;
use crate::text::clean;

/// How many parts there are and how many failed; nothing where none was asked for.
pub(super) fn counted(check: &CheckResult) -> Option<String> {
    let n_failed = check.parts.iter().filter(|part| is_failed(part)).count();
    match (check.parts.len(), n_failed) {
        (0, _) => None,
        (1, 0) => Some("1 part, not failed".to_owned()),
        (n, 0) => Some(format!("{n} parts, none failed")),
        (n, n_failed) => Some(format!("{n_failed} of {n} parts failed")),
    }
}

/// The parts that failed, a line for each.
pub(super) fn failed(scorecard: &Scorecard, check: &CheckResult, page: &mut Page) {
    let failed: Vec<&CheckPart> = check.parts.iter().filter(|part| is_failed(part)).collect();
    for part in failed.iter().take(MOST_SHOWN) {
        let sign = page.signs.failed;
        let text = format!("{sign} {}", described(scorecard, part));
        page.paragraph(4, Style::Bad, &clean(&text));
    }
    let n_left_out = failed.len().saturating_sub(MOST_SHOWN);
    if n_left_out > 0 {
        let text = format!("and {n_left_out} more");
        page.paragraph(4, Style::Bad, &text);
    }
}

/// `country AT: adjusted p 2e-9; control 600, express 402`
fn described(scorecard: &Scorecard, part: &CheckPart) -> String {
    let value = part.value.as_deref().unwrap_or("(none)");
    let p_value = part.p_value_adjusted.ok().map_or(String::new(), |p_value| {
        format!("adjusted p {}; ", number::p_value(p_value, None))
    });
    let names = scorecard.variants.iter().map(|variant| &variant.name);
    let counts: Vec<String> = names
        .zip(&part.n_units)
        .map(|(name, &n_units)| format!("{name} {}", number::count(n_units)))
        .collect();
    format!("{} {value}: {p_value}{}", part.dimension, counts.join(", "))
}

fn is_failed(part: &CheckPart) -> bool {
    part.outcome == Outcome::Failed
}

const MOST_SHOWN: usize = 10;
