//! Covariates of a metric.

use epstats_experiment::{
    Code, CovariateScope, CovariateSource, Covariates, Diagnostic, did_you_mean,
};

use super::formula;
use super::metric::choice;
use crate::document::Value;
use crate::sources::units::duration;
use crate::walk::{At, Object, Problems, are_enough};

const SCOPES: [(&str, CovariateScope); 3] = [
    ("within", CovariateScope::Within),
    ("total", CovariateScope::Total),
    ("per-variant", CovariateScope::PerVariant),
];

/// What becomes of units without any event of a covariate: are they marked?
const MISSING: [(&str, bool); 2] = [("zero", false), ("indicator", true)];

/// The word for the metric itself before the exposure.
const PRE_PERIOD: &str = "pre-period";

/// Reads the covariates of a metric, if it has any.
pub(super) fn read(
    metric: &Object<'_>,
    unit_type: &str,
    problems: &mut Problems,
) -> Option<Covariates> {
    let Some(field) = metric.optional("covariate") else {
        for name in ["lookback", "covariate_scope", "missing_covariates"] {
            metric.unused(name, "the metric has no `covariate`", problems);
        }
        return None;
    };
    let of = source(&field, unit_type, problems);
    let lookback_days = metric
        .optional("lookback")
        .and_then(|field| lookback(&field, problems));
    let scope = choice(metric, "covariate_scope", &SCOPES, problems);
    let marks_missing = choice(metric, "missing_covariates", &MISSING, problems);
    Some(Covariates {
        of: of?,
        lookback_days,
        scope: scope.unwrap_or_default(),
        marks_missing: marks_missing.unwrap_or_default(),
    })
}

fn source(field: &At<'_>, unit_type: &str, problems: &mut Problems) -> Option<CovariateSource> {
    match &field.node.value {
        Value::Text(text) if text == PRE_PERIOD => Some(CovariateSource::PrePeriod),
        Value::Text(text) if is_word(text) => {
            let mut problem = field
                .error(
                    Code::UnknownChoice,
                    format!("{} cannot be {}", field.label(), field.written()),
                )
                .expected("`pre-period` or a formula such as `count(user.unit.visit)`")
                .found(field.written());
            problem.help = did_you_mean(text, [PRE_PERIOD]);
            problems.push(problem);
            None
        }
        Value::Text(_) => {
            let formula = formula::read(field, unit_type, problems);
            Some(CovariateSource::Formulas(vec![formula]))
        }
        Value::List(_) => {
            let mut formulas = Vec::new();
            for entry in field.list(problems)? {
                if are_enough(problems) {
                    return None;
                }
                let is_pre_period =
                    matches!(&entry.node.value, Value::Text(text) if text == PRE_PERIOD);
                formulas.push(if is_pre_period {
                    problems.push(pre_period_in_list(&entry));
                    formula::stand_in(unit_type)
                } else {
                    formula::read(&entry, unit_type, problems)
                });
            }
            Some(CovariateSource::Formulas(formulas))
        }
        _ => {
            problems.push(field.wrong_type("`pre-period`, a formula or a list of formulas"));
            None
        }
    }
}

/// Is it no formula, but perhaps a word that was mistyped? Every goal has a parenthesis.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains('(')
}

fn pre_period_in_list(entry: &At<'_>) -> Diagnostic {
    entry
        .error(
            Code::UnknownChoice,
            format!("{} cannot be `{PRE_PERIOD}`", entry.label()),
        )
        .expected("a formula such as `count(user.unit.visit)`")
        .found(format!("`{PRE_PERIOD}`"))
        .help(format!("it stands alone: `covariate: {PRE_PERIOD}`"))
}

/// Whole days: a number, or a length of time such as `14d`.
fn lookback(field: &At<'_>, problems: &mut Problems) -> Option<u32> {
    const DAY_SECONDS: u64 = 86_400;
    // More days than any definition may have, so that they are out of range, not too large to be read.
    const TOO_MANY: u32 = 1_000_000;
    let whole = |days: f64| days.fract() == 0.0 && days >= 0.0;
    if let Value::Number(_) = &field.node.value {
        let days = field.number_in("a whole number of days from 1 to 3650", whole, problems)?;
        // Not above the limit, so nothing is cut off.
        return Some(days.min(f64::from(TOO_MANY)) as u32);
    }
    let seconds = duration(field, problems)?.as_secs();
    if seconds % DAY_SECONDS == 0 {
        return Some(u32::try_from(seconds / DAY_SECONDS).unwrap_or(TOO_MANY));
    }
    problems.push(
        field
            .error(
                Code::OutOfRange,
                format!("{} is out of range", field.label()),
            )
            .expected("whole days, such as `14d`")
            .found(field.written()),
    );
    None
}
