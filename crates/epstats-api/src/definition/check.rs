//! Checks of a definition.

use epstats_experiment::stats::ConfidenceLevel;
use epstats_experiment::{Check, CheckKind, Code};

use super::metric::name_of;
use super::{confidence_level, formula};
use crate::walk::{At, Object, Problems};

const FIELDS: &[&str] = &[
    "id",
    "name",
    "type",
    "nominator",
    "numerator",
    "denominator",
    "max_sum_ratio",
    "by",
    "sequential",
    "confidence_level",
];

/// The confidence level of checks unless the definition says otherwise.
const LEVEL: f64 = 0.999;
/// The largest share that passes a sum ratio check unless the definition says otherwise.
const MAX_SUM_RATIO: f64 = 0.01;

/// Reads a check; stand-ins take the place of what is wrong.
pub(super) fn read(at: At<'_>, unit_type: &str, problems: &mut Problems) -> Check {
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
    Check {
        id: id.unwrap_or_default(),
        name: name.unwrap_or_default().into_owned(),
        kind: kind(&object, unit_type, problems),
        confidence_level: confidence_level(&object, problems).unwrap_or_else(default_level),
    }
}

#[derive(Clone, Copy)]
enum Type {
    SampleRatioMismatch,
    SumRatio,
}

const TYPES: [(&str, Type); 2] = [
    ("SRM", Type::SampleRatioMismatch),
    ("SumRatio", Type::SumRatio),
];

fn kind(object: &Object<'_>, unit_type: &str, problems: &mut Problems) -> CheckKind {
    let kind = match object.field("type") {
        Some(field) => field.choice(&TYPES, problems),
        None => Some(Type::SampleRatioMismatch),
    };
    let denominator = formula::required(object, "denominator", unit_type, problems);
    let numerator = formula::numerator_field(object, problems);
    match kind {
        Some(Type::SumRatio) => {
            for field in ["by", "sequential"] {
                object.unused(field, "only an SRM check has it", problems);
            }
            CheckKind::SumRatio {
                numerator: formula::required(object, numerator, unit_type, problems),
                denominator,
                max_sum_ratio: object
                    .optional("max_sum_ratio")
                    .and_then(|field| field.number(problems))
                    .unwrap_or(MAX_SUM_RATIO),
            }
        }
        Some(Type::SampleRatioMismatch) => {
            for field in [numerator, "max_sum_ratio"] {
                object.unused(field, "an SRM check counts its denominator only", problems);
            }
            let by = object
                .optional("by")
                .and_then(|field| dimensions(&field, problems));
            let sequential = object
                .optional("sequential")
                .and_then(|field| field.boolean(problems));
            CheckKind::SampleRatioMismatch {
                counts: denominator,
                by: by.unwrap_or_default(),
                sequential: sequential.unwrap_or_default(),
            }
        }
        None => CheckKind::sample_ratio_mismatch(denominator),
    }
}

/// The names of dimensions, at least one.
fn dimensions(field: &At<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let dimensions = field.texts(problems)?;
    if dimensions.is_empty() {
        let message = format!("{} must not be empty", field.label());
        problems.push(
            field
                .error(Code::EmptyValue, message)
                .help("leave `by` out to test all units together only"),
        );
    }
    Some(dimensions)
}

fn default_level() -> ConfidenceLevel {
    ConfidenceLevel::new(LEVEL).unwrap_or(ConfidenceLevel::DEFAULT)
}

fn stand_in(unit_type: &str) -> Check {
    Check {
        id: String::new(),
        name: String::new(),
        confidence_level: ConfidenceLevel::DEFAULT,
        kind: CheckKind::sample_ratio_mismatch(formula::stand_in(unit_type)),
    }
}
