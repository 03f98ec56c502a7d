//! The fields of a plan.

use epstats_experiment::Code;
use epstats_experiment::stats::{
    Comparison, ConfidenceLevel, Pooling, Reference, Traffic, rate_variances,
    variance_after_covariates,
};

use super::{PlanAim, PlanKind, PlanRequest, PlanUnits};
use crate::document::Value;
use crate::walk::{At, Object, Problems};

/// The fields of any plan.
const FIELDS: [&str; 20] = [
    "mean",
    "standard_deviation",
    "unit_variance",
    "standard_deviation_treatment",
    "unit_variance_treatment",
    "covariate_correlation",
    "minimum_effect",
    "margin",
    "true_effect",
    "scale",
    "better",
    "power",
    "confidence_level",
    "one_sided",
    "variants",
    "comparisons",
    "treatment_per_control",
    "distribution",
    "daily_units",
    "traffic_share",
];
/// The fields that follow in any plan.
const MORE_FIELDS: [&str; 2] = ["whole_weeks", "null_hypothesis_rate"];
/// The fields that give the units of a plan that has them.
const UNITS: [&str; 3] = ["n_units_control", "n_units", "duration_days"];

pub(super) fn request(at: At<'_>, kind: PlanKind, problems: &mut Problems) -> Option<PlanRequest> {
    let mut known = [&FIELDS[..], &MORE_FIELDS].concat();
    if kind == PlanKind::Power {
        known.extend(UNITS);
    }
    let object = Object::open(at, &known, problems)?;
    let mean = mean(&object, problems);
    let aim = aim(&object, kind, mean, problems);
    let unit_variances = unit_variances(&object, mean, aim, problems);
    let traffic = traffic(&object, problems);
    let units = match kind {
        PlanKind::SampleSize => None,
        PlanKind::Power => Some(units(&object, traffic.is_some(), problems)),
    };
    let level = number(&object, "confidence_level", LEVELS, is_inside, problems);
    let power = number(&object, "power", POWERS, is_inside, problems);
    let one_sided = boolean(&object, "one_sided", problems);
    let variants = number(&object, "variants", VARIANTS, is_variants, problems);
    let treatments = variants.map_or(1, |variants| variants as u32 - 1);
    let comparisons = number(
        &object,
        "comparisons",
        COMPARISONS,
        is_comparisons,
        problems,
    );
    let ratio = number(
        &object,
        "treatment_per_control",
        "a number from 0.001 to 1000",
        |ratio| (0.001..=1000.0).contains(&ratio),
        problems,
    );
    let reference = object
        .optional("distribution")
        .and_then(|field| field.choice(&DISTRIBUTIONS, problems));
    let null_hypothesis_rate = number(
        &object,
        "null_hypothesis_rate",
        "a number from 0 to 1",
        |rate| (0.0..=1.0).contains(&rate),
        problems,
    );
    let whole_weeks = boolean(&object, "whole_weeks", problems);
    Some(PlanRequest {
        control_mean: mean,
        unit_variances: unit_variances?,
        aim,
        units: match units {
            None => None,
            Some(units) => Some(units?),
        },
        power: power.unwrap_or(0.8),
        confidence_level: level
            .and_then(ConfidenceLevel::new)
            .unwrap_or(ConfidenceLevel::DEFAULT),
        one_sided,
        treatments,
        comparisons: comparisons.map_or(treatments, |comparisons| comparisons as u32),
        treatment_per_control: ratio.unwrap_or(1.0),
        reference: reference.unwrap_or_default(),
        traffic,
        whole_weeks,
        null_hypothesis_rate,
    })
}

const LEVELS: &str = "a number between 0 and 1, such as 0.95";
const POWERS: &str = "a number between 0 and 1, such as 0.8";
const VARIANTS: &str = "a whole number from 2 to 1000, control among them";
const COMPARISONS: &str = "a whole number from 1 to 1000000";
const SIZES: &str = "a number other than 0";
const ABOVE_ZERO: &str = "a number above 0";
const RATES: &str = "a rate between 0 and 1; a metric that is no rate needs `standard_deviation` or `unit_variance`";
const DISTRIBUTIONS: [(&str, Reference); 3] = [
    ("normal", Reference::Normal),
    ("student-t", Reference::StudentT(Pooling::Welch)),
    ("student-t-pooled", Reference::StudentT(Pooling::Pooled)),
];
/// Numbers beyond have squares that are not finite.
const LARGEST: f64 = 1e150;

fn is_inside(value: f64) -> bool {
    value > 0.0 && value < 1.0
}

fn is_variants(value: f64) -> bool {
    value.fract() == 0.0 && (2.0..=1000.0).contains(&value)
}

fn is_comparisons(value: f64) -> bool {
    value.fract() == 0.0 && (1.0..=1e6).contains(&value)
}

fn is_above_zero(value: f64) -> bool {
    value > 0.0 && value <= LARGEST
}

fn is_size(value: f64) -> bool {
    value != 0.0 && value.abs() <= LARGEST
}

/// A number that may be left out.
fn number(
    object: &Object<'_>,
    name: &str,
    range: &str,
    is_sound: fn(f64) -> bool,
    problems: &mut Problems,
) -> Option<f64> {
    object.optional(name)?.number_in(range, is_sound, problems)
}

/// A choice of yes or no; no where it is left out.
fn boolean(object: &Object<'_>, name: &str, problems: &mut Problems) -> bool {
    match object.optional(name) {
        None => false,
        Some(field) => match &field.node.value {
            Value::Boolean(value) => *value,
            _ => {
                problems.push(field.wrong_type("`true` or `false`"));
                false
            }
        },
    }
}

/// A metric without deviation is a rate; one whose effects are relative has a mean that is not zero.
fn mean(object: &Object<'_>, problems: &mut Problems) -> Option<f64> {
    let is_rate = !has_deviation(object);
    let is_needed = is_rate || is_relative(object) && has_aim(object);
    let field = if is_needed {
        object.required("mean", "the mean of the metric in control", problems)?
    } else {
        object.optional("mean")?
    };
    if is_rate {
        field.number_in(RATES, is_inside, problems)
    } else if is_needed {
        field.number_in(SIZES, is_size, problems)
    } else {
        field.number_in("a number", |mean| mean.abs() <= LARGEST, problems)
    }
}

fn has_deviation(object: &Object<'_>) -> bool {
    ["standard_deviation", "unit_variance"]
        .iter()
        .any(|name| object.optional(name).is_some())
}

fn has_aim(object: &Object<'_>) -> bool {
    ["minimum_effect", "margin"]
        .iter()
        .any(|name| object.optional(name).is_some())
}

/// Effects are shares of control's mean, unless the plan says otherwise.
fn is_relative(object: &Object<'_>) -> bool {
    object
        .optional("scale")
        .is_none_or(|field| !matches!(&field.node.value, Value::Text(text) if text == "absolute"))
}

/// What should be shown, in units of the metric.
fn aim(
    object: &Object<'_>,
    kind: PlanKind,
    mean: Option<f64>,
    problems: &mut Problems,
) -> Option<PlanAim> {
    let scales = [("relative", ()), ("absolute", ())];
    if let Some(field) = object.optional("scale") {
        field.choice(&scales, problems);
    }
    let scale = if is_relative(object) {
        mean.map(f64::abs)
    } else {
        Some(1.0)
    };
    let betters = [("higher", 1.0), ("lower", -1.0)];
    let sign = object
        .optional("better")
        .and_then(|field| field.choice(&betters, problems))
        .unwrap_or(1.0);
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

/// Variances of one unit in control and treatment, less what covariates explain; `None` where something is wrong.
fn unit_variances(
    object: &Object<'_>,
    mean: Option<f64>,
    aim: Option<PlanAim>,
    problems: &mut Problems,
) -> Option<Comparison<f64>> {
    let correlation = number(
        object,
        "covariate_correlation",
        "a number from -1 to 1",
        |correlation| (-1.0..=1.0).contains(&correlation),
        problems,
    )
    .unwrap_or(0.0);
    let control = variance(object, "standard_deviation", "unit_variance", problems);
    let treatment = variance(
        object,
        "standard_deviation_treatment",
        "unit_variance_treatment",
        problems,
    );
    let variances = if has_deviation(object) {
        let control = control?;
        Comparison {
            control,
            treatment: treatment.unwrap_or(control),
        }
    } else {
        let why = "the variance of a rate follows from the rate";
        object.unused("standard_deviation_treatment", why, problems);
        object.unused("unit_variance_treatment", why, problems);
        of_rate(object, mean?, aim, problems)?
    };
    let left = |variance| variance_after_covariates(variance, correlation * correlation).ok();
    Some(Comparison {
        control: left(variances.control)?,
        treatment: left(variances.treatment)?,
    })
}

/// The variance of one unit, given itself or as its root.
fn variance(
    object: &Object<'_>,
    deviation: &str,
    variance: &str,
    problems: &mut Problems,
) -> Option<f64> {
    let range = "a number of at least 0";
    let is_sound = |value: f64| (0.0..=LARGEST).contains(&value);
    let root = number(object, deviation, range, is_sound, problems);
    let itself = number(object, variance, range, is_sound, problems);
    if let (Some(_), Some(field)) = (object.optional(deviation), object.optional(variance)) {
        problems.push(
            field
                .error(
                    Code::DuplicateField,
                    format!("`{variance}` is the square of `{deviation}`"),
                )
                .help("leave one of the two out"),
        );
        return None;
    }
    root.map(|root| root * root).or(itself)
}

/// The variances of a rate and of what the true effect makes of it.
fn of_rate(
    object: &Object<'_>,
    rate: f64,
    aim: Option<PlanAim>,
    problems: &mut Problems,
) -> Option<Comparison<f64>> {
    let (effect, name) = match aim {
        None => (0.0, "minimum_effect"),
        Some(PlanAim::Effect(effect)) => (effect, "minimum_effect"),
        Some(PlanAim::Margin { true_effect, .. }) => {
            let is_lower = object.optional("better").is_some_and(
                |field| matches!(&field.node.value, Value::Text(text) if text == "lower"),
            );
            let effect = if is_lower { -true_effect } else { true_effect };
            (effect, "true_effect")
        }
    };
    let variances = is_inside(rate + effect).then(|| rate_variances(rate, effect / rate));
    if let Some(Ok(variances)) = variances {
        return Some(variances);
    }
    if let Some(field) = object.optional(name) {
        problems.push(
            field
                .error(
                    Code::OutOfRange,
                    format!("{} is out of range", field.label()),
                )
                .expected("an effect that keeps the rate between 0 and 1")
                .found(format!("a rate of {}", rate + effect)),
        );
    }
    None
}

fn traffic(object: &Object<'_>, problems: &mut Problems) -> Option<Traffic> {
    let daily_units = number(object, "daily_units", ABOVE_ZERO, is_above_zero, problems);
    let share = number(
        object,
        "traffic_share",
        "a share above 0, at most 1",
        |share| share > 0.0 && share <= 1.0,
        problems,
    );
    if object.optional("daily_units").is_none() {
        let why = "without `daily_units` there are no days";
        object.unused("traffic_share", why, problems);
        object.unused("whole_weeks", why, problems);
    }
    Some(Traffic {
        daily_units: daily_units?,
        share: share.unwrap_or(1.0),
    })
}

/// The units of a plan that has them, told in one of three ways.
fn units(object: &Object<'_>, has_traffic: bool, problems: &mut Problems) -> Option<PlanUnits> {
    let mut given = UNITS
        .into_iter()
        .filter_map(|name| object.optional(name).map(|field| (name, field)));
    let Some((name, field)) = given.next() else {
        object.required(
            "n_units_control",
            "the units of control; or `n_units`, those of all variants; or `duration_days`",
            problems,
        );
        return None;
    };
    if let Some((_, other)) = given.next() {
        problems.push(
            other
                .error(
                    Code::DuplicateField,
                    format!("{} is told by `{name}` already", other.label()),
                )
                .help("leave one of the two out"),
        );
    }
    let value = field.number_in(ABOVE_ZERO, is_above_zero, problems)?;
    match name {
        "n_units_control" => Some(PlanUnits::Control(value)),
        "n_units" => Some(PlanUnits::Total(value)),
        _ => {
            if !has_traffic {
                object.required("daily_units", "the new units of a day", problems);
            }
            has_traffic.then_some(PlanUnits::Days(value))
        }
    }
}
