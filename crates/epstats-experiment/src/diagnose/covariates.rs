//! What is wrong with covariates.

use std::collections::BTreeSet;

use epstats_formula::{Formula, Goal};

use super::{empty, without_goal};
use crate::words::shorten;
use crate::{Code, CovariateSource, Diagnostic, Metric, Step};

/// Most covariates of one metric: each costs a column of the data and a pair with every other.
const MOST: usize = 20;
/// Most days before the exposure: ten years.
const MOST_DAYS: u32 = 3_650;

pub(super) fn diagnose(
    metric: &Metric,
    at: impl Fn(&str) -> Vec<Step>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(covariates) = &metric.covariates else {
        return;
    };
    if let Some(days) = covariates.lookback_days
        && !(1..=MOST_DAYS).contains(&days)
    {
        found.push(
            Diagnostic::error(
                Code::OutOfRange,
                at("lookback"),
                "`lookback` is out of range",
            )
            .expected("1 to 3650 days")
            .found(format!("`{days}`")),
        );
    }
    let CovariateSource::Formulas(formulas) = &covariates.of else {
        return;
    };
    if formulas.is_empty() {
        found.push(empty(at("covariate")));
    }
    if formulas.len() > MOST {
        found.push(
            Diagnostic::error(
                Code::OutOfRange,
                at("covariate"),
                "there are too many covariates",
            )
            .expected(format!("at most {MOST}"))
            .found(formulas.len().to_string()),
        );
        return;
    }
    // What is counted before the exposure is no part of what is counted after it.
    let of_metric: BTreeSet<&Goal> = match covariates.lookback_days {
        Some(_) => BTreeSet::new(),
        None => metric.ratio.goals().into_iter().collect(),
    };
    for (index, formula) in formulas.iter().enumerate() {
        let path = [at("covariate"), vec![index.into()]].concat();
        if formula.goals().is_empty() {
            found.push(without_goal(path));
        } else {
            found.extend(part_of(&of_metric, formula, path));
        }
    }
}

/// Adjusting by a goal of the metric itself would take the effect off with the noise.
fn part_of(of_metric: &BTreeSet<&Goal>, formula: &Formula, path: Vec<Step>) -> Option<Diagnostic> {
    let shared = formula
        .goals()
        .into_iter()
        .find(|goal| of_metric.contains(goal))?;
    let message = format!(
        "the covariate `{}` is part of the metric itself",
        shorten(&shared.to_string())
    );
    let problem = Diagnostic::error(Code::CovariateOfItself, path, message)
        .expected("something that was known before the exposure")
        .help(
            "write `covariate: pre-period`, or add `lookback: 14` to count it before the exposure",
        );
    Some(problem)
}
