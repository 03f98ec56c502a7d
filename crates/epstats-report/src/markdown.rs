//! A scorecard as Markdown, with every number.

mod checks;
mod columns;
mod decisions;
mod metrics;

use std::fmt::Write as _;

use epstats_evaluate::experiment::CorrectionRule;
use epstats_evaluate::{Scorecard, Value};

use crate::number;
use crate::terminal::grouped_warnings;
use crate::words;

/// The scorecard as GitHub Markdown: complete tables, one for each metric.
///
/// A number that is undefined is shown as the word of its reason in italics.
#[must_use]
pub fn markdown(scorecard: &Scorecard) -> String {
    let mut text = String::new();
    head(scorecard, &mut text);
    decisions::list(scorecard, &mut text);
    variants(scorecard, &mut text);
    checks::tables(scorecard, &mut text);
    metrics::blocks(scorecard, &mut text);
    warnings(scorecard, &mut text);
    text
}

fn head(scorecard: &Scorecard, text: &mut String) {
    let _ = writeln!(text, "# {}\n", escaped(&scorecard.experiment));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(text, "- {name}: {value}");
    };
    fact("profile of inference", scorecard.inference.to_string());
    fact("unit type", escaped(&scorecard.unit_type));
    fact("control", escaped(&scorecard.control));
    let dates = scorecard.dates;
    for (name, date) in [
        ("first day", dates.from),
        ("last day", dates.to),
        ("evaluated for", dates.evaluated_for),
    ] {
        if let Some(date) = date {
            fact(name, date.to_string());
        }
    }
    fact(
        "confidence level",
        number::level(scorecard.confidence_level.value()),
    );
    if scorecard.confidence_level_in_force != scorecard.confidence_level.value() {
        fact(
            "confidence level in force",
            number::level(scorecard.confidence_level_in_force),
        );
    }
    let is_usual = scorecard.correction == CorrectionRule::default();
    if let Some(correction) = words::correction(scorecard).filter(|_| !is_usual) {
        fact("intervals and adjusted p-values after", correction);
    }
    for text_of_fact in words::of_experiment(scorecard) {
        let _ = writeln!(text, "- {}", escaped(&text_of_fact));
    }
}

fn variants(scorecard: &Scorecard, text: &mut String) {
    text.push_str("\n## Variants\n\n");
    let rows = scorecard.variants.iter().map(|variant| {
        vec![
            name(&variant.name, variant.is_control),
            number::count(variant.n_units),
            shown(variant.share, number::share),
            shown(variant.designed_share, number::share),
        ]
    });
    table(
        &["variant", "units", "share", "designed share"],
        1,
        rows,
        text,
    );
}

fn warnings(scorecard: &Scorecard, text: &mut String) {
    if scorecard.warnings.is_empty() {
        return;
    }
    text.push_str("\n## Warnings\n\n");
    for (warning, names) in grouped_warnings(scorecard) {
        let _ = write!(text, "- `{}`: {}", warning.code, prose(&warning.message));
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| escaped(name)).collect();
            let _ = write!(text, ": {}", names.join(", "));
        }
        text.push('\n');
    }
}

/// A table whose first `n_left` columns are set to the left.
fn table(
    titles: &[&str],
    n_left: usize,
    rows: impl Iterator<Item = Vec<String>>,
    text: &mut String,
) {
    let _ = writeln!(text, "| {} |", titles.join(" | "));
    let align = |position| if position < n_left { "---" } else { "---:" };
    let rule: Vec<&str> = (0..titles.len()).map(align).collect();
    let _ = writeln!(text, "| {} |", rule.join(" | "));
    for cells in rows {
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn name(variant: &str, is_control: bool) -> String {
    let mark = if is_control { " (control)" } else { "" };
    format!("{}{mark}", escaped(variant))
}

fn shown(value: Value, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|reason| format!("*{}*", reason.code()), text)
}

/// Both limits, or the one reason why there are none.
fn interval(lower: Value, upper: Value, text: impl Fn(f64) -> String + Copy) -> String {
    match (lower, upper) {
        (Err(reason), _) | (_, Err(reason)) => format!("*{}*", reason.code()),
        (Ok(lower), Ok(upper)) => format!("{} … {}", text(lower), text(upper)),
    }
}

fn long(value: f64) -> String {
    number::significant(value, 6)
}

/// A text of a user as Markdown that shows exactly that text, on one line and inside a table.
fn escaped(text: &str) -> String {
    let mut result = String::new();
    for character in crate::text::clean(text).chars() {
        if is_special(character) {
            result.push('\\');
        }
        result.push(character);
    }
    result
}

/// Characters with a meaning inside a line; dashes and dots have one only at its beginning, where none of ours stand.
fn is_special(character: char) -> bool {
    matches!(
        character,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$'
    )
}

/// A formula inside backticks.
fn code(formula: &str) -> String {
    crate::text::clean(formula).replace('`', "'")
}

/// A message of ours: its backticks are meant, whatever stands in them is not.
fn prose(message: &str) -> String {
    prose_with(message, code)
}

/// The same inside a table, where a bar ends the cell even within backticks.
fn prose_in_cell(message: &str) -> String {
    prose_with(message, |part| code(part).replace('|', "\\|"))
}

fn prose_with(message: &str, code: impl Fn(&str) -> String) -> String {
    let parts = message.split('`').enumerate();
    let set = |(position, part): (usize, &str)| {
        if position % 2 == 1 {
            format!("`{}`", code(part))
        } else {
            escaped(part)
        }
    };
    parts.map(set).collect()
}
