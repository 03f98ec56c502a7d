//! The metric of a plan: its mean, and the variances of one unit.

use epstats_experiment::Code;
use epstats_experiment::stats::{Comparison, rate_variances, variance_after_covariates};

use super::aim::{has_aim, is_lower_better, is_relative};
use super::numbers::{LARGEST, SIZES, is_inside, is_size, number};
use crate::planning::PlanAim;
use crate::walk::{Object, Problems};

/// The mean of control. A metric without deviation is a rate; one whose effects are relative has a mean that is not zero.
pub(super) fn mean(object: &Object<'_>, problems: &mut Problems) -> Option<f64> {
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

/// Variances of one unit in control and treatment, less what covariates explain; `None` where something is wrong.
pub(super) fn unit_variances(
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
            let effect = if is_lower_better(object) {
                -true_effect
            } else {
                true_effect
            };
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

const RATES: &str = "a rate between 0 and 1; a metric that is no rate needs `standard_deviation` or `unit_variance`";
