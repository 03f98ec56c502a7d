//! Checks, and the same on parts of the units.

use std::fmt::Write as _;

use epstats_evaluate::{CheckPart, CheckResult, Outcome, Scorecard, Value};

use super::{escaped, long, shown, table};
use crate::number;

pub(super) fn tables(scorecard: &Scorecard, text: &mut String) {
    if scorecard.checks.is_empty() {
        return;
    }
    text.push_str("\n## Checks\n\n");
    let rows = scorecard.checks.iter().map(|check| {
        let values: Vec<String> = check.values.iter().map(value).collect();
        vec![
            escaped(&check.name),
            check.test.as_str().to_owned(),
            outcome(check.outcome),
            values.join(", "),
        ]
    });
    table(&["check", "test", "outcome", "values"], 4, rows, text);
    for check in scorecard
        .checks
        .iter()
        .filter(|check| !check.parts.is_empty())
    {
        parts(scorecard, check, text);
    }
}

fn value((name, value): &(&'static str, Value)) -> String {
    let is_p_value = name.ends_with("p_value") && !name.starts_with("ln");
    let text = |value| {
        if is_p_value {
            number::p_value(value, None)
        } else {
            long(value)
        }
    };
    format!("`{name}` {}", shown(*value, text))
}

/// A row for each part of the units, with a column for each variant.
fn parts(scorecard: &Scorecard, check: &CheckResult, text: &mut String) {
    let _ = writeln!(text, "\n### Parts of {}\n", escaped(&check.name));
    let names: Vec<String> = scorecard
        .variants
        .iter()
        .map(|variant| escaped(&variant.name))
        .collect();
    let mut titles = vec!["dimension", "value", "outcome", "p", "adjusted p"];
    titles.extend(names.iter().map(|name| &**name));
    let row = |part: &CheckPart| {
        let p_value = |value: Value| shown(value, |value| number::p_value(value, None));
        let mut cells = vec![
            escaped(&part.dimension),
            part.value
                .as_ref()
                .map_or("*none*".to_owned(), |value| escaped(value)),
            outcome(part.outcome),
            p_value(part.p_value),
            p_value(part.p_value_adjusted),
        ];
        let counts = part.n_units.iter().take(names.len());
        cells.extend(counts.map(|&n_units| number::count(n_units)));
        cells.resize(titles.len(), String::new());
        cells
    };
    table(&titles, 3, check.parts.iter().map(row), text);
}

fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Failed => "**failed**".to_owned(),
        Outcome::NotEvaluated(reason) => format!("not evaluated: {}", reason.code()),
    }
}
