//! The answer to a plan as sentences.

use std::fmt::Write as _;

use epstats::experiment::stats::Undefined;
use epstats_api::{Detectable, PlanAim, PlanAnswer, PlanRequest, PlannedUnits};

/// The answer, a line for each thing that was asked.
pub(super) fn of(request: &PlanRequest, answer: &PlanAnswer, is_relative: bool) -> String {
    let mut text = units(request, answer);
    let mut line = |line: String| {
        let _ = writeln!(text, "  {line}");
    };
    if let (Some(aim), Some(power)) = (request.aim, answer.power) {
        line(format!(
            "{} with power {}, at confidence level {}",
            in_words(request, aim, is_relative),
            shown(power, |power| format!("{}%", short(100.0 * power))),
            format_args!("{}%", percent(request.confidence_level.value())),
        ));
    }
    if request.units.is_some() || request.aim.is_none() {
        let power = percent(request.power);
        for (what, smallest) in [
            ("smallest effect found", answer.minimum_detectable_effect),
            ("smallest margin shown", answer.minimum_detectable_margin),
        ] {
            if let Some(smallest) = smallest {
                line(format!(
                    "{what} with power {power}%: {}",
                    detectable(smallest)
                ));
            }
        }
    }
    if let Some(days) = answer.duration_days {
        line(shown(days, |days| format!("{days} days")));
    }
    if let Some(Ok(found)) = answer.sign_and_size {
        line(format!(
            "significant results: {} times the true effect on average, {}% with the wrong sign",
            short(found.exaggeration),
            short(100.0 * found.wrong_sign),
        ));
    }
    if let Some(risk) = answer.false_positive_risk {
        let share =
            |risk: Result<f64, Undefined>| shown(risk, |risk| format!("{}%", short(100.0 * risk)));
        line(format!(
            "of significant results {} are false, of winners {}",
            share(risk.significant),
            share(risk.winner),
        ));
    }
    text
}

fn units(request: &PlanRequest, answer: &PlanAnswer) -> String {
    let PlannedUnits {
        control,
        treatment,
        total,
    } = match answer.units {
        Ok(units) => units,
        Err(reason) => return format!("no answer: {}\n", reason.sentence()),
    };
    if total.is_infinite() {
        "no number of units is enough\n".to_owned()
    } else if control == treatment {
        format!("{control} units per variant, {total} in all\n")
    } else {
        let each = if request.treatments > 1 {
            "each"
        } else {
            "the"
        };
        format!("{control} units in control and {treatment} in {each} treatment, {total} in all\n")
    }
}

fn in_words(request: &PlanRequest, aim: PlanAim, is_relative: bool) -> String {
    let size = |size: f64| match request.control_mean {
        Some(mean) if is_relative => format!("{}%", percent(size / mean.abs())),
        _ => short(size),
    };
    let kind = if is_relative { "relative" } else { "absolute" };
    match aim {
        PlanAim::Effect(effect) => {
            let side = if request.one_sided {
                ", one-sided,"
            } else {
                ""
            };
            format!("find a {kind} effect of {}{side}", size(effect))
                .replace("a absolute", "an absolute")
        }
        PlanAim::Margin { margin, .. } => format!("show that it is not worse by {}", size(margin)),
    }
}

/// On both scales, the relative one first.
fn detectable(smallest: Detectable) -> String {
    let absolute = shown(smallest.absolute, short);
    match smallest.relative {
        Some(Ok(relative)) => format!(
            "{}% of control's mean, {absolute} absolute",
            short(100.0 * relative)
        ),
        _ => absolute,
    }
}

fn shown(value: Result<f64, Undefined>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|reason| format!("no answer: {}", reason.sentence()), text)
}

/// A share in per cent, without the digits that its binary form adds.
pub(super) fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// A number with four digits.
pub(in crate::commands) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..9).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let decimals = usize::try_from(3 - magnitude).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}
