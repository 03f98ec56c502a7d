//! The effect against a margin.

use epstats_evaluate::MarginResult;
use epstats_evaluate::experiment::stats::EffectScale;
use epstats_evaluate::experiment::{Margin, MarginScale};

use super::{on_scale, percent, short};
use crate::number;

pub(super) fn described(margin: Margin) -> String {
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
