//! Many comparisons.

use epstats_stats::distribution::student_t_sf;
use epstats_stats::{StudentTQuantile, bonferroni, holm};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[("p_values", p_values), ("intervals", intervals)];

fn p_values(case: &Case) -> Result<Answers, CaseError> {
    let p = case.optional_numbers("p")?;
    let alpha = case.number("alpha")?;
    let mut answers = Answers::default();
    for (name, adjusted) in [("bonferroni", bonferroni(&p)), ("holm", holm(&p))] {
        for (at, p) in adjusted.iter().enumerate() {
            answers.add(&format!("{name}/adjusted/{at}"), *p);
            let reject = p.map(|p| p <= alpha);
            answers.add_exact(&format!("{name}/reject/{at}"), reject);
        }
    }
    Ok(answers)
}

fn intervals(case: &Case) -> Result<Answers, CaseError> {
    let estimates = case.numbers("estimate")?;
    let errors = case.numbers("standard_error")?;
    let dfs = case.numbers("degrees_of_freedom")?;
    let quantile = StudentTQuantile::new(case.number("alpha")? / 2.0 / estimates.len() as f64);
    let mut answers = Answers::default();
    for (at, ((estimate, error), df)) in estimates.iter().zip(&errors).zip(&dfs).enumerate() {
        answers.add(
            &format!("p/{at}"),
            2.0 * student_t_sf((estimate / error).abs(), *df),
        );
        let reach = quantile.at(*df) * error;
        let path = |end: &str| format!("intervals/{at}/bonferroni_{end}");
        answers.add_scaled(&path("lower"), estimate - reach, *error);
        answers.add_scaled(&path("upper"), estimate + reach, *error);
    }
    Ok(answers)
}
