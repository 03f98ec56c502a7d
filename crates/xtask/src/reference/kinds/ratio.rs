//! Ratio metrics: the formula room and the statistics room together.

use epstats_formula::{Compiled, parse};
use epstats_stats::{
    Alternative, Comparison, Estimate, Moments, Undefined, absolute_effect, delta_method,
    log_ratio, relative_delta,
};
use epstats_testkit::{Case, CaseError};

use super::effects::{ends, scale};
use super::moments::covariances;
use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[("units", units), ("aggregates", aggregates)];

fn units(case: &Case) -> Result<Answers, CaseError> {
    compare(case, |name| {
        let mut moments = Moments::new(2);
        for row in case.rows(name)? {
            if row.len() != 2 {
                return Err(CaseError::new(name, "rows of numerator and denominator"));
            }
            moments.update(&row);
        }
        let means = [moments.mean(0), moments.mean(1)];
        let covariance = |i, j| moments.covariance(i, j).unwrap_or(f64::NAN);
        Ok(ratio(means, covariance, moments.n() as f64))
    })
}

fn aggregates(case: &Case) -> Result<Answers, CaseError> {
    compare(case, |name| {
        let variant = case.within(name)?;
        let covariance = covariances(&variant, 2)?;
        let means = <[f64; 2]>::try_from(variant.numbers("mean")?)
            .map_err(|_| CaseError::new("mean", "numerator and denominator"))?;
        Ok(ratio(means, |i, j| covariance[i][j], variant.number("n")?))
    })
}

fn compare(
    case: &Case,
    read: impl Fn(&str) -> Result<Result<Estimate, Undefined>, CaseError>,
) -> Result<Answers, CaseError> {
    let (control, treatment) = (read("control")?, read("treatment")?);
    let alpha = case.number("alpha")?;
    let mut answers = Answers::default();
    for (name, estimate) in [("control", control), ("treatment", treatment)] {
        let error = estimate.map(|estimate| (estimate.unit_variance / estimate.n).sqrt());
        for (value, deviation) in [
            (format!("{name}/ratio"), format!("{name}/unit_var")),
            (format!("ratio_{name}"), format!("unit_var_{name}")),
        ] {
            answers.add_scaled(
                &value,
                estimate.map(|estimate| estimate.value),
                scale(error),
            );
            answers.add(&deviation, estimate.map(|estimate| estimate.unit_variance));
        }
        answers.add(&format!("{name}/se"), error);
    }
    let variants =
        control.and_then(|control| treatment.map(|treatment| Comparison { control, treatment }));
    let side = Alternative::TwoSided;
    let effect = variants.and_then(|variants| absolute_effect(&variants, side));
    let error = scale(effect.map(|effect| effect.standard_error));
    answers.add_scaled("diff", effect.map(|effect| effect.estimate), error);
    answers.add("se", effect.map(|effect| effect.standard_error));
    answers.add("df", effect.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic("t", effect.map(|effect| effect.statistic));
    answers.add("p_value", effect.map(|effect| effect.p_value));
    ends(
        &mut answers,
        "ci_",
        effect.map(|effect| effect.interval(alpha)),
        error,
    );
    let lift = variants.and_then(|variants| relative_delta(&variants, side));
    let error = scale(lift.map(|lift| lift.standard_error));
    answers.add_scaled("lift", lift.map(|lift| lift.estimate), error);
    answers.add("lift_se", lift.map(|lift| lift.standard_error));
    answers.add_statistic("lift_t", lift.map(|lift| lift.statistic));
    answers.add("lift_p_value", lift.map(|lift| lift.p_value));
    ends(
        &mut answers,
        "lift_ci_",
        lift.map(|lift| lift.interval(alpha)),
        error,
    );
    let log = variants.and_then(|variants| log_ratio(&variants, side));
    let interval = log.map(|log| log.relative_interval(alpha));
    ends(
        &mut answers,
        "log_lift_ci_",
        interval,
        scale(log.map(|log| log.standard_error)),
    );
    answers.add("log_df", log.map(|log| log.degrees_of_freedom));
    Ok(answers)
}

/// Numerator over denominator through a formula and its gradient.
fn ratio(
    means: [f64; 2],
    covariance: impl Fn(usize, usize) -> f64,
    n: f64,
) -> Result<Estimate, Undefined> {
    let compiled = quotient().ok_or(Undefined::InvalidInput)?;
    let mut gradient = [0.0; 2];
    let value = compiled.value_and_gradient(&means, &mut gradient);
    delta_method(value, &gradient, covariance, n)
}

fn quotient() -> Option<Compiled> {
    let formula = parse("value(u.unit.numerator) / value(u.unit.denominator)").formula?;
    formula.compile(&mut |goal| {
        ["numerator", "denominator"]
            .iter()
            .position(|n| *n == goal.name)
    })
}
