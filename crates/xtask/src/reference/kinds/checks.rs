//! Checks of the data's health.

use epstats_stats::{
    ConfidenceLevel, OutlierDominance, SequentialSrm, SequentialSrmDesign, Undefined,
    outlier_dominance, rejection_rate, sample_ratio_mismatch, sequential_srm, sequential_srm_path,
    share_above_limit, srm_degrees_of_freedom, sum_ratio, uniformity, units_for_skewness,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("srm_chi2", srm),
    ("srm_sequential", srm_sequential),
    ("srm_sequential_path", srm_path),
    ("sum_ratio", sum_ratio_case),
    ("share_above_limit", share),
    ("uniformity", uniform),
    ("skewness_rule", skewness),
    ("outlier_dominance", outlier),
    ("rejection_rate_interval", rejections),
];

/// Logarithms of p-values are given to this.
const LN_ABSOLUTE: f64 = 1e-9;

fn srm(case: &Case) -> Result<Answers, CaseError> {
    let weights = case.numbers("weights")?;
    let found = sample_ratio_mismatch(&case.numbers("counts")?, &weights);
    let mut answers = Answers::default();
    answers.add_reason("reason", found.as_ref().err().copied());
    let value = |read: fn(&epstats_stats::Srm) -> f64| found.as_ref().ok().map(read);
    answers.add_statistic("test_stat", value(|srm| srm.statistic));
    answers.add("p_value", value(|srm| srm.p_value));
    answers.add_within("ln_p_value", value(|srm| srm.ln_p_value), LN_ABSOLUTE);
    let df = srm_degrees_of_freedom(&weights);
    answers.add_exact("df", df.map(|df| df as f64));
    if let Ok(srm) = found {
        answers.add_list("expected", srm.expected);
    }
    Ok(answers)
}

fn srm_sequential(case: &Case) -> Result<Answers, CaseError> {
    let weights = case.numbers("theta0")?;
    let found = sequential_srm(&case.numbers("counts")?, &srm_design(case, &weights)?);
    let mut answers = Answers::default();
    look(&mut answers, "", "p", found);
    Ok(answers)
}

fn srm_path(case: &Case) -> Result<Answers, CaseError> {
    let weights = case.numbers("theta0")?;
    let looks = sequential_srm_path(&case.rows("increments")?, &srm_design(case, &weights)?);
    let mut answers = Answers::default();
    for (at, found) in looks.into_iter().flatten().enumerate() {
        look(
            &mut answers,
            &format!("looks/{at}/"),
            "running_p",
            Ok(found),
        );
    }
    Ok(answers)
}

fn srm_design<'a>(case: &Case, weights: &'a [f64]) -> Result<SequentialSrmDesign<'a>, CaseError> {
    let concentration = case.number("concentration")?;
    Ok(SequentialSrmDesign {
        weights,
        concentration,
    })
}

fn look(answers: &mut Answers, path: &str, p_value: &str, found: Result<SequentialSrm, Undefined>) {
    answers.add_statistic(&format!("{path}ln_e"), found.map(|found| found.ln_e));
    answers.add(
        &format!("{path}{p_value}"),
        found.map(|found| found.p_value),
    );
}

fn skewness(case: &Case) -> Result<Answers, CaseError> {
    let found = units_for_skewness(case.number("skewness")?);
    let mut answers = Answers::default();
    answers.add("raw", found.map(|found| found.raw));
    answers.add_exact(
        "min_units_per_variant",
        found.map(|found| found.by_skewness),
    );
    Ok(answers)
}

fn outlier(case: &Case) -> Result<Answers, CaseError> {
    let found = outlier_dominance(&case.numbers("values")?);
    let value = |read: fn(OutlierDominance) -> f64| found.map(read);
    let mut answers = Answers::default();
    let of_squares = value(|found| found.share_of_squares);
    answers.add("max_share_of_sum_of_squares", of_squares);
    let of_sum = found.ok().and_then(|found| found.share_of_sum);
    answers.add("max_share_of_sum", of_sum);
    let index = found.ok().and_then(|found| found.index);
    answers.add_exact("index", index.map(|index| index as f64));
    answers.add("mean_without", value(|found| found.mean_without));
    let variance = found.and_then(|found| found.variance_without);
    answers.add("var_without", variance);
    Ok(answers)
}

fn rejections(case: &Case) -> Result<Answers, CaseError> {
    let level = ConfidenceLevel::new(case.number("level")?)
        .ok_or_else(|| CaseError::new("level", "a level between 0 and 1"))?;
    let found = rejection_rate(case.count("rejections")?, case.count("runs")?, level);
    let mut answers = Answers::default();
    answers.add("rate", found.map(|found| found.rate));
    answers.add("mc_se", found.map(|found| found.standard_error));
    answers.add("cp_lower", found.map(|found| found.interval.lower));
    answers.add("cp_upper", found.map(|found| found.interval.upper));
    Ok(answers)
}

fn sum_ratio_case(case: &Case) -> Result<Answers, CaseError> {
    let numerator = case.numbers("nominator_counts")?.iter().sum();
    let denominator = case.numbers("denominator_counts")?.iter().sum();
    let limit = case.number("max_sum_ratio")?;
    let found = sum_ratio(numerator, denominator);
    let mut answers = Answers::default();
    answers.add("sum_ratio", found.map(|found| found.sum_ratio));
    answers.add_statistic("test_stat", found.map(|found| found.statistic));
    answers.add("p_value", found.map(|found| found.p_value));
    answers.add_within(
        "ln_p_value",
        found.map(|found| found.ln_p_value),
        LN_ABSOLUTE,
    );
    answers.add_exact("exceeds", found.is_ok_and(|found| found.sum_ratio > limit));
    answers.add_reason("reason", found.err());
    Ok(answers)
}

fn share(case: &Case) -> Result<Answers, CaseError> {
    let (count, total) = (case.number("count")?, case.number("total")?);
    let found = share_above_limit(count, total, case.number("limit")?);
    let mut answers = Answers::default();
    answers.add("share", found.map(|_| count / total));
    answers.add("p_value", found.map(|found| found.p_value));
    answers.add_within(
        "ln_p_value",
        found.map(|found| found.ln_p_value),
        LN_ABSOLUTE,
    );
    answers.add_reason("reason", found.err());
    Ok(answers)
}

fn uniform(case: &Case) -> Result<Answers, CaseError> {
    let p_values = case.numbers("p_values")?;
    let found = uniformity(&p_values);
    let rejected = p_values.iter().filter(|p| **p < 0.05).count();
    let mut answers = Answers::default();
    answers.add("ks_d", found.map(|found| found.distance));
    answers.add("ks_p", found.map(|found| found.distance_p_value));
    answers.add("ad_a2", found.map(|found| found.anderson_darling));
    answers.add(
        "ad_p_asymptotic",
        found.map(|found| found.anderson_darling_p_value),
    );
    let level = ConfidenceLevel::DEFAULT;
    let rate = rejection_rate(rejected as u64, p_values.len() as u64, level);
    answers.add("share_below_0.05", rate.map(|rate| rate.rate));
    Ok(answers)
}
