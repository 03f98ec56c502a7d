//! Many comparisons.

use epstats_stats::distribution::student_t_sf;
use epstats_stats::{
    Adjusted, Correction, StudentTQuantile, benjamini_hochberg, benjamini_yekutieli, bonferroni,
    false_coverage_errors, hochberg, holm, holm_sidak, hommel, sidak, simultaneous_errors,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[("p_values", p_values), ("intervals", intervals)];

/// A correction of p-values themselves.
type Adjust = fn(&[Option<f64>]) -> Vec<Option<f64>>;

/// The corrections as the files name them, on p-values and on logarithms.
const CORRECTIONS: [(&str, Adjust, Correction); 8] = [
    ("bonferroni", bonferroni, Correction::Bonferroni),
    ("sidak", sidak, Correction::Sidak),
    ("holm", holm, Correction::Holm),
    ("holm_sidak", holm_sidak, Correction::HolmSidak),
    ("hochberg", hochberg, Correction::Hochberg),
    ("hommel", hommel, Correction::Hommel),
    (
        "benjamini_hochberg",
        benjamini_hochberg,
        Correction::BenjaminiHochberg,
    ),
    (
        "benjamini_yekutieli",
        benjamini_yekutieli,
        Correction::BenjaminiYekutieli,
    ),
];

fn p_values(case: &Case) -> Result<Answers, CaseError> {
    let p = case.optional_numbers("p")?;
    let alpha = case.number("alpha")?;
    let ln_p: Vec<Option<f64>> = p.iter().map(|p| p.map(f64::ln)).collect();
    let mut answers = Answers::default();
    for (name, adjust, correction) in CORRECTIONS {
        for (at, p) in adjust(&p).iter().enumerate() {
            answers.add(&format!("{name}/adjusted/{at}"), *p);
            let reject = p.map(|p| p <= alpha);
            answers.add_exact(&format!("{name}/reject/{at}"), reject);
        }
        let by_logarithms = correction.adjust_ln(&ln_p);
        for (at, adjusted) in by_logarithms.iter().enumerate() {
            let p_value = adjusted.map(|Adjusted { p_value, .. }| p_value);
            answers.add(&format!("{name}/adjusted/{at}"), p_value);
        }
    }
    Ok(answers)
}

fn intervals(case: &Case) -> Result<Answers, CaseError> {
    let estimates = case.numbers("estimate")?;
    let errors = case.numbers("standard_error")?;
    let dfs = case.numbers("degrees_of_freedom")?;
    let alpha = case.number("alpha")?;
    let effects: Vec<(f64, f64, f64)> = estimates
        .iter()
        .zip(&errors)
        .zip(&dfs)
        .map(|((estimate, error), df)| (*estimate, *error, *df))
        .collect();
    let p_values: Vec<Option<f64>> = effects
        .iter()
        .map(|(estimate, error, df)| Some(2.0 * student_t_sf((estimate / error).abs(), *df)))
        .collect();
    let selected = false_coverage_errors(&p_values, alpha);
    let mut answers = Answers::default();
    answers.add_list("p", p_values.iter().copied());
    for (at, error) in selected.iter().enumerate() {
        answers.add_exact(&format!("selected_bh/{at}"), error.is_some());
    }
    for (rule, alphas) in [
        ("bonferroni", simultaneous_errors(&p_values, alpha)),
        ("fcr", selected),
    ] {
        for (at, ((estimate, error, df), alpha)) in effects.iter().zip(alphas).enumerate() {
            let reach = alpha.map(|alpha| StudentTQuantile::new(alpha / 2.0).at(*df) * error);
            let path = |end: &str| format!("intervals/{at}/{rule}_{end}");
            answers.add_scaled(&path("lower"), reach.map(|reach| estimate - reach), *error);
            answers.add_scaled(&path("upper"), reach.map(|reach| estimate + reach), *error);
        }
    }
    Ok(answers)
}
