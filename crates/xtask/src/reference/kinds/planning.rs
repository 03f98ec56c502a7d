//! Sample size, power, false positive risk.

use epstats_stats::{
    Aim, Alternative, Comparison, Design, PlannedVariant, Pooling, Reference, Requirement, Traffic,
    delta_variance, duration_days, false_positive_risk, minimum_detectable_effect,
    minimum_detectable_effect_one_tail, power, required_sample_size, required_units, sign_and_size,
    student_t_power, variance_after_covariates,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("false_positive_risk", risk),
    ("normal", normal),
    ("t_pooled", |case| t_power(case, Pooling::Pooled)),
    ("t_welch", |case| t_power(case, Pooling::Welch)),
    ("t_sample_size", t_sample_size),
    ("planned", planned),
    ("type_s_m", type_s_m),
    ("duration", duration),
];

fn risk(case: &Case) -> Result<Answers, CaseError> {
    let rate = case.number("null_hypothesis_rate")?;
    let risk = false_positive_risk(case.number("p_value")?, case.number("power")?, rate);
    let mut answers = Answers::default();
    answers.add("risk", risk);
    Ok(answers)
}

fn normal(case: &Case) -> Result<Answers, CaseError> {
    let design = design(case)?;
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

fn t_power(case: &Case, pooling: Pooling) -> Result<Answers, CaseError> {
    let variant = |name: &str| -> Result<PlannedVariant, CaseError> {
        Ok(PlannedVariant {
            unit_variance: case.number(&format!("var_{name}"))?,
            n: case.number(&format!("n_{name}"))?,
        })
    };
    let planned = Comparison {
        control: variant("control")?,
        treatment: variant("treatment")?,
    };
    let found = student_t_power(case.number("effect")?, &planned, pooling, &design(case)?);
    let mut answers = Answers::default();
    answers.add("power", found.map(|found| found.power));
    answers.add("df", found.map(|found| found.degrees_of_freedom));
    answers.add("ncp", found.map(|found| found.noncentrality));
    Ok(answers)
}

fn t_sample_size(case: &Case) -> Result<Answers, CaseError> {
    let deviation = case.number("std")?;
    let variance = deviation * deviation;
    let requirement = Requirement {
        unit_variances: Comparison {
            control: variance,
            treatment: variance,
        },
        aim: Aim::Absolute(case.number("effect")?),
        power: case.number("power")?,
        design: design(case)?,
        treatments: 1,
        treatment_per_control: case.number("ratio")?,
        reference: Reference::StudentT(Pooling::Pooled),
    };
    let found = required_units(&requirement);
    let mut answers = Answers::default();
    answers.add_exact("n_per_group", found.map(|found| found.control));
    answers.add("power_at_n", found.map(|found| found.power));
    Ok(answers)
}

fn design(case: &Case) -> Result<Design, CaseError> {
    let alternative = match case.count("sides")? {
        1_u8 => Alternative::Greater,
        2 => Alternative::TwoSided,
        _ => return Err(CaseError::new("sides", "1 or 2")),
    };
    Ok(Design {
        alpha: case.number("alpha")?,
        alternative,
        comparisons: 1,
    })
}

fn type_s_m(case: &Case) -> Result<Answers, CaseError> {
    let (effect, error) = (case.number("true_effect")?, case.number("se")?);
    let found = sign_and_size(effect, error, case.number("alpha")?);
    let mut answers = Answers::default();
    answers.add("power", found.map(|found| found.power));
    answers.add("type_s", found.map(|found| found.wrong_sign));
    answers.add("exaggeration", found.map(|found| found.exaggeration));
    Ok(answers)
}

fn duration(case: &Case) -> Result<Answers, CaseError> {
    let traffic = Traffic {
        daily_units: case.number("daily_units")?,
        share: case.number("traffic_share")?,
    };
    let units = case.number("n_per_variant")? * case.number("n_variants")?;
    let mut answers = Answers::default();
    answers.add_exact("days", duration_days(units, &traffic));
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
    let units = |variance: f64, aim: Aim, design: Design| {
        let variances = Comparison {
            control: variance,
            treatment: variance,
        };
        required_sample_size(&variances, aim.distance()?, target, 1.0, &design)
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
    let bonferroni = units(variance, Aim::Absolute(effect), two_sided);
    let adjusted = variance_after_covariates(variance, case.number("rho_squared")?);
    let noninferiority = Aim::NonInferiority {
        margin: case.number("noninferiority_margin")?,
        true_effect: 0.0,
    };
    let one_sided = Design {
        alternative: Alternative::Greater,
        ..two_sided
    };
    let whole = required_units(&Requirement {
        unit_variances: Comparison {
            control: variance,
            treatment: variance,
        },
        aim: Aim::Absolute(effect),
        power: target,
        design: two_sided,
        treatments,
        treatment_per_control: 1.0,
        reference: Reference::Normal,
    });
    let mut answers = Answers::default();
    answers.add("n_bonferroni", bonferroni);
    answers.add_exact("n_bonferroni_ceil", whole.map(|whole| whole.control));
    let of_adjusted =
        adjusted.and_then(|variance| units(variance, Aim::Absolute(effect), two_sided));
    answers.add("n_cuped", of_adjusted);
    answers.add(
        "n_noninferiority",
        units(variance, noninferiority, one_sided),
    );
    answers.add("ratio_unit_var", ratio_variance);
    let relative = Aim::Relative {
        effect: relative_effect,
        control_mean: ratio,
    };
    let for_ratio = ratio_variance.and_then(|variance| units(variance, relative, two_sided));
    answers.add("n_ratio", for_ratio);
    Ok(answers)
}
