//! What a plan should show.

use epstats_experiment::Code;

use super::numbers::{ABOVE_ZERO, LARGEST, SIZES, is_above_zero, is_size, number};
use crate::document::Value;
use crate::planning::{PlanAim, PlanKind};
use crate::walk::{Object, Problems};

/// What should be shown, in units of the metric.
pub(super) fn aim(
    object: &Object<'_>,
    kind: PlanKind,
    mean: Option<f64>,
    problems: &mut Problems,
) -> Option<PlanAim> {
    if let Some(field) = object.optional("scale") {
        field.choice(&[("relative", ()), ("absolute", ())], problems);
    }
    let scale = if is_relative(object) {
        mean.map(f64::abs)
    } else {
        Some(1.0)
    };
    if let Some(field) = object.optional("better") {
        field.choice(&[("higher", ()), ("lower", ())], problems);
    }
    let sign = if is_lower_better(object) { -1.0 } else { 1.0 };
    let effect = number(object, "minimum_effect", SIZES, is_size, problems);
    let margin = number(object, "margin", ABOVE_ZERO, is_above_zero, problems);
    let true_effect = number(
        object,
        "true_effect",
        "a number",
        |effect| effect.abs() <= LARGEST,
        problems,
    );
    match (object.optional("minimum_effect"), object.optional("margin")) {
        (Some(_), None) => {
            let why = "it goes with `margin`";
            object.unused("true_effect", why, problems);
            object.unused("better", why, problems);
            Some(PlanAim::Effect(effect? * scale?))
        }
        (None, Some(_)) => {
            let why = "non-inferiority is tested one-sided";
            object.unused("one_sided", why, problems);
            let scale = scale?;
            Some(PlanAim::Margin {
                margin: margin? * scale,
                true_effect: sign * true_effect.unwrap_or(0.0) * scale,
            })
        }
        (Some(_), Some(margin)) => {
            problems.push(
                margin
                    .error(
                        Code::DuplicateField,
                        "a plan has one aim: `minimum_effect` or `margin`",
                    )
                    .help("leave one of the two out"),
            );
            None
        }
        (None, None) => {
            if kind == PlanKind::SampleSize {
                object.required(
                    "minimum_effect",
                    "the smallest effect worth finding, or a `margin`",
                    problems,
                );
            }
            None
        }
    }
}

pub(super) fn has_aim(object: &Object<'_>) -> bool {
    ["minimum_effect", "margin"]
        .iter()
        .any(|name| object.optional(name).is_some())
}

/// Effects are shares of control's mean, unless the plan says otherwise.
pub(super) fn is_relative(object: &Object<'_>) -> bool {
    !says(object, "scale", "absolute")
}

pub(super) fn is_lower_better(object: &Object<'_>) -> bool {
    says(object, "better", "lower")
}

fn says(object: &Object<'_>, name: &str, word: &str) -> bool {
    object
        .optional(name)
        .is_some_and(|field| matches!(&field.node.value, Value::Text(text) if text == word))
}
