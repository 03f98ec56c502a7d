//! The fields of a plan.

mod aim;
mod metric;
mod numbers;
mod size;

use epstats_experiment::stats::{ConfidenceLevel, Pooling, Reference};

use super::{PlanKind, PlanRequest};
use crate::walk::{At, Object, Problems};
use aim::aim;
use metric::{mean, unit_variances};
use numbers::{boolean, is_inside, number};
use size::{UNITS, traffic, units};

/// The fields of any plan.
const FIELDS: [&str; 22] = [
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
    "whole_weeks",
    "null_hypothesis_rate",
];

pub(super) fn request(at: At<'_>, kind: PlanKind, problems: &mut Problems) -> Option<PlanRequest> {
    let mut known = FIELDS.to_vec();
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
const DISTRIBUTIONS: [(&str, Reference); 3] = [
    ("normal", Reference::Normal),
    ("student-t", Reference::StudentT(Pooling::Welch)),
    ("student-t-pooled", Reference::StudentT(Pooling::Pooled)),
];

fn is_variants(value: f64) -> bool {
    value.fract() == 0.0 && (2.0..=1000.0).contains(&value)
}

fn is_comparisons(value: f64) -> bool {
    value.fract() == 0.0 && (1.0..=1e6).contains(&value)
}
