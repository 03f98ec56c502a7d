//! Warnings, each said once for all metrics it is about.

use epstats_evaluate::{Scorecard, Warning};

use super::page::{Page, Style};
use crate::text::{clean, width};

pub(super) fn list(scorecard: &Scorecard, page: &mut Page) {
    if scorecard.warnings.is_empty() {
        return;
    }
    page.title("Warnings");
    for (warning, names) in grouped(scorecard) {
        let sign = page.signs.caution;
        page.line(&[(Style::Caution, format!("  {sign} {}", warning.code))]);
        let mut text = clean(&warning.message);
        if !names.is_empty() {
            text = format!("{text}: {}", names.join(", "));
        }
        let indent = 3 + width(sign);
        page.paragraph(indent, Style::Plain, &text);
    }
}

/// Warnings with the same words, with the metrics and checks they are about.
pub(crate) fn grouped(scorecard: &Scorecard) -> Vec<(&Warning, Vec<String>)> {
    let mut groups: Vec<(&Warning, Vec<String>)> = Vec::new();
    for warning in &scorecard.warnings {
        let metric = warning
            .metric
            .and_then(|position| scorecard.metrics.get(position));
        let check = warning
            .check
            .and_then(|position| scorecard.checks.get(position));
        let name = metric
            .map(|metric| &metric.name)
            .or(check.map(|check| &check.name))
            .map(|name| clean(name));
        let known = groups
            .iter_mut()
            .find(|(other, _)| other.code == warning.code && other.message == warning.message);
        match known {
            Some((_, names)) => names.extend(name),
            None => groups.push((warning, name.into_iter().collect())),
        }
    }
    groups
}
