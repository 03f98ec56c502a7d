//! What a scorecard says beside its numbers, in the same words for terminal and Markdown.

mod margin;
mod metric;

use epstats_evaluate::experiment::Family;
use epstats_evaluate::experiment::stats::{Alternative, Correction, EffectScale, Undefined};
use epstats_evaluate::{Effect, PriorResult, Scorecard, Verdict};

use crate::number;
pub(crate) use margin::{limits_of_margin, margin_test};
pub(crate) use metric::{capped_units, caps, covariate, formula, of_metric, scope, variance_left};

pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ship => "ship",
        Verdict::DoNotShip => "do not ship",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// What the experiment asks for that most do not.
pub(crate) fn of_experiment(scorecard: &Scorecard) -> Vec<String> {
    let strata = scorecard.post_stratification.as_ref();
    let strata = strata.map(|dimension| format!("compared within values of {dimension}"));
    let prior = scorecard.prior.map(prior);
    strata.into_iter().chain(prior).collect()
}

fn prior(prior: Result<PriorResult, Undefined>) -> String {
    let prior = match prior {
        Ok(prior) => prior,
        Err(reason) => return format!("prior undefined: {}", reason.code()),
    };
    let Some((mean, deviation)) = prior.normal else {
        return "flat prior".to_owned();
    };
    let (kind, mean, deviation) = match prior.scale {
        EffectScale::Absolute => ("absolute", short(mean), short(deviation)),
        EffectScale::Relative => ("relative", rounded(mean), rounded(deviation)),
    };
    let origin = prior
        .past_experiments
        .map_or(String::new(), |n| format!(", told by {n} past experiments"));
    format!("prior of {kind} effects: mean {mean}, deviation {deviation}{origin}")
}

/// The correction that changes something, such as `Holm's correction`.
pub(crate) fn correction(scorecard: &Scorecard) -> Option<String> {
    let rule = scorecard.correction;
    let several_treatments = scorecard.variants.len() > 2;
    let several_metrics = scorecard.metrics.len() > 1;
    let (is_needed, over) = match rule.family {
        Family::Variants => (several_treatments, ""),
        Family::Metrics => (several_metrics, " over the metrics"),
        Family::Both => (
            several_treatments || several_metrics,
            " over all metrics and treatments",
        ),
    };
    let whose = match rule.method {
        Correction::None => return None,
        Correction::Bonferroni => "Bonferroni's",
        Correction::Sidak => "Sidak's",
        Correction::Holm => "Holm's",
        Correction::HolmSidak => "Holm and Sidak's",
        Correction::Hochberg => "Hochberg's",
        Correction::Hommel => "Hommel's",
        Correction::BenjaminiHochberg => "Benjamini and Hochberg's",
        Correction::BenjaminiYekutieli => "Benjamini and Yekutieli's",
    };
    is_needed.then(|| format!("{whose} correction{over}"))
}

/// An effect on its scale: a signed per cent, or a number of the metric's own unit.
pub(crate) fn on_scale(value: f64, scale: EffectScale) -> String {
    match scale {
        EffectScale::Absolute => short(value),
        // Losses may be far smaller than any effect.
        EffectScale::Relative if value != 0.0 && value.abs() < 1e-7 => {
            format!("{}%", number::significant(100.0 * value, 2))
        }
        EffectScale::Relative => number::signed_percent(value, number::percent_decimals([value])),
    }
}

/// A limit of an effect; the side that a one-sided test leaves open has none.
pub(crate) fn limit(value: f64, effect: &Effect, text: impl Fn(f64) -> String) -> String {
    if value.is_infinite() && effect.alternative != Alternative::TwoSided {
        "open".to_owned()
    } else {
        text(value)
    }
}

/// A loss on its scale, without a sign.
pub(crate) fn loss(value: f64, scale: EffectScale) -> String {
    on_scale(value, scale).trim_start_matches('+').to_owned()
}

fn short(value: f64) -> String {
    number::significant(value, 4)
}

/// A share in per cent with four digits: `3.362%`.
fn rounded(share: f64) -> String {
    format!("{}%", number::significant(100.0 * share, 4))
}

/// A share in per cent without more digits than it has: `2%`.
fn percent(share: f64) -> String {
    number::level(share)
}
