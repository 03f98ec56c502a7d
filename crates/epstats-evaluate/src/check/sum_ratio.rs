//! Is one sum small against another?

use epstats_experiment::Inference;
use epstats_experiment::formula::Formula;
use epstats_experiment::stats::{ConfidenceLevel, SumRatio, share_above_limit, sum_ratio};

use super::{Data, Finding, judge};
use crate::Value;
use crate::scorecard::finite;

/// Compares the totals of two formulas over all variants.
///
/// Profile `ep-stats` fails where numerator/(numerator + denominator) is above the limit. Profile `standard` fails where
/// numerator/denominator is above it by more than chance explains, by the exact binomial test.
pub(super) fn find(
    numerator: &Formula,
    denominator: &Formula,
    limit: f64,
    level: ConfidenceLevel,
    data: &Data<'_>,
) -> Finding {
    let total = |formula| Ok(data.values(formula)?.iter().sum::<f64>());
    let (count, all): (Value, Value) = (total(numerator), total(denominator));
    let test = count.and_then(|count| sum_ratio(count, all?));
    let value = |read: fn(&SumRatio) -> f64| test.as_ref().map(read).map_err(|&reason| reason);
    let ratio = value(|test| test.sum_ratio);
    let mut values = vec![
        ("sum_ratio", ratio),
        ("max_sum_ratio", Ok(limit)),
        ("p_value", value(|test| test.p_value)),
        ("test_stat", value(|test| test.statistic)),
        ("confidence_level", Ok(level.value())),
    ];
    let failed = match data.experiment.inference {
        Inference::EpStats => ratio.map(|ratio| ratio > limit),
        Inference::Standard => {
            let above = count.and_then(|count| share_above_limit(count, all?, limit));
            let above = above.map(|tail| tail.p_value);
            let share = above.and_then(|_| finite(count? / all?));
            values.extend([("share", share), ("share_p_value", above)]);
            above.map(|p_value| p_value < level.alpha())
        }
    };
    Finding::new(judge(failed), values)
}
