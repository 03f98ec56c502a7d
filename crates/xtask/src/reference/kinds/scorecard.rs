//! Whole scorecards from the totals of single units: two variants, one metric.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::formula::{Formula, parse};
use epstats_evaluate::experiment::stats::{Alternative, Better};
use epstats_evaluate::experiment::{
    CovariateScope, CovariateSource, Covariates, Experiment, Margin, MarginScale, MarginSize,
    Metric, Ratio, RelativeMethod,
};
use epstats_evaluate::{Effect, scorecard};
use epstats_simulation::{Data, Unit, statistics};
use epstats_testkit::{Case, CaseError, Value};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[("scorecard", whole)];

/// Inputs: `goals`, the names of the columns of `control` and `treatment`; `numerator` and `denominator`; and where wanted `alternative`,
/// `relative`, `covariate` (a formula or `pre-period`) with `scope`, `strata` (a column of numbers from 0), `equivalence` (two limits),
/// `non_inferiority` (a size, `higher` or `lower` is better).
fn whole(case: &Case) -> Result<Answers, CaseError> {
    let (experiment, data) = (experiment(case)?, data(case)?);
    let statistics = statistics(&experiment, &data)
        .map_err(|_| CaseError::new("control", "units that can be evaluated"))?;
    let scorecard = scorecard(&experiment, &statistics);
    let rows = scorecard.metrics.iter().flat_map(|metric| &metric.variants);
    let effect = rows.filter_map(|row| row.effect).next();
    let effect = effect.ok_or_else(|| CaseError::new("treatment", "units"))?;
    Ok(answers(&effect))
}

fn answers(effect: &Effect) -> Answers {
    let mut answers = Answers::default();
    let mut scale = 1.0;
    if let Some(absolute) = &effect.absolute {
        scale = absolute.standard_error.unwrap_or(1.0);
        answers.add("standard_error", absolute.standard_error);
        answers.add_scaled("difference", absolute.estimate, scale);
        answers.add_scaled("lower", absolute.lower, scale);
        answers.add_scaled("upper", absolute.upper, scale);
    }
    answers.add("p_value", effect.p_value);
    answers.add_statistic("statistic", effect.statistic);
    answers.add("degrees_of_freedom", effect.degrees_of_freedom);
    // A relative effect has the error of the difference over the size of control.
    let (estimate, difference) = (
        effect.relative.estimate,
        effect.absolute.map(|own| own.estimate),
    );
    let relative_scale = match (estimate, difference) {
        (Ok(estimate), Some(Ok(difference))) if difference != 0.0 => {
            scale * (estimate / difference).abs()
        }
        _ => 0.0,
    };
    answers.add_scaled("relative", estimate, relative_scale);
    answers.add_scaled("relative_lower", effect.relative.lower, relative_scale);
    answers.add_scaled("relative_upper", effect.relative.upper, relative_scale);
    if let Some(margin) = &effect.margin {
        answers.add("margin_p_value", margin.p_value);
        answers.add_scaled("margin_lower", margin.lower, scale);
        answers.add_scaled("margin_upper", margin.upper, scale);
    }
    answers
}

fn experiment(case: &Case) -> Result<Experiment, CaseError> {
    let ratio = Ratio {
        numerator: formula(case, "numerator")?,
        denominator: formula(case, "denominator")?,
    };
    let mut metric = Metric::new("1", "metric", ratio);
    if case.input.get("alternative").is_some() {
        metric.alternative = match case.text("alternative")? {
            "two-sided" => Alternative::TwoSided,
            "greater" => Alternative::Greater,
            "less" => Alternative::Less,
            _ => {
                return Err(CaseError::new(
                    "alternative",
                    "`two-sided`, `greater` or `less`",
                ));
            }
        };
    }
    if case.input.get("relative").is_some() {
        metric.relative = match case.text("relative")? {
            "fieller" => RelativeMethod::Fieller,
            "delta" => RelativeMethod::Delta,
            "log" => RelativeMethod::Log,
            _ => return Err(CaseError::new("relative", "`fieller`, `delta` or `log`")),
        };
    }
    if case.input.get("covariate").is_some() {
        metric.covariates = Some(Covariates {
            of: match case.text("covariate")? {
                "pre-period" => CovariateSource::PrePeriod,
                _ => CovariateSource::Formulas(vec![formula(case, "covariate")?]),
            },
            lookback_days: None,
            scope: match case.text("scope")? {
                "within" => CovariateScope::Within,
                "total" => CovariateScope::Total,
                "per-variant" => CovariateScope::PerVariant,
                _ => {
                    return Err(CaseError::new(
                        "scope",
                        "`within`, `total` or `per-variant`",
                    ));
                }
            },
            marks_missing: false,
        });
    }
    metric.margin = margin(case)?;
    if case.input.get("better").and_then(Value::as_str) == Some("lower") {
        metric.better = Better::Lower;
    }
    let stratified = case.input.get("strata").map(|_| "stratum".to_owned());
    Ok(Experiment {
        metrics: vec![metric],
        post_stratification: stratified,
        ..Experiment::new("case", "control", "user")
    })
}

fn margin(case: &Case) -> Result<Option<Margin>, CaseError> {
    if case.input.get("equivalence").is_some() {
        let [lower, upper] = case.numbers("equivalence")?[..] else {
            return Err(CaseError::new("equivalence", "two limits"));
        };
        let scale = MarginScale::Absolute;
        return Ok(Some(Margin::Equivalence {
            lower,
            upper,
            scale,
        }));
    }
    if case.input.get("non_inferiority").is_some() {
        return Ok(Some(Margin::NonInferiority(MarginSize {
            size: case.number("non_inferiority")?,
            scale: MarginScale::Absolute,
        })));
    }
    Ok(None)
}

fn formula(case: &Case, name: &str) -> Result<Formula, CaseError> {
    let parsed = parse(case.text(name)?).allowing_no_goal();
    parsed
        .formula
        .filter(|_| parsed.diagnostics.is_empty())
        .ok_or_else(|| CaseError::new(name, "a formula"))
}

fn data(case: &Case) -> Result<Data, CaseError> {
    let goals = case.value("goals")?.as_array();
    let goals = goals.ok_or_else(|| CaseError::new("goals", "a list of names"))?;
    let names = goals.iter().map(|name| name.as_str().map(str::to_owned));
    let goals: Option<Vec<String>> = names.collect();
    let goals = goals.ok_or_else(|| CaseError::new("goals", "a list of names"))?;
    let mut variants = BTreeMap::new();
    for (place, name) in ["control", "treatment"].into_iter().enumerate() {
        let strata = match case.input.get("strata") {
            Some(_) => case.rows("strata")?,
            None => Vec::new(),
        };
        let rows = case.rows(name)?.into_iter().enumerate();
        let units = rows.map(|(at, totals)| {
            if totals.len() != goals.len() {
                return Err(CaseError::new(name, "a total for each goal"));
            }
            let stratum = strata.get(place).and_then(|strata| strata.get(at));
            Ok(Unit {
                totals,
                stratum: stratum.map_or(0, |stratum| *stratum as usize),
                events: Vec::new(),
            })
        });
        variants.insert(
            name.to_owned(),
            units.collect::<Result<Vec<Unit>, CaseError>>()?,
        );
    }
    Ok(Data { goals, variants })
}
