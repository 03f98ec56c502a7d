//! Checks of the data's health.

use epstats_stats::{sample_ratio_mismatch, share_above_limit, sum_ratio};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("srm_chi2", srm),
    ("sum_ratio", sum_ratio_case),
    ("share_above_limit", share),
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
