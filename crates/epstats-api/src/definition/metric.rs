//! Metrics of a definition.

use epstats_experiment::formula::Formula;
use epstats_experiment::stats::{Alternative, Better};
use epstats_experiment::{Metric, Ratio, RelativeMethod, Role};

use super::{caps, covariates, formula, margins};
use crate::walk::{At, Object, Problems};

const FIELDS: &[&str] = &[
    "id",
    "name",
    "nominator",
    "numerator",
    "denominator",
    "minimum_effect",
    "role",
    "better",
    "alternative",
    "relative_interval",
    "non_inferiority",
    "superiority",
    "equivalence",
    "caps",
    "outlier_upper_percentile",
    "outlier_lower_percentile",
    "covariate",
    "lookback",
    "covariate_scope",
    "missing_covariates",
];

const ROLES: [(&str, Role); 3] = [
    ("primary", Role::Primary),
    ("secondary", Role::Secondary),
    ("guardrail", Role::Guardrail),
];

const DIRECTIONS: [(&str, Better); 2] = [("higher", Better::Higher), ("lower", Better::Lower)];

const ALTERNATIVES: [(&str, Alternative); 3] = [
    ("two-sided", Alternative::TwoSided),
    ("greater", Alternative::Greater),
    ("less", Alternative::Less),
];

const RELATIVE_INTERVALS: [(&str, RelativeMethod); 3] = [
    ("fieller", RelativeMethod::Fieller),
    ("delta", RelativeMethod::Delta),
    ("log", RelativeMethod::Log),
];

/// Reads a metric; stand-ins take the place of what is wrong.
pub(super) fn read(at: At<'_>, unit_type: &str, problems: &mut Problems) -> Metric {
    let name = name_of(&at);
    let Some(object) = Object::open(at.named(name.clone()), FIELDS, problems) else {
        return stand_in(unit_type);
    };
    let object = object.named(name);
    let id = object
        .required("id", "an integer", problems)
        .and_then(|field| field.integer(problems));
    let name = object
        .required("name", "a name for people", problems)
        .and_then(|field| field.text(problems));
    let numerator = formula::numerator_field(&object, problems);
    let numerator = formula::numerator(&object, numerator, unit_type, problems);
    let ratio = Ratio {
        numerator: numerator.formula,
        denominator: denominator(&object, numerator.is_quantile, unit_type, problems),
    };
    let metric = Metric::new(
        id.unwrap_or_default(),
        name.unwrap_or_default().into_owned(),
        ratio,
    );
    Metric {
        minimum_effect: object
            .optional("minimum_effect")
            .and_then(|field| field.number(problems)),
        quantile: numerator.quantile,
        caps: caps::read(&object, problems),
        covariates: covariates::read(&object, unit_type, problems),
        role: choice(&object, "role", &ROLES, problems).unwrap_or(metric.role),
        better: choice(&object, "better", &DIRECTIONS, problems).unwrap_or(metric.better),
        alternative: choice(&object, "alternative", &ALTERNATIVES, problems)
            .unwrap_or(metric.alternative),
        relative: choice(&object, "relative_interval", &RELATIVE_INTERVALS, problems)
            .unwrap_or(metric.relative),
        margin: margins::read(&object, problems),
        ..metric
    }
}

/// The denominator, which a quantile does not have.
fn denominator(
    object: &Object<'_>,
    is_quantile: bool,
    unit_type: &str,
    problems: &mut Problems,
) -> Formula {
    if !is_quantile {
        return formula::required(object, "denominator", unit_type, problems);
    }
    match object.optional("denominator") {
        Some(field) => formula::read(&field, unit_type, problems),
        None => Formula::number(1.0),
    }
}

/// One of a few words, where it is given.
pub(super) fn choice<T: Copy>(
    object: &Object<'_>,
    name: &str,
    choices: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    object.optional(name)?.choice(choices, problems)
}

/// The name of a metric or check, if it has one, for all messages about it.
pub(super) fn name_of(at: &At<'_>) -> Option<String> {
    let (_, name) = at
        .entries(&mut Problems::new())?
        .into_iter()
        .rfind(|(field, _)| *field == "name")?;
    let name = name.text(&mut Problems::new())?;
    (!name.is_empty()).then(|| name.into_owned())
}

fn stand_in(unit_type: &str) -> Metric {
    let formula = formula::stand_in(unit_type);
    let ratio = Ratio {
        numerator: formula.clone(),
        denominator: formula,
    };
    Metric::new("", "", ratio)
}
