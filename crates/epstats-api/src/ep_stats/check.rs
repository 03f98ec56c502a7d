//! Checks of a request.

use epstats_experiment::formula::Formula;
use epstats_experiment::stats::ConfidenceLevel;
use epstats_experiment::{Check, CheckKind, did_you_mean, shorten};

use super::detail::{Details, Problem};
use super::formula;
use super::walk::At;

/// The confidence level of checks, which requests cannot change.
const LEVEL: f64 = 0.999;
/// The largest share that passes a sum ratio check, likewise.
const MAX_SUM_RATIO: f64 = 0.01;

/// Reads a check. Each of its formulas is a problem of its own field.
pub(super) fn read(at: &At<'_, '_>, details: &mut Details) -> Option<Check> {
    if !at.is_object(details) {
        return None;
    }
    let id = at
        .required("id", details)
        .and_then(|field| field.integer(details));
    let name = at
        .required("name", details)
        .and_then(|field| field.text(details));
    let kind = match at.field("type") {
        Some(field) => kind(&field, details),
        None => Some(Kind::SampleRatioMismatch),
    };
    let kind = match kind {
        Some(Kind::SumRatio) => sum_ratio(at, details),
        Some(Kind::SampleRatioMismatch) => sample_ratio_mismatch(at, details),
        None => {
            // Only the types of the others can be judged.
            at.required("denominator", details)
                .and_then(|field| field.text(details));
            at.optional("nominator")
                .and_then(|field| field.text(details));
            None
        }
    };
    Some(Check {
        id: id?,
        name: name?.to_owned(),
        confidence_level: ConfidenceLevel::new(LEVEL).unwrap_or(ConfidenceLevel::DEFAULT),
        kind: kind?,
    })
}

#[derive(Clone, Copy)]
enum Kind {
    SampleRatioMismatch,
    SumRatio,
}

fn kind(field: &At<'_, '_>, details: &mut Details) -> Option<Kind> {
    let word = field.text(details)?;
    match word {
        "SRM" => Some(Kind::SampleRatioMismatch),
        "SumRatio" => Some(Kind::SumRatio),
        _ => {
            let mut reason = format!(
                "unknown check type `{}`, expected `SRM` or `SumRatio`",
                shorten(word)
            );
            if let Some(hint) = did_you_mean(word, ["SRM", "SumRatio"]) {
                reason.push_str("; ");
                reason.push_str(&hint);
            }
            field.refuse(Problem::Value(reason), details)
        }
    }
}

/// What is counted. A nominator may be there and is not looked at, but for its type.
fn sample_ratio_mismatch(at: &At<'_, '_>, details: &mut Details) -> Option<CheckKind> {
    let counts = at
        .required("denominator", details)
        .and_then(|field| formula_of(&field, "denominator", false, details));
    at.optional("nominator")
        .and_then(|field| field.text(details));
    Some(CheckKind::sample_ratio_mismatch(counts?))
}

fn sum_ratio(at: &At<'_, '_>, details: &mut Details) -> Option<CheckKind> {
    let denominator_field = at.required("denominator", details);
    let denominator =
        denominator_field.and_then(|field| formula_of(&field, "denominator", true, details));
    let numerator = match at.optional("nominator") {
        Some(field) => formula_of(&field, "nominator", true, details),
        None => {
            let reason = "a check of type `SumRatio` needs a nominator".to_owned();
            at.absent("nominator")
                .refuse(Problem::Value(reason), details)
        }
    };
    let (numerator, denominator) = (numerator?, denominator?);
    if numerator.goals().is_empty() && denominator.goals().is_empty() {
        let text = |name| at.field(name).and_then(|field| field.text(details));
        let [numerator, denominator] = ["nominator", "denominator"].map(text);
        let reason =
            formula::without_goal(&[("nominator", numerator?), ("denominator", denominator?)]);
        return denominator_field?.refuse(Problem::Value(reason), details);
    }
    Some(CheckKind::SumRatio {
        numerator,
        denominator,
        max_sum_ratio: MAX_SUM_RATIO,
    })
}

fn formula_of(
    field: &At<'_, '_>,
    what: &str,
    beside_another: bool,
    details: &mut Details,
) -> Option<Formula> {
    match formula::read(what, field.text(details)?, beside_another) {
        Ok(formula) => Some(formula),
        Err(reason) => field.refuse(Problem::Value(reason), details),
    }
}
