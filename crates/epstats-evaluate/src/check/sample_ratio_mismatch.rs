//! Are units split over the variants as designed?

use epstats_experiment::Inference;
use epstats_experiment::formula::Formula;
use epstats_experiment::stats::{ConfidenceLevel, Srm, sample_ratio_mismatch};

use super::{Data, Finding, judge};
use crate::evaluate::Warnings;
use crate::{Warning, WarningCode};

/// Fails where the counts of variants differ from the design by more than chance explains.
///
/// Profile `standard` compares with the designed allocation, profile `ep-stats` with equal shares.
pub(super) fn find(
    position: usize,
    counts: &Formula,
    level: ConfidenceLevel,
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
    let test = data
        .values(counts)
        .and_then(|counts| sample_ratio_mismatch(&counts, &weights));
    if let Ok(srm) = &test
        && srm.smallest_expected() < SMALLEST_EXPECTED
    {
        warnings.push(small_counts(position));
    }
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
    Finding {
        outcome: judge(p_value.map(|p_value| p_value < level.alpha())),
        values,
    }
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
