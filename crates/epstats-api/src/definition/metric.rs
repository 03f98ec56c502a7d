//! Metrics of a definition.

use epstats_experiment::{Code, Metric, Ratio};

use super::formula;
use crate::walk::{At, Object, Problems};

const FIELDS: &[&str] = &[
    "id",
    "name",
    "nominator",
    "numerator",
    "denominator",
    "minimum_effect",
    "outlier_upper_percentile",
    "outlier_lower_percentile",
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
    let ratio = Ratio {
        numerator: formula::required(&object, numerator, unit_type, problems),
        denominator: formula::required(&object, "denominator", unit_type, problems),
    };
    for outlier in ["outlier_upper_percentile", "outlier_lower_percentile"] {
        refuse_outliers(&object, outlier, problems);
    }
    Metric {
        minimum_effect: object
            .optional("minimum_effect")
            .and_then(|field| field.number(problems)),
        ..Metric::new(
            id.unwrap_or_default(),
            name.unwrap_or_default().into_owned(),
            ratio,
        )
    }
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

/// Percentiles are held to their range; cutting outliers itself is not done.
fn refuse_outliers(object: &Object<'_>, name: &str, problems: &mut Problems) {
    let Some(field) = object.optional(name) else {
        return;
    };
    let range = "a percentile from 0 to below 50";
    let percentile = field.number_in(range, |value| (0.0..50.0).contains(&value), problems);
    if percentile.is_some_and(|percentile| percentile > 0.0) {
        problems.push(
            field
                .error(
                    Code::NotSupported,
                    "this version does not cut outliers (winsorize)",
                )
                .help(format!(
                    "leave `{name}` out, or set it to 0, to evaluate all values as they are"
                )),
        );
    }
}

fn stand_in(unit_type: &str) -> Metric {
    let formula = formula::stand_in(unit_type);
    let ratio = Ratio {
        numerator: formula.clone(),
        denominator: formula,
    };
    Metric::new("", "", ratio)
}
