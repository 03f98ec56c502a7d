//! What a scorecard says beside its numbers, in the same words for terminal and Markdown.

use epstats_evaluate::experiment::stats::{
    Alternative, Better, Correction, EffectScale, Undefined,
};
use epstats_evaluate::experiment::{
    CovariateScope, Family, Inference, Margin, MarginScale, RelativeMethod, Role,
};
use epstats_evaluate::{
    CapsResult, CovariateResult, Effect, MarginResult, MetricResult, PriorResult, Scorecard,
    Verdict,
};

use crate::number;

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
        EffectScale::Relative => ("relative", percent(mean), percent(deviation)),
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

/// The formulas of a metric; a quantile is not divided by anything.
pub(crate) fn formula(metric: &MetricResult) -> String {
    match metric.quantile {
        Some(_) => metric.numerator.clone(),
        None => format!("{} / {}", metric.numerator, metric.denominator),
    }
}

/// What a metric is, where it is not the usual: a primary metric of which more is better, without margin, tested in both directions.
pub(crate) fn of_metric(metric: &MetricResult, inference: Inference) -> Vec<String> {
    let mut facts = Vec::new();
    match metric.role {
        Role::Primary => {}
        Role::Secondary => facts.push("secondary".to_owned()),
        Role::Guardrail => facts.push("guardrail".to_owned()),
    }
    if metric.better == Better::Lower {
        facts.push("lower is better".to_owned());
    }
    if let Some(level) = metric.quantile {
        facts.push(format!("{} quantile of events", percent(level)));
    }
    let Some(effect) = compared(metric) else {
        return facts;
    };
    facts.extend(effect.margin.map(|result| margin(result.margin)));
    match effect.alternative {
        Alternative::TwoSided => {}
        Alternative::Greater => facts.push("one-sided: is it greater?".to_owned()),
        Alternative::Less => facts.push("one-sided: is it less?".to_owned()),
    }
    if inference == Inference::Standard {
        match effect.relative.method {
            RelativeMethod::Fieller => {}
            RelativeMethod::Delta => facts.push("relative limits by the delta method".to_owned()),
            RelativeMethod::Log => facts.push("relative limits by the logarithm".to_owned()),
        }
    }
    facts
}

/// The effect of the first treatment, which has what all treatments have.
fn compared(metric: &MetricResult) -> Option<&Effect> {
    let treatments = metric.variants.iter().filter(|row| !row.is_control);
    treatments.filter_map(|row| row.effect.as_ref()).next()
}

fn margin(margin: Margin) -> String {
    let size = |size: f64, scale| match scale {
        MarginScale::Absolute => short(size),
        MarginScale::Relative => percent(size),
    };
    match margin {
        Margin::NonInferiority(of) => {
            format!("must not be worse by {}", size(of.size, of.scale))
        }
        Margin::Superiority(of) => {
            format!("must be better by more than {}", size(of.size, of.scale))
        }
        Margin::Equivalence {
            lower,
            upper,
            scale,
        } => format!(
            "effect must be between {} and {}",
            size(lower, scale),
            size(upper, scale)
        ),
    }
}

/// The test against a margin: `margin holds: effect at least -1.20%, p 0.0031`.
pub(crate) fn margin_test(result: &MarginResult) -> String {
    let outcome = match result.outcome {
        Ok(outcome) => outcome.as_str().to_owned(),
        Err(reason) => format!("undefined: {}", reason.code()),
    };
    let limits = limits_of_margin(result).map(|limits| format!("effect {limits}"));
    let p_value = result.p_value_adjusted.ok().map(|p_value| {
        let text = number::p_value(p_value, result.ln_p_value.ok());
        if result.p_value == result.p_value_adjusted {
            format!("p {text}")
        } else {
            format!("adjusted p {text}")
        }
    });
    let numbers: Vec<String> = limits.into_iter().chain(p_value).collect();
    if numbers.is_empty() {
        format!("margin {outcome}")
    } else {
        format!("margin {outcome}: {}", numbers.join(", "))
    }
}

/// `at least -1.20%`, `at most +3.00%`, or both limits.
pub(crate) fn limits_of_margin(result: &MarginResult) -> Option<String> {
    let scale = match result.margin {
        Margin::NonInferiority(size) | Margin::Superiority(size) => size.scale,
        Margin::Equivalence { scale, .. } => scale,
    };
    let scale = match scale {
        MarginScale::Absolute => EffectScale::Absolute,
        MarginScale::Relative => EffectScale::Relative,
    };
    let (lower, upper) = (result.lower.ok()?, result.upper.ok()?);
    let text = |value| on_scale(value, scale);
    match (lower.is_finite(), upper.is_finite()) {
        (true, true) => Some(format!("{} to {}", text(lower), text(upper))),
        (true, false) => Some(format!("at least {}", text(lower))),
        (false, true) => Some(format!("at most {}", text(upper))),
        (false, false) => None,
    }
}

/// What is kept between caps: `value(user.unit.purchase) capped at 250`.
pub(crate) fn caps(caps: &CapsResult) -> String {
    let limit = |value: f64| number::significant(value, 6);
    let of = &caps.of;
    match (caps.limits.lower, caps.limits.upper) {
        (None, None) => format!("{of} without a cap"),
        (Some(lower), None) => format!("{of} raised to {}", limit(lower)),
        (None, Some(upper)) => format!("{of} capped at {}", limit(upper)),
        (Some(lower), Some(upper)) => {
            format!("{of} kept between {} and {}", limit(lower), limit(upper))
        }
    }
}

/// Units beyond one of the caps, by variant; none where the data do not tell.
pub(crate) fn capped_units(metric: &MetricResult, position: usize) -> Vec<(String, String)> {
    let of_row = |row: &epstats_evaluate::VariantResult| {
        let units = row.capped.get(position)?;
        let text =
            |n: u64, side: &str| (n > 0).then(|| format!("{} {side}", number::count(n as f64)));
        let sides = [text(units.below, "below"), text(units.above, "above")];
        let told: Vec<String> = sides.into_iter().flatten().collect();
        let text = if told.is_empty() {
            "none".to_owned()
        } else {
            told.join(", ")
        };
        Some((row.variant.to_string(), text))
    };
    metric.variants.iter().filter_map(of_row).collect()
}

/// How much of the variance covariates left: `38% of the variance left`, over all variants.
pub(crate) fn variance_left(metric: &MetricResult) -> Option<String> {
    let ratios = metric
        .variants
        .iter()
        .filter_map(|row| row.adjustment?.variance_ratio.ok());
    let (least, most) = ratios.fold(
        (f64::INFINITY, f64::NEG_INFINITY),
        |(least, most), ratio| (ratio.min(least), ratio.max(most)),
    );
    if least > most {
        return None;
    }
    let whole = |ratio: f64| format!("{:.0}", 100.0 * ratio);
    let (least, most) = (whole(least), whole(most));
    Some(if least == most {
        format!("{least}% of the variance left")
    } else {
        format!("{least} to {most}% of the variance left")
    })
}

pub(crate) fn scope(scope: CovariateScope) -> &'static str {
    match scope {
        CovariateScope::Within => "slopes from all variants",
        CovariateScope::Total => "slopes from all units as one sample",
        CovariateScope::PerVariant => "slopes of each variant",
    }
}

/// A covariate with its slope, or why it was not used.
pub(crate) fn covariate(covariate: &CovariateResult) -> String {
    match (covariate.dropped, covariate.slope) {
        (Some(reason), _) => format!("{} not used: {}", covariate.name, reason.code()),
        (None, Some(slope)) => format!("{} with slope {}", covariate.name, short(slope)),
        (None, None) => covariate.name.clone(),
    }
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

/// A share in per cent without more digits than it has: `2%`.
fn percent(share: f64) -> String {
    number::level(share)
}
