//! One metric in one variant.

use epstats_evaluate::{Effect, Scorecard, Value, VariantResult};

use super::{Reasons, ResponseOptions};
use crate::ep_stats::write::Writer;

/// Writes the twelve fields of ep-stats, then ours.
///
/// `counts` says whether the denominator of the metric counts observations.
pub(super) fn write(
    writer: &mut Writer,
    row: &VariantResult,
    counts: bool,
    scorecard: &Scorecard,
    options: ResponseOptions,
) {
    let effect = row.effect.as_ref();
    let ours = Comparison::of(row);
    let mut reasons = Reasons::new(options.numbers);
    writer.object(|writer| {
        writer.name("exp_variant_id").string(&row.variant);
        let mut number = |name, value: Option<Value>| {
            writer.name(name).number(reasons.number(name, value));
        };
        number("diff", Some(ours.difference));
        number("mean", Some(row.mean));
        number("std", Some(row.standard_deviation));
        number("sum_value", Some(row.sum));
        number("p_value", Some(ours.p_value));
        number("confidence_interval", Some(ours.half_width));
        number(
            "confidence_level",
            Some(Ok(scorecard.confidence_level_in_force)),
        );
        number("sample_size", counts.then_some(row.sample_size));
        number("required_sample_size", row.required_sample_size);
        number("power", row.power);
        number("false_positive_risk", row.false_positive_risk);
        if options.extra {
            if let Some(effect) = effect {
                of_effect(effect, &mut number);
            }
            if let Some(significant) = effect.and_then(|effect| effect.significant) {
                writer.name("significant").boolean(significant);
            }
            reasons.write(writer);
        }
    });
}

/// Does the denominator count anything, as opposed to adding up values only?
///
/// In canonical text an opening parenthesis comes after the function of a goal or before an operation.
pub(super) fn counts_observations(denominator: &str) -> bool {
    !denominator.contains("value(")
        || denominator.contains("count(")
        || denominator.contains("unique(")
}

/// A variant compared with control, in the terms of ep-stats.
struct Comparison {
    difference: Value,
    p_value: Value,
    half_width: Value,
}

impl Comparison {
    fn of(row: &VariantResult) -> Self {
        let Some(effect) = &row.effect else {
            // The control of profile `standard`: it differs from itself by nothing, for certain.
            let exactly = |number: f64| row.mean.map(|_| number);
            return Comparison {
                difference: exactly(0.0),
                p_value: exactly(1.0),
                half_width: exactly(0.0),
            };
        };
        let relative = &effect.relative;
        Comparison {
            difference: relative.estimate,
            p_value: effect.p_value_adjusted,
            half_width: match &relative.symmetric {
                Some(symmetric) => symmetric.half_width,
                None => half_width(relative.lower, relative.upper),
            },
        }
    }
}

fn half_width(lower: Value, upper: Value) -> Value {
    Ok((upper? - lower?) / 2.0)
}

/// Our own fields of an effect, where its profile has them.
fn of_effect(effect: &Effect, number: &mut impl FnMut(&'static str, Option<Value>)) {
    number("lower", Some(effect.relative.lower));
    number("upper", Some(effect.relative.upper));
    if let Some(absolute) = &effect.absolute {
        number("absolute_diff", Some(absolute.estimate));
        number("absolute_lower", Some(absolute.lower));
        number("absolute_upper", Some(absolute.upper));
    }
    number("test_stat", Some(effect.statistic));
    number("degrees_of_freedom", Some(effect.degrees_of_freedom));
    number("p_value_unadjusted", Some(effect.p_value));
    number("p_value_adjusted", Some(effect.p_value_adjusted));
}
