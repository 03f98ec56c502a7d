//! Formulas in a definition.

use epstats_experiment::formula::{Formula, Numerator, Parsed, parse, parse_numerator};
use epstats_experiment::stats::Probability;
use epstats_experiment::{Code, Diagnostic, exposure_goal};

use crate::walk::{At, MOST_PROBLEMS, Object, Problems};

/// Reads a formula. One half of a metric may be numbers only; that both are is judged later.
///
/// Where the text is wrong a stand-in is returned, so that later rules find a formula with a goal.
pub(super) fn read(field: &At<'_>, unit_type: &str, problems: &mut Problems) -> Formula {
    let Some(text) = field.text(problems) else {
        return stand_in(unit_type);
    };
    understood(parse(&text), &text, field, problems).unwrap_or_else(|| stand_in(unit_type))
}

/// What was read, if there is no error in it.
fn understood<F>(
    parsed: Parsed<F>,
    text: &str,
    field: &At<'_>,
    problems: &mut Problems,
) -> Option<F> {
    let parsed = parsed.allowing_no_goal();
    let has_errors = parsed.has_errors();
    let room = MOST_PROBLEMS.saturating_sub(problems.len());
    let diagnostics = parsed
        .diagnostics
        .into_iter()
        .take(room)
        .map(|problem| Diagnostic::in_formula(problem, text, field.place()));
    problems.extend(diagnostics);
    parsed.formula.filter(|_| !has_errors)
}

/// The numerator of a metric.
pub(super) struct MetricNumerator {
    /// Of a quantile, its goal.
    pub(super) formula: Formula,
    /// The level of a quantile.
    pub(super) quantile: Option<Probability>,
    /// Is it a quantile, right or wrong? Then there is no denominator.
    pub(super) is_quantile: bool,
}

/// Reads the numerator of a metric, which must be there.
pub(super) fn numerator(
    object: &Object<'_>,
    name: &str,
    unit_type: &str,
    problems: &mut Problems,
) -> MetricNumerator {
    let text = object
        .required(name, EXAMPLE, problems)
        .and_then(|field| Some((field.text(problems)?, field)));
    let read = text
        .as_ref()
        .and_then(|(text, field)| understood(parse_numerator(text), text, field, problems));
    match read {
        Some(Numerator::Quantile(quantile)) => MetricNumerator {
            quantile: Probability::new(quantile.level()),
            formula: quantile.into_goal().into(),
            is_quantile: true,
        },
        Some(Numerator::Formula(formula)) => MetricNumerator {
            formula,
            quantile: None,
            is_quantile: false,
        },
        None => MetricNumerator {
            formula: stand_in(unit_type),
            quantile: None,
            is_quantile: text.is_some_and(|(text, _)| text.trim_start().starts_with("quantile")),
        },
    }
}

/// Reads a formula that must be there.
pub(super) fn required(
    object: &Object<'_>,
    name: &str,
    unit_type: &str,
    problems: &mut Problems,
) -> Formula {
    match object.required(name, EXAMPLE, problems) {
        Some(field) => read(&field, unit_type, problems),
        None => stand_in(unit_type),
    }
}

const EXAMPLE: &str = "a formula such as `count(user.unit.click)`";

/// The name that the numerator has in a definition: `nominator`, or `numerator`.
pub(super) fn numerator_field(object: &Object<'_>, problems: &mut Problems) -> &'static str {
    match (object.field("nominator"), object.field("numerator")) {
        (Some(_), Some(second)) => {
            problems.push(
                second
                    .error(
                        Code::DuplicateField,
                        "the numerator is given twice, as `nominator` and as `numerator`",
                    )
                    .help("keep one of the two; they mean the same"),
            );
            "nominator"
        }
        (None, Some(_)) => "numerator",
        _ => "nominator",
    }
}

pub(super) fn stand_in(unit_type: &str) -> Formula {
    Formula::from(exposure_goal(unit_type))
}
