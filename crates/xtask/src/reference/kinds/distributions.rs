//! Distribution functions.

use epstats_stats::distribution::{
    anderson_darling_sf, chi_square_cdf, chi_square_ln_sf, chi_square_sf, kolmogorov_sf,
    noncentral_t_cdf, noncentral_t_sf, normal_cdf, normal_isf, normal_ln_sf, normal_pdf, normal_sf,
    student_t_cdf, student_t_isf, student_t_ln_sf, student_t_sf,
};
use epstats_stats::special::{beta_inc, ln_beta, ln_gamma};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("norm", norm),
    ("norm_ln_sf", norm_ln_sf),
    ("norm_isf", norm_isf),
    ("t", t),
    ("t_isf", t_isf),
    ("chi2", chi2),
    ("nct", nct),
    ("ks_two_sided_p", kolmogorov),
    ("ad_asymptotic_p", anderson_darling),
    ("ln_gamma", ln_gamma_case),
    ("ln_beta", ln_beta_case),
    ("beta_inc", beta_inc_case),
];

/// Logarithms of probabilities near 1 have no digits below this.
const LN_ABSOLUTE: f64 = 1e-15;

fn norm(case: &Case) -> Result<Answers, CaseError> {
    let x = case.number("x")?;
    let mut answers = Answers::default();
    answers.add("cdf", normal_cdf(x));
    answers.add("sf", normal_sf(x));
    answers.add_within("ln_sf", normal_ln_sf(x), LN_ABSOLUTE);
    answers.add("pdf", normal_pdf(x));
    Ok(answers)
}

fn norm_ln_sf(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add_within("ln_sf", normal_ln_sf(case.number("x")?), LN_ABSOLUTE);
    Ok(answers)
}

fn norm_isf(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add("x", normal_isf(case.number("q")?));
    Ok(answers)
}

fn t(case: &Case) -> Result<Answers, CaseError> {
    let (x, df) = (case.number("x")?, case.number("df")?);
    let mut answers = Answers::default();
    answers.add("sf", student_t_sf(x, df));
    answers.add("cdf", student_t_cdf(x, df));
    answers.add_within("ln_sf", student_t_ln_sf(x, df), LN_ABSOLUTE);
    answers.add("p_two_sided", 2.0 * student_t_sf(x.abs(), df));
    Ok(answers)
}

fn t_isf(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add("x", student_t_isf(case.number("q")?, case.number("df")?));
    Ok(answers)
}

fn chi2(case: &Case) -> Result<Answers, CaseError> {
    let (x, df) = (case.number("x")?, case.number("df")?);
    let mut answers = Answers::default();
    answers.add("sf", chi_square_sf(x, df));
    answers.add("cdf", chi_square_cdf(x, df));
    answers.add_within("ln_sf", chi_square_ln_sf(x, df), LN_ABSOLUTE);
    Ok(answers)
}

fn nct(case: &Case) -> Result<Answers, CaseError> {
    let (x, df, delta) = (case.number("x")?, case.number("df")?, case.number("delta")?);
    let mut answers = Answers::default();
    answers.add("sf", noncentral_t_sf(x, df, delta));
    answers.add("cdf", noncentral_t_cdf(x, df, delta));
    Ok(answers)
}

fn kolmogorov(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add("p", kolmogorov_sf(case.number("d")?, case.count("n")?));
    Ok(answers)
}

fn anderson_darling(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add("p", anderson_darling_sf(case.number("a2")?));
    Ok(answers)
}

fn ln_gamma_case(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    // Near its zeros at 1 and 2 the logarithm has no digits of its own.
    answers.add_within("y", ln_gamma(case.number("x")?), 1e-14);
    Ok(answers)
}

fn ln_beta_case(case: &Case) -> Result<Answers, CaseError> {
    let mut answers = Answers::default();
    answers.add("y", ln_beta(case.number("a")?, case.number("b")?));
    Ok(answers)
}

fn beta_inc_case(case: &Case) -> Result<Answers, CaseError> {
    let (lower, upper) = beta_inc(case.number("a")?, case.number("b")?, case.number("x")?);
    let mut answers = Answers::default();
    answers.add("lower", lower);
    answers.add("upper", upper);
    Ok(answers)
}
