//! What is special about a metric.

use epstats_evaluate::experiment::stats::{Alternative, Better};
use epstats_evaluate::experiment::{CovariateScope, Inference, RelativeMethod, Role};
use epstats_evaluate::{CapsResult, CovariateResult, Effect, MetricResult};

use super::{margin, percent, short};
use crate::number;

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
    facts.extend(effect.margin.map(|result| margin::described(result.margin)));
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

/// The formulas of a metric; a quantile is not divided by anything.
pub(crate) fn formula(metric: &MetricResult) -> String {
    match metric.quantile {
        Some(_) => metric.numerator.clone(),
        None => format!("{} / {}", metric.numerator, metric.denominator),
    }
}
