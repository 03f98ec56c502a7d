//! Checks of the data's health.

use epstats_stats::{
    ConfidenceLevel, rejection_rate, sample_ratio_mismatch, share_above_limit, sum_ratio,
    uniformity,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("srm_chi2", srm),
    ("sum_ratio", sum_ratio_case),
    ("share_above_limit", share),
    ("uniformity", uniform),
    ("rejection_rate_interval", rejections),
];

/// Logarithms of p-values are given to this.
const LN_ABSOLUTE: f64 = 1e-9;

fn srm(case: &Case) -> Result<Answers, CaseError> {
    let found = sample_ratio_mismatch(&case.numbers("counts")?, &case.numbers("weights")?);
    let mut answers = Answers::default();
    answers.add_reason("reason", found.as_ref().err().copied());
    let value = |read: fn(&epstats_stats::Srm) -> f64| found.as_ref().ok().map(read);
    answers.add_statistic("test_stat", value(|srm| srm.statistic));
    answers.add("p_value", value(|srm| srm.p_value));
    answers.add_within("ln_p_value", value(|srm| srm.ln_p_value), LN_ABSOLUTE);
    if let Ok(srm) = found {
        answers.add_exact("df", srm.degrees_of_freedom as f64);
        answers.add_list("expected", srm.expected);
    }
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

fn rejections(case: &Case) -> Result<Answers, CaseError> {
    let level = ConfidenceLevel::new(case.number("level")?)
        .ok_or_else(|| CaseError::new("level", "a number between 0 and 1"))?;
    let found = rejection_rate(case.count("rejections")?, case.count("runs")?, level);
    let mut answers = Answers::default();
    answers.add("rate", found.map(|found| found.rate));
    answers.add("mc_se", found.map(|found| found.standard_error));
    let interval = found.map(|found| found.interval);
    answers.add("cp_lower", interval.map(|interval| interval.lower));
    answers.add("cp_upper", interval.map(|interval| interval.upper));
    Ok(answers)
}
