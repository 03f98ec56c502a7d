//! Formulas in a definition.

use epstats_experiment::formula::{Formula, parse};
use epstats_experiment::{Code, Diagnostic, exposure_goal};

use crate::walk::{At, MOST_PROBLEMS, Object, Problems};

/// Reads a formula. One half of a metric may be numbers only; that both are is judged later.
///
/// Where the text is wrong a stand-in is returned, so that later rules find a formula with a goal.
pub(super) fn read(field: &At<'_>, unit_type: &str, problems: &mut Problems) -> Formula {
    let Some(text) = field.text(problems) else {
        return stand_in(unit_type);
    };
    let parsed = parse(&text).allowing_no_goal();
    let has_errors = parsed.has_errors();
    let room = MOST_PROBLEMS.saturating_sub(problems.len());
    let diagnostics = parsed
        .diagnostics
        .into_iter()
        .take(room)
        .map(|problem| Diagnostic::in_formula(problem, &text, field.place()));
    problems.extend(diagnostics);
    match parsed.formula {
        Some(formula) if !has_errors => formula,
        _ => stand_in(unit_type),
    }
}

/// Reads a formula that must be there.
pub(super) fn required(
    object: &Object<'_>,
    name: &str,
    unit_type: &str,
    problems: &mut Problems,
) -> Formula {
    match object.required(name, "a formula such as `count(user.unit.click)`", problems) {
        Some(field) => read(&field, unit_type, problems),
        None => stand_in(unit_type),
    }
}

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
