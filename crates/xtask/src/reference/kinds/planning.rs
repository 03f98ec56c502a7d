//! Sample size, power, false positive risk.

use epstats_stats::{
    Alternative, Comparison, Design, delta_variance, false_positive_risk,
    minimum_detectable_effect, minimum_detectable_effect_one_tail, power, required_sample_size,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("false_positive_risk", risk),
    ("normal", normal),
    ("planned", planned),
];

fn risk(case: &Case) -> Result<Answers, CaseError> {
    let rate = case.number("null_hypothesis_rate")?;
    let risk = false_positive_risk(case.number("p_value")?, case.number("power")?, rate);
    let mut answers = Answers::default();
    answers.add("risk", risk);
    Ok(answers)
}

fn normal(case: &Case) -> Result<Answers, CaseError> {
    let alternative = match case.count("sides")? {
        1_u8 => Alternative::Greater,
        2 => Alternative::TwoSided,
        _ => return Err(CaseError::new("sides", "1 or 2")),
    };
    let design = Design {
        alpha: case.number("alpha")?,
        alternative,
        comparisons: 1,
    };
    let (effect, target) = (case.number("effect")?, case.number("power")?);
    let ratio = case.number("ratio_treatment_to_control")?;
    let variances = Comparison {
        control: case.number("var_control")?,
        treatment: case.number("var_treatment")?,
    };
    let n = case.number("n_control")?;
    let error = ((variances.control + variances.treatment / ratio) / n).sqrt();
    let mut answers = Answers::default();
    let units = required_sample_size(&variances, effect, target, ratio, &design);
    answers.add("n_control_one_tail", units);
    answers.add("power_at_n", power(effect, error, &design));
    answers.add(
        "mde_at_n",
        minimum_detectable_effect(target, error, &design),
    );
    let one_tail = minimum_detectable_effect_one_tail(target, error, &design);
    answers.add("mde_one_tail", one_tail);
    answers.add("se_at_n", error);
    Ok(answers)
}

fn planned(case: &Case) -> Result<Answers, CaseError> {
    let variance = case.number("variance")?;
    let (effect, alpha, target) = (
        case.number("effect")?,
        case.number("alpha")?,
        case.number("power")?,
    );
    let treatments = case.count::<u32>("n_variants")?.saturating_sub(1);
    let two_sided = Design {
        alpha,
        alternative: Alternative::TwoSided,
        comparisons: treatments,
    };
    let one_sided = Design {
        alternative: Alternative::Greater,
        ..two_sided
    };
    let units = |variance: f64, effect: f64, design: Design| {
        let variances = Comparison {
            control: variance,
            treatment: variance,
        };
        required_sample_size(&variances, effect, target, 1.0, &design)
    };
    let (numerator, denominator) = (
        case.number("mean_numerator")?,
        case.number("mean_denominator")?,
    );
    let covariance = [
        [case.number("var_numerator")?, case.number("cov")?],
        [case.number("cov")?, case.number("var_denominator")?],
    ];
    let ratio = numerator / denominator;
    let gradient = [1.0 / denominator, -ratio / denominator];
    let ratio_variance = delta_variance(&gradient, |i, j| covariance[i][j]);
    let relative_effect = case.number("relative_effect")?;
    let bonferroni = units(variance, effect, two_sided);
    let margin = case.number("noninferiority_margin")?;
    let mut answers = Answers::default();
    answers.add("n_bonferroni", bonferroni);
    answers.add_exact("n_bonferroni_ceil", bonferroni.map(f64::ceil));
    answers.add("n_noninferiority", units(variance, margin, one_sided));
    answers.add("ratio_unit_var", ratio_variance);
    let for_ratio =
        ratio_variance.and_then(|variance| units(variance, relative_effect * ratio, two_sided));
    answers.add("n_ratio", for_ratio);
    Ok(answers)
}
