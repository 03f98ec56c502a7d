//! Moments, sums, and smooth functions of means.

use epstats_formula::parse;
use epstats_stats::{Estimate, Moments, ShapeMoments, Undefined, delta_method, from_sums};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("unit_moments", unit_moments),
    ("long_series", long_series),
    ("from_sums", sums),
    ("merge", merge),
    ("linear", linear),
    ("delta_product", |case| {
        delta(case, "value(u.unit.x) * value(u.unit.y)")
    }),
    ("delta_quotient", |case| {
        delta(case, "value(u.unit.x) / value(u.unit.y)")
    }),
    ("delta_product3", |case| {
        delta(case, "value(u.unit.x) * value(u.unit.y) * value(u.unit.z)")
    }),
    ("delta_quotient_of_products", |case| {
        delta(
            case,
            "(value(u.unit.x) * value(u.unit.y)) / value(u.unit.z)",
        )
    }),
];

fn unit_moments(case: &Case) -> Result<Answers, CaseError> {
    let mut moments = Moments::new(1);
    let mut shape = ShapeMoments::default();
    for value in case.numbers("values")? {
        moments.update(&[value]);
        shape.update(value);
    }
    let n = moments.n() as f64;
    let (mean, comoment) = (moments.mean(0), moments.comoment(0, 0));
    let mut answers = Answers::default();
    answers.add_exact("n", n);
    answers.add_scaled("sum", n * mean, (n * comoment).sqrt());
    answers.add("sum_sq", comoment + n * mean * mean);
    answers.add_scaled("mean", mean, (comoment / n).sqrt());
    answers.add("var", moments.covariance(0, 0));
    answers.add("std", moments.covariance(0, 0).map(f64::sqrt));
    answers.add_statistic("skewness_g1", shape.skewness());
    answers.add_statistic("kurtosis_excess_g2", shape.excess_kurtosis());
    Ok(answers)
}

fn long_series(case: &Case) -> Result<Answers, CaseError> {
    let (base, step) = (case.number("base")?, case.number("step")?);
    let (modulus, n): (u32, u32) = (case.count("modulus")?, case.count("n")?);
    let mut moments = Moments::new(1);
    for i in 0..n {
        moments.update(&[base + step * f64::from(i % modulus)]);
    }
    let mut answers = Answers::default();
    answers.add("mean", moments.mean(0));
    answers.add("var", moments.covariance(0, 0));
    Ok(answers)
}

fn sums(case: &Case) -> Result<Answers, CaseError> {
    let found = from_sums(
        case.number("n")?,
        case.number("sum")?,
        case.number("sum_sq")?,
    );
    let mut answers = Answers::default();
    answers.add("mean", found.mean);
    answers.add("var", found.signed_variance);
    answers.add("std", found.variance.map(f64::sqrt));
    answers.add("condition", found.condition);
    let reason = match found.variance {
        Ok(0.0) => Some(Undefined::ZeroVariance),
        Ok(_) => None,
        Err(reason) => Some(reason),
    };
    answers.add_reason("reason", reason);
    Ok(answers)
}

fn merge(case: &Case) -> Result<Answers, CaseError> {
    let mut whole: Option<Moments> = None;
    for rows in case.tables("parts")? {
        let quantities = rows.first().map_or(0, Vec::len);
        let mut part = Moments::new(quantities);
        for row in &rows {
            part.update(row);
        }
        match &mut whole {
            Some(whole) if quantities > 0 => whole.merge(&part),
            Some(_) => {}
            None => whole = Some(part),
        }
    }
    let whole = whole.ok_or_else(|| CaseError::new("parts", "at least one part"))?;
    let n = whole.n() as f64;
    let mut answers = Answers::default();
    answers.add_exact("n", n);
    for i in 0..whole.quantities() {
        answers.add(&format!("mean/{i}"), whole.mean(i));
        answers.add(&format!("sum/{i}"), n * whole.mean(i));
        for j in 0..whole.quantities() {
            answers.add(&format!("cov/{i}/{j}"), whole.covariance(i, j));
            let cross = whole.comoment(i, j) + n * whole.mean(i) * whole.mean(j);
            answers.add(&format!("cross/{i}/{j}"), cross);
        }
    }
    Ok(answers)
}

fn linear(case: &Case) -> Result<Answers, CaseError> {
    let weights = case.numbers("weights")?;
    let means = case.numbers("mean")?;
    let value = weights
        .iter()
        .zip(&means)
        .map(|(weight, mean)| weight * mean)
        .sum();
    let estimate = by_delta(case, value, &weights)?;
    let mut answers = Answers::default();
    answers.add_scaled("mean", value, standard_error(estimate).unwrap_or(0.0));
    answers.add("var", estimate.map(|estimate| estimate.unit_variance));
    answers.add("se", standard_error(estimate));
    Ok(answers)
}

/// A formula over goals x, y, z whose means are the entries of `mean`.
fn delta(case: &Case, text: &str) -> Result<Answers, CaseError> {
    let means = case.numbers("mean")?;
    let formula = parse(text).formula;
    let compiled = formula.and_then(|formula| {
        formula.compile(&mut |goal| {
            let at = ["x", "y", "z"].iter().position(|name| *name == goal.name);
            at.filter(|&at| at < means.len())
        })
    });
    let compiled = compiled.ok_or_else(|| CaseError::new("mean", "a mean for each goal"))?;
    let mut gradient = vec![0.0; compiled.indices().len()];
    let value = compiled.value_and_gradient(&means, &mut gradient);
    let estimate = by_delta(case, value, &gradient)?;
    let mut answers = Answers::default();
    answers.add("value", value);
    answers.add_list("gradient", gradient);
    answers.add("var", estimate.map(|estimate| estimate.unit_variance));
    answers.add("se", standard_error(estimate));
    Ok(answers)
}

fn by_delta(
    case: &Case,
    value: f64,
    gradient: &[f64],
) -> Result<Result<Estimate, Undefined>, CaseError> {
    let covariance = covariances(case, gradient.len())?;
    let n = case.number("n")?;
    Ok(delta_method(value, gradient, |i, j| covariance[i][j], n))
}

/// The square `cov` of this size.
pub(super) fn covariances(case: &Case, size: usize) -> Result<Vec<Vec<f64>>, CaseError> {
    let covariances = case.rows("cov")?;
    if covariances.len() == size && covariances.iter().all(|row| row.len() == size) {
        Ok(covariances)
    } else {
        Err(CaseError::new("cov", "a square of one row per mean"))
    }
}

fn standard_error(estimate: Result<Estimate, Undefined>) -> Result<f64, Undefined> {
    estimate.map(|estimate| (estimate.unit_variance / estimate.n).sqrt())
}
