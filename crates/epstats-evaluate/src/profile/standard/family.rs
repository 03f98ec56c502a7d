//! Many comparisons: which p-values are corrected together, and what that means for intervals.

use epstats_experiment::stats::{Correction, false_coverage_errors, simultaneous_errors};
use epstats_experiment::{CorrectionRule, Family, Metric, Role};

/// A p-value after the correction, and the error of the interval that agrees with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corrected {
    /// The adjusted p-value.
    pub(super) p_value: f64,
    /// Error of the interval that excludes "no effect" exactly where the adjusted p-value is at most alpha.
    pub(super) error: f64,
}

/// Logarithms of p-values by metric and variant; missing where there is no test.
pub(super) type LnPValues = Vec<Vec<Option<f64>>>;

/// Corrects the p-values of every family. Guardrails are families of their own.
pub(super) fn correct(
    rule: CorrectionRule,
    alpha: f64,
    metrics: &[Metric],
    ln_p_values: &LnPValues,
) -> Vec<Vec<Option<Corrected>>> {
    if rule.family == Family::Variants {
        let of_metric = |ln_p_values: &Vec<_>| correct_one(rule.method, alpha, ln_p_values);
        return ln_p_values.iter().map(of_metric).collect();
    }
    let mut corrected: Vec<Vec<Option<Corrected>>> = ln_p_values
        .iter()
        .map(|of_metric| vec![None; of_metric.len()])
        .collect();
    for family in families(rule.family, metrics, ln_p_values) {
        let values: Vec<Option<f64>> = family
            .iter()
            .map(|&(metric, variant)| ln_p_values[metric][variant])
            .collect();
        let found = correct_one(rule.method, alpha, &values);
        for ((metric, variant), found) in family.into_iter().zip(found) {
            corrected[metric][variant] = found;
        }
    }
    corrected
}

/// The places of the p-values of each family that is of more than one metric.
fn families(
    family: Family,
    metrics: &[Metric],
    ln_p_values: &LnPValues,
) -> Vec<Vec<(usize, usize)>> {
    let n_variants = ln_p_values.first().map_or(0, Vec::len);
    let mut all = Vec::new();
    for guards in [false, true] {
        let is_of_role = |metric: &usize| (metrics[*metric].role == Role::Guardrail) == guards;
        let of_role = || (0..metrics.len()).filter(is_of_role);
        let of_variant = |variant| of_role().map(move |metric| (metric, variant));
        let variants = 0..n_variants;
        match family {
            Family::Metrics => all.extend(variants.map(|variant| of_variant(variant).collect())),
            Family::Variants | Family::Both => all.push(variants.flat_map(of_variant).collect()),
        }
    }
    all
}

/// One family.
fn correct_one(
    method: Correction,
    alpha: f64,
    ln_p_values: &[Option<f64>],
) -> Vec<Option<Corrected>> {
    let adjusted = method.adjust_ln(ln_p_values);
    let p_values = || -> Vec<Option<f64>> {
        let exp = |ln_p: &Option<f64>| ln_p.map(f64::exp);
        ln_p_values.iter().map(exp).collect()
    };
    let count = ln_p_values.iter().flatten().count() as f64;
    let errors: Option<Vec<Option<f64>>> = match method {
        Correction::Bonferroni => Some(simultaneous_errors(&p_values(), alpha)),
        Correction::Sidak => Some(vec![
            Some(-((-alpha).ln_1p() / count).exp_m1());
            adjusted.len()
        ]),
        Correction::BenjaminiHochberg => Some(selected(&p_values(), alpha, count)),
        Correction::BenjaminiYekutieli => {
            let harmonic: f64 = (1..=count as u64).map(|k| 1.0 / k as f64).sum();
            Some(selected(&p_values(), alpha / harmonic, count))
        }
        // The ratio of a p-value to its adjusted one is what the correction leaves of alpha.
        Correction::None
        | Correction::Holm
        | Correction::HolmSidak
        | Correction::Hochberg
        | Correction::Hommel => None,
    };
    let own = adjusted.into_iter().enumerate();
    own.map(|(at, adjusted)| {
        let adjusted = adjusted?;
        Some(Corrected {
            p_value: adjusted.p_value,
            error: match &errors {
                Some(errors) => errors[at]?,
                None => adjusted.level_ratio * alpha,
            },
        })
    })
    .collect()
}

/// The error R alpha/m of all intervals of a family, R the number that is selected, at least one.
///
/// Of what is not selected, even the smallest p-value is above (R + 1) alpha/m, so that its interval holds "no effect".
fn selected(p_values: &[Option<f64>], alpha: f64, count: f64) -> Vec<Option<f64>> {
    let errors = false_coverage_errors(p_values, alpha);
    let error = errors.into_iter().flatten().next().unwrap_or(alpha / count);
    vec![Some(error); p_values.len()]
}
