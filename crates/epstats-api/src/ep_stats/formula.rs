//! Formulas in a request.

use epstats_experiment::formula::{Diagnostic, Formula, Severity, parse};
use epstats_experiment::shorten;

/// Reads a formula, or says in one sentence why it cannot be read.
///
/// Numbers only are no formula, unless `beside_another` has a goal.
pub(super) fn read(what: &str, text: &str, beside_another: bool) -> Result<Formula, String> {
    let mut parsed = parse(text);
    if beside_another {
        parsed = parsed.allowing_no_goal();
    }
    match parsed.formula {
        Some(formula) if parsed.diagnostics.iter().all(is_warning) => Ok(formula),
        _ => Err(cannot_parse(what, text, &parsed.diagnostics)),
    }
}

/// So many mistakes of one formula are told; the rest is counted.
const MOST_MISTAKES: usize = 5;

fn is_warning(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Warning
}

fn cannot_parse(what: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    let mistakes = || {
        diagnostics
            .iter()
            .filter(|diagnostic| !is_warning(diagnostic))
    };
    let told: Vec<String> = mistakes()
        .take(MOST_MISTAKES)
        .map(|mistake| sentence(text, mistake))
        .collect();
    let mut message = format!(
        "Cannot parse {what} \"{}\": {}",
        shorten(text),
        told.join("; also ")
    );
    let n_more = mistakes().count().saturating_sub(MOST_MISTAKES);
    if n_more > 0 {
        message.push_str(&format!("; and {n_more} more"));
    }
    message
}

/// `` unknown aggregation `units` at character 12, expected `unit` or `global`; did you mean `unit`? ``
fn sentence(text: &str, mistake: &Diagnostic) -> String {
    let before = &text[..text.floor_char_boundary(mistake.span.start)];
    let mut sentence = format!(
        "{} at character {}",
        mistake.message,
        before.chars().count() + 1
    );
    super::failure::add_expectation(
        &mut sentence,
        mistake.expected.as_deref(),
        mistake.found.as_deref(),
        mistake.help.as_deref(),
    );
    sentence
}

/// Why formulas that are right, each for itself, are none together: they have numbers only.
pub(super) fn without_goal(formulas: &[(&str, &str)]) -> String {
    let named: Vec<String> = formulas
        .iter()
        .map(|(what, text)| format!("{what} \"{}\"", shorten(text)))
        .collect();
    format!(
        "Cannot parse {}: there is no goal, expected at least one such as `count(user.unit.click)`, found numbers only",
        named.join(" and ")
    )
}
