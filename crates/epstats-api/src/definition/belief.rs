//! What is believed before the experiment.

use epstats_experiment::stats::{EffectEstimate, EffectScale, NormalBelief, ScaledBelief};
use epstats_experiment::{Belief, Code};

use super::each;
use super::metric::choice;
use crate::document::Value;
use crate::walk::{At, Object, Problems};

const SCALES: [(&str, EffectScale); 2] = [
    ("relative", EffectScale::Relative),
    ("absolute", EffectScale::Absolute),
];

/// Reads a belief; an object without fields is a flat one.
pub(super) fn read(field: At<'_>, problems: &mut Problems) -> Option<Belief> {
    let object = Object::open(field, &["prior", "past"], problems)?;
    match (object.optional("prior"), object.optional("past")) {
        (None, None) => Some(Belief::Flat),
        (Some(field), None) => prior(field, problems),
        (None, Some(field)) => past(&field, problems),
        (Some(_), Some(second)) => {
            problems.push(
                second
                    .error(
                        Code::ConflictingFields,
                        "`prior` and `past` exclude each other",
                    )
                    .help("keep one of the two: past effects are made into a prior"),
            );
            None
        }
    }
}

fn prior(field: At<'_>, problems: &mut Problems) -> Option<Belief> {
    match &field.node.value {
        Value::Text(_) => {
            field.choice(&[("flat", ())], problems)?;
            Some(Belief::Flat)
        }
        Value::Object(_) => {
            let fields = ["mean", "standard_deviation", "scale"];
            let object = Object::open(field, &fields, problems)?;
            let mean = number(&object, "mean", "a number, most often 0", problems);
            let expected = "how far effects lie from the mean, such as 0.1";
            let standard_deviation = number(&object, "standard_deviation", expected, problems);
            let scale = choice(&object, "scale", &SCALES, problems);
            Some(Belief::Normal(ScaledBelief {
                belief: NormalBelief {
                    mean: mean?,
                    standard_deviation: standard_deviation?,
                },
                scale: scale.unwrap_or(EffectScale::Relative),
            }))
        }
        _ => {
            problems.push(
                field.wrong_type("`flat`, or an object with `mean` and `standard_deviation`"),
            );
            None
        }
    }
}

fn past(field: &At<'_>, problems: &mut Problems) -> Option<Belief> {
    let entries = field.list(problems)?;
    let effects = each(entries, problems, effect);
    let effects: Option<Vec<EffectEstimate>> = effects.into_iter().collect();
    effects.map(Belief::Past)
}

fn effect(field: At<'_>, problems: &mut Problems) -> Option<EffectEstimate> {
    let object = Object::open(field, &["effect", "standard_error"], problems)?;
    let value = number(
        &object,
        "effect",
        "a relative effect such as 0.02",
        problems,
    );
    let expected = "the standard error of the effect, such as 0.01";
    let standard_error = number(&object, "standard_error", expected, problems);
    Some(EffectEstimate {
        value: value?,
        standard_error: standard_error?,
    })
}

fn number(object: &Object<'_>, name: &str, expected: &str, problems: &mut Problems) -> Option<f64> {
    object.required(name, expected, problems)?.number(problems)
}
