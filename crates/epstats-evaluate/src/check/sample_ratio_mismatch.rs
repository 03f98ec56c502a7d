//! Are units split over the variants as designed?

use epstats_experiment::formula::Formula;
use epstats_experiment::stats::{
    ConfidenceLevel, SequentialSrm, SequentialSrmDesign, Srm, Undefined, holm_ln,
    sample_ratio_mismatch, sequential_srm,
};
use epstats_experiment::{Inference, Stratum};

use super::{Data, Finding, judge};
use crate::evaluate::Warnings;
use crate::{CheckPart, Outcome, Value, Warning, WarningCode};

/// What the check is asked.
pub(super) struct Question<'a> {
    /// What is counted.
    pub(super) counts: &'a Formula,
    /// Dimensions by whose values exposed units are tested, too.
    pub(super) by: &'a [String],
    /// May the test be looked at as often as one likes?
    pub(super) sequential: bool,
    pub(super) level: ConfidenceLevel,
}

/// Fails where the counts of variants differ from the design by more than chance explains, in all units or in a part of them.
///
/// Profile `standard` compares with the designed allocation, profile `ep-stats` with equal shares.
pub(super) fn find(
    position: usize,
    question: &Question<'_>,
    data: &Data<'_>,
    warnings: &mut Warnings,
) -> Finding {
    let designed = data.variants.weights(data.experiment);
    let (weights, has_extra) = match data.experiment.inference {
        Inference::Standard => (designed, true),
        Inference::EpStats => {
            let equal = vec![1.0; data.variants.len()];
            if are_unequal(&designed) {
                warnings.push(equal_shares(position));
            }
            (equal, false)
        }
    };
    let counts = data.values(question.counts);
    let mut finding = if question.sequential {
        sequential(counts, &weights, question.level)
    } else {
        let test = counts.and_then(|counts| sample_ratio_mismatch(&counts, &weights));
        if let Ok(srm) = &test
            && srm.smallest_expected() < SMALLEST_EXPECTED
        {
            warnings.push(small_counts(position));
        }
        at_once(&test, question.level, has_extra)
    };
    finding.parts = parts(question, data, &weights);
    let fails = |part: &CheckPart| part.outcome == Outcome::Failed;
    if finding.parts.iter().any(fails) {
        finding.outcome = Outcome::Failed;
    }
    finding
}

/// The chi-square test of all units.
fn at_once(test: &Result<Srm, Undefined>, level: ConfidenceLevel, has_extra: bool) -> Finding {
    let value = |read: fn(&Srm) -> f64| test.as_ref().map(read).map_err(|&reason| reason);
    let p_value = value(|srm| srm.p_value);
    let mut values = vec![
        ("p_value", p_value),
        ("test_stat", value(|srm| srm.statistic)),
        ("confidence_level", Ok(level.value())),
    ];
    if has_extra {
        let ln_p_value = value(|srm| srm.ln_p_value);
        values.push(("ln_p_value", ln_p_value));
    }
    Finding::new(
        judge(p_value.map(|p_value| p_value < level.alpha())),
        values,
    )
}

/// The sequential test of all units.
fn sequential(
    counts: Result<Vec<f64>, Undefined>,
    weights: &[f64],
    level: ConfidenceLevel,
) -> Finding {
    let test = counts.and_then(|counts| sequential_test(&counts, weights));
    let value = |read: fn(SequentialSrm) -> f64| test.map(read);
    let ln_p_value = value(|test| test.ln_p_value);
    Finding::new(
        judge(ln_p_value.map(|ln_p_value| ln_p_value < level.alpha().ln())),
        vec![
            ("p_value", value(|test| test.p_value)),
            ("ln_e_value", value(|test| test.ln_e)),
            ("confidence_level", Ok(level.value())),
            ("ln_p_value", ln_p_value),
        ],
    )
}

fn sequential_test(counts: &[f64], weights: &[f64]) -> Result<SequentialSrm, Undefined> {
    let design = SequentialSrmDesign {
        weights,
        concentration: SequentialSrmDesign::CONCENTRATION,
    };
    sequential_srm(counts, &design)
}

/// The same test on the exposed units of each stratum, with Holm's correction over all strata that have enough of them.
fn parts(question: &Question<'_>, data: &Data<'_>, weights: &[f64]) -> Vec<CheckPart> {
    let mut parts = Vec::new();
    let mut ln_p_values = Vec::new();
    for dimension in question.by {
        let strata = data.statistics.strata.get(dimension);
        for stratum in strata.into_iter().flatten() {
            let n_units = n_units(stratum, data);
            let ln_p_value = ln_p_value(&n_units, weights, question.sequential);
            ln_p_values.push(ln_p_value.ok());
            parts.push(CheckPart {
                dimension: dimension.clone(),
                value: stratum.value.clone(),
                n_units,
                p_value: ln_p_value.map(f64::exp),
                p_value_adjusted: ln_p_value,
                outcome: judge(ln_p_value.map(|_| false)),
            });
        }
    }
    for (part, adjusted) in parts.iter_mut().zip(holm_ln(&ln_p_values)) {
        if let Some(adjusted) = adjusted {
            part.p_value_adjusted = Ok(adjusted.p_value);
            part.outcome = judge(Ok(adjusted.ln_p_value < question.level.alpha().ln()));
        }
    }
    parts
}

/// Exposed units of a stratum, in the order of the variants.
fn n_units(stratum: &Stratum, data: &Data<'_>) -> Vec<f64> {
    let variants = data.variants.iter();
    let of = |name: &str| {
        let moments = stratum.variants.get(name);
        moments.map_or(0.0, |moments| moments.n_units as f64)
    };
    variants.map(|(variant, _)| of(&variant.name)).collect()
}

/// Undefined where the chi-square distribution is no approximation.
fn ln_p_value(counts: &[f64], weights: &[f64], sequential: bool) -> Value {
    if sequential {
        return sequential_test(counts, weights).map(|test| test.ln_p_value);
    }
    let srm = sample_ratio_mismatch(counts, weights)?;
    if srm.smallest_expected() < SMALLEST_EXPECTED {
        return Err(Undefined::TooFewUnits);
    }
    Ok(srm.ln_p_value)
}

fn are_unequal(weights: &[f64]) -> bool {
    weights.iter().any(|weight| *weight != weights[0])
}

fn equal_shares(position: usize) -> Warning {
    Warning::new(
        WarningCode::EqualSharesAssumed,
        "ep-stats compares with equal shares, although the design has others",
    )
    .check(position)
}

fn small_counts(position: usize) -> Warning {
    Warning::new(
        WarningCode::SmallExpectedCounts,
        "fewer than five units are expected in a variant, so the p-value is rough",
    )
    .check(position)
}

/// Common rule of thumb for the chi-square approximation.
const SMALLEST_EXPECTED: f64 = 5.0;
