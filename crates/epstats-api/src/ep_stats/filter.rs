//! Filters of a request.

use std::borrow::Cow;

use epstats_experiment::Filter;

use super::detail::{Details, Problem};
use super::json::Json;
use super::walk::At;

/// Reads a filter; whether it is complete is judged only if all its fields have the right type.
pub(super) fn read(at: &At<'_, '_>, details: &mut Details) -> Option<Filter> {
    if !at.is_object(details) {
        return None;
    }
    let n_found = details.n_found();
    let scope = at
        .required("scope", details)
        .and_then(|field| scope(&field, details));
    let text = |name, details: &mut Details| at.optional(name)?.text(details);
    let dimension = text("dimension", details).unwrap_or_default();
    let values = at
        .optional("value")
        .and_then(|field| field.each(details, |entry, _, details| value(entry, details)))
        .unwrap_or_default();
    let goal = text("goal", details).unwrap_or_default();
    if details.n_found() > n_found {
        return None;
    }
    match filter(scope?, dimension, values, goal) {
        Ok(filter) => Some(filter),
        Err(reason) => at.refuse(Problem::Value(reason.to_owned()), details),
    }
}

#[derive(Clone, Copy)]
enum Scope {
    Exposure,
    Goal,
    Trigger,
}

fn scope(field: &At<'_, '_>, details: &mut Details) -> Option<Scope> {
    let Json::Text(word) = field.json else {
        return field.refuse(SCOPES, details);
    };
    match &**word {
        "exposure" => Some(Scope::Exposure),
        "goal" => Some(Scope::Goal),
        "trigger" => Some(Scope::Trigger),
        _ => field.refuse(SCOPES, details),
    }
}

const SCOPES: Problem = Problem::Enum("'exposure', 'goal' or 'trigger'");

/// A value of a dimension: a text, or a number, which data hold as a text, too.
fn value<'j>(entry: &At<'j, '_>, details: &mut Details) -> Option<Cow<'j, str>> {
    match entry.json {
        Json::Number(digits) => Some(digits.clone()),
        _ => entry.text(details).map(Cow::Borrowed),
    }
}

fn filter(
    scope: Scope,
    dimension: &str,
    values: Vec<Cow<'_, str>>,
    goal: &str,
) -> Result<Filter, &'static str> {
    let values: Vec<String> = values.into_iter().map(Cow::into_owned).collect();
    let condition = match (dimension.is_empty(), values.is_empty()) {
        (false, false) => Some((dimension.to_owned(), values)),
        (true, true) => None,
        (true, false) => return Err("a filter with values needs a dimension"),
        (false, true) => return Err("a filter of a dimension needs at least one value"),
    };
    match (scope, condition) {
        (Scope::Trigger, _) if goal.is_empty() => Err("a filter of scope `trigger` needs a goal"),
        (Scope::Trigger, condition) => Ok(Filter::Trigger {
            goal: goal.to_owned(),
            condition,
        }),
        (Scope::Exposure, Some((dimension, values))) => Ok(Filter::Exposure { dimension, values }),
        (Scope::Goal, Some((dimension, values))) => Ok(Filter::Goal { dimension, values }),
        (Scope::Exposure, None) => {
            Err("a filter of scope `exposure` needs a dimension and at least one value")
        }
        (Scope::Goal, None) => {
            Err("a filter of scope `goal` needs a dimension and at least one value")
        }
    }
}
