//! Filters of a definition.

use std::borrow::Cow;

use epstats_experiment::Filter;

use crate::walk::{At, Object, Problems};

const FIELDS: &[&str] = &["scope", "dimension", "value", "goal"];

/// Reads a filter; stand-ins take the place of what is wrong.
pub(super) fn read(at: At<'_>, problems: &mut Problems) -> Filter {
    read_filter(at, problems).unwrap_or(Filter::Trigger {
        goal: "exposure".to_owned(),
        condition: None,
    })
}

#[derive(Clone, Copy)]
enum Scope {
    Exposure,
    Goal,
    Trigger,
}

const SCOPES: [(&str, Scope); 3] = [
    ("exposure", Scope::Exposure),
    ("goal", Scope::Goal),
    ("trigger", Scope::Trigger),
];

fn read_filter(at: At<'_>, problems: &mut Problems) -> Option<Filter> {
    let object = Object::open(at, FIELDS, problems)?;
    let scope = object
        .required("scope", "`exposure`, `goal` or `trigger`", problems)?
        .choice(&SCOPES, problems)?;
    if let Scope::Trigger = scope {
        let goal = text(&object, "goal", "the name of a goal", problems);
        let names_condition =
            object.optional("dimension").is_some() || object.optional("value").is_some();
        let condition = if names_condition {
            Some(condition(&object, problems)?)
        } else {
            None
        };
        return Some(Filter::Trigger {
            goal: goal?,
            condition,
        });
    }
    object.unused("goal", "only scope `trigger` looks at a goal", problems);
    let (dimension, values) = condition(&object, problems)?;
    Some(match scope {
        Scope::Exposure => Filter::Exposure { dimension, values },
        _ => Filter::Goal { dimension, values },
    })
}

fn condition(object: &Object<'_>, problems: &mut Problems) -> Option<(String, Vec<String>)> {
    let dimension = text(object, "dimension", "the name of a dimension", problems);
    let values = object
        .required("value", "a list of the values that pass", problems)
        .and_then(|field| field.texts(problems));
    Some((dimension?, values?))
}

fn text(
    object: &Object<'_>,
    name: &str,
    expected: &str,
    problems: &mut Problems,
) -> Option<String> {
    object
        .required(name, expected, problems)?
        .text(problems)
        .map(Cow::into_owned)
}
