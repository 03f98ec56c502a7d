//! Quantiles of values, winsorization, and caps.

use epstats_stats::{Caps, Moments, OrderStatistics, Probability, Winsorization, select_quantile};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("quantile7", quantile),
    ("winsorize", winsorize),
    ("absolute_cap", absolute),
];

fn quantile(case: &Case) -> Result<Answers, CaseError> {
    let level = Probability::new(case.number("q")?)
        .ok_or_else(|| CaseError::new("q", "a number from 0 to 1"))?;
    let mut values = case.numbers("values")?;
    let in_order = in_order("values", values.clone())?.quantile(level);
    let selected = select_quantile(&mut values, level);
    let mut answers = Answers::default();
    // Both ways to it give the same bits, or the case has no answer.
    answers.add("value", selected.ok().filter(|value| *value == in_order));
    Ok(answers)
}

fn winsorize(case: &Case) -> Result<Answers, CaseError> {
    let variants = case.within("variants")?;
    let names = case.value("variants")?.as_object();
    let names = names.ok_or_else(|| CaseError::new("variants", "variants by name"))?;
    let mut values = Vec::new();
    for name in names.keys() {
        values.push((name, variants.numbers(name)?));
    }
    let pool = values.iter().flat_map(|(_, values)| values).copied();
    let pool = in_order("variants", pool.collect())?;
    let percent = |side: &str| {
        let percent = case.optional_number(&format!("outlier_{side}_percentile"))?;
        Ok(percent.unwrap_or(0.0))
    };
    let caps = Winsorization::new(percent("lower")?, percent("upper")?)
        .map_err(|_| CaseError::new("outlier_upper_percentile", "a number below 50"))?
        .caps(&pool);
    let mut answers = Answers::default();
    answers.add("lower_threshold", caps.lower());
    answers.add("upper_threshold", caps.upper());
    for (name, mut values) in values {
        let capped = caps.apply(&mut values);
        let field = |field: &str| format!("variants/{name}/{field}");
        answers.add_exact(&field("capped_lower"), capped.lower as f64);
        answers.add_exact(&field("capped_upper"), capped.upper as f64);
        moments(&mut answers, &values, field);
    }
    Ok(answers)
}

fn absolute(case: &Case) -> Result<Answers, CaseError> {
    let mut values = case.numbers("values")?;
    let caps = Caps::new(
        case.optional_number("lower")?,
        case.optional_number("upper")?,
    )
    .map_err(|_| CaseError::new("lower", "a limit below the upper one"))?;
    let capped = caps.apply(&mut values);
    let mut answers = Answers::default();
    answers.add_exact("capped", (capped.lower + capped.upper) as f64);
    moments(&mut answers, &values, str::to_owned);
    Ok(answers)
}

fn moments(answers: &mut Answers, values: &[f64], field: impl Fn(&str) -> String) {
    let mut moments = Moments::new(1);
    for value in values {
        moments.update(&[*value]);
    }
    let n = moments.n() as f64;
    let (mean, comoment) = (moments.mean(0), moments.comoment(0, 0));
    answers.add_exact(&field("n"), n);
    answers.add_scaled(&field("sum"), n * mean, (n * comoment).sqrt());
    answers.add(&field("sum_sq"), comoment + n * mean * mean);
    answers.add_scaled(&field("mean"), mean, (comoment / n).sqrt());
    answers.add(&field("var"), moments.covariance(0, 0));
}

fn in_order(input: &str, values: Vec<f64>) -> Result<OrderStatistics, CaseError> {
    OrderStatistics::of(values).map_err(|_| CaseError::new(input, "finite values"))
}
