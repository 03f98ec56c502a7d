//! A scorecard as Markdown, with every number.

use std::fmt::Write as _;

use epstats_evaluate::experiment::Inference;
use epstats_evaluate::{MetricResult, Outcome, Scorecard, Value, VariantResult};

use crate::number;
use crate::terminal::grouped_warnings;

/// The scorecard as GitHub Markdown: complete tables, one for each metric.
///
/// A number that is undefined is shown as the word of its reason in italics.
#[must_use]
pub fn markdown(scorecard: &Scorecard) -> String {
    let mut text = String::new();
    head(scorecard, &mut text);
    variants(scorecard, &mut text);
    checks(scorecard, &mut text);
    if !scorecard.metrics.is_empty() {
        text.push_str("\n## Metrics\n");
    }
    for metric in &scorecard.metrics {
        block(scorecard, metric, &mut text);
    }
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

fn checks(scorecard: &Scorecard, text: &mut String) {
    if scorecard.checks.is_empty() {
        return;
    }
    text.push_str("\n## Checks\n\n");
    let rows = scorecard.checks.iter().map(|check| {
        let outcome = match check.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Failed => "**failed**".to_owned(),
            Outcome::NotEvaluated(reason) => format!("not evaluated: {}", reason.code()),
        };
        let values: Vec<String> = check
            .values
            .iter()
            .map(|(name, value)| {
                let is_p_value = name.ends_with("p_value") && !name.starts_with("ln");
                let text = |value| {
                    if is_p_value {
                        number::p_value(value, None)
                    } else {
                        long(value)
                    }
                };
                format!("`{name}` {}", shown(*value, text))
            })
            .collect();
        vec![
            escaped(&check.name),
            check.test.as_str().to_owned(),
            outcome,
            values.join(", "),
        ]
    });
    table(&["check", "test", "outcome", "values"], 4, rows, text);
}

fn block(scorecard: &Scorecard, metric: &MetricResult, text: &mut String) {
    let _ = writeln!(text, "\n### {}\n", escaped(&metric.name));
    let _ = writeln!(
        text,
        "`{} / {}`\n",
        code(&metric.numerator),
        code(&metric.denominator)
    );
    let with_absolute = scorecard.inference == Inference::Standard;
    let mut titles = vec![
        "variant",
        "units",
        "sample size",
        "sum",
        "mean",
        "std. deviation",
        "std. error",
    ];
    if with_absolute {
        titles.extend(["absolute effect", "std. error of it", "interval of it"]);
    }
    titles.extend([
        "relative effect",
        "interval",
        "statistic",
        "d.f.",
        "p",
        "adjusted p",
        "significant",
    ]);
    let planned = metric.minimum_effect.is_some();
    if planned {
        titles.extend(["required sample size", "power", "false positive risk"]);
    }
    let rows = metric
        .variants
        .iter()
        .map(|row| cells(row, with_absolute, planned));
    table(&titles, 1, rows, text);
    if let Some(minimum_effect) = metric.minimum_effect {
        let decimals = number::percent_decimals([minimum_effect]);
        let effect = number::signed_percent(minimum_effect, decimals);
        let _ = writeln!(text, "\nMinimum effect: {}", effect.trim_start_matches('+'));
    }
}

fn cells(row: &VariantResult, with_absolute: bool, planned: bool) -> Vec<String> {
    let mut cells = vec![
        name(&row.variant, row.is_control),
        number::count(row.n_units),
        shown(row.sample_size, number::count),
        shown(row.sum, long),
        shown(row.mean, long),
        shown(row.standard_deviation, long),
        shown(row.standard_error, long),
    ];
    let absolute = row.effect.and_then(|effect| effect.absolute);
    if with_absolute {
        cells.extend(match absolute {
            None => vec![String::new(); 3],
            Some(absolute) => vec![
                shown(absolute.estimate, long),
                shown(absolute.standard_error, long),
                interval(absolute.lower, absolute.upper, long),
            ],
        });
    }
    cells.extend(match row.effect {
        None => vec![String::new(); 7],
        Some(effect) => {
            let relative = effect.relative;
            let numbers = [relative.estimate, relative.lower, relative.upper];
            let decimals = number::percent_decimals(numbers.iter().filter_map(|value| value.ok()));
            let percent = |value| number::signed_percent(value, decimals);
            vec![
                shown(relative.estimate, percent),
                interval(relative.lower, relative.upper, percent),
                shown(effect.statistic, long),
                shown(effect.degrees_of_freedom, long),
                shown(effect.p_value, |p| {
                    number::p_value(p, effect.ln_p_value.ok())
                }),
                shown(effect.p_value_adjusted, |p| number::p_value(p, None)),
                match effect.significant {
                    Some(true) => "**yes**".to_owned(),
                    Some(false) => "no".to_owned(),
                    None => String::new(),
                },
            ]
        }
    });
    if planned {
        let optional = |value: Option<Value>, text: fn(f64) -> String| {
            value.map_or(String::new(), |value| shown(value, text))
        };
        cells.extend([
            optional(row.required_sample_size, number::count),
            optional(row.power, number::power),
            optional(row.false_positive_risk, number::share),
        ]);
    }
    cells
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
