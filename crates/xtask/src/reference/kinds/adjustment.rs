//! Covariate adjustment and post-stratification.

use epstats_stats::{
    AdjustedVariant, Adjustment, Alternative, Comparison, Contrast, Estimate, Moments,
    OutcomeWithCovariates, Shares, SlopeScope, Slopes, Undefined, absolute_effect,
    adjust_per_variant, cuped, cuped_ratio, log_ratio, post_stratify, present_or_zero,
};
use epstats_testkit::{Case, CaseError};

use super::effects::{ends, scale};
use super::moments::covariances;
use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("mean_units", |case| means(case, &by_units(case)?)),
    ("mean_missing_units", |case| {
        means(case, &by_units_with_missing(case)?)
    }),
    ("mean", |case| means(case, &by_aggregates(case)?)),
    ("mean_degenerate", degenerate),
    ("lin_per_variant", per_variant),
    ("ratio", ratio),
    ("post_stratification", strata),
];

const SIDE: Alternative = Alternative::TwoSided;

fn means(case: &Case, variants: &[Moments]) -> Result<Answers, CaseError> {
    let adjustment = cuped(variants, scope(case)?).map_err(|_| unusable())?;
    let alpha = case.number("alpha")?;
    let mut answers = Answers::default();
    answers.add_list("theta", adjustment.slopes.values.iter().copied());
    answers.add_list(
        "pooled_covariate_mean",
        adjustment.covariate_means.iter().copied(),
    );
    for (at, variant) in adjustment.variants.iter().enumerate() {
        let adjusted = variant.map(|variant| variant.adjusted);
        let error = adjusted.map(|estimate| (estimate.unit_variance / estimate.n).sqrt());
        answers.add_scaled(
            &format!("adjusted_mean/{at}"),
            adjusted.map(|estimate| estimate.value),
            scale(error),
        );
        answers.add(
            &format!("adjusted_var/{at}"),
            adjusted.map(|estimate| estimate.unit_variance),
        );
        answers.add(
            &format!("variance_ratio/{at}"),
            variant.and_then(|variant| variant.variance_ratio()),
        );
    }
    for at in 1..variants.len() {
        let compared = adjustment.comparison(0, at);
        let growth = compared.map(|compared| {
            compared.treatment.unadjusted.value / compared.control.unadjusted.value
        });
        let prefix = format!("comparisons/{}/", at - 1);
        compare(&mut answers, &prefix, compared, growth, alpha);
    }
    Ok(answers)
}

/// One variant against control; `growth` is what another system puts in place of one plus the relative effect in its standard error.
fn compare(
    answers: &mut Answers,
    prefix: &str,
    compared: Result<Comparison<AdjustedVariant>, Undefined>,
    growth: Result<f64, Undefined>,
    alpha: f64,
) {
    let name = |field: &str| format!("{prefix}{field}");
    let adjusted = compared.map(|compared| compared.map(|variant| variant.adjusted));
    let effect = adjusted.and_then(|adjusted| absolute_effect(&adjusted, SIDE));
    let error = scale(effect.map(|effect| effect.standard_error));
    answers.add_scaled(&name("diff"), effect.map(|effect| effect.estimate), error);
    answers.add(&name("se"), effect.map(|effect| effect.standard_error));
    answers.add(&name("df"), effect.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic(&name("t"), effect.map(|effect| effect.statistic));
    answers.add(&name("p_value"), effect.map(|effect| effect.p_value));
    let interval = effect.map(|effect| effect.interval(alpha));
    ends(answers, &name("ci_"), interval, error);
    let contrast = compared.and_then(|compared| Contrast::of_adjusted(&compared));
    let lift = contrast.and_then(|contrast| contrast.relative_delta(SIDE));
    let error = scale(lift.map(|lift| lift.standard_error));
    answers.add_scaled(&name("lift"), lift.map(|lift| lift.estimate), error);
    answers.add(&name("lift_se"), lift.map(|lift| lift.standard_error));
    let interval = lift.map(|lift| lift.interval(alpha));
    ends(answers, &name("lift_ci_"), interval, error);
    let other = contrast.and_then(|contrast| {
        let error = contrast.standard_error_beside(growth? - 1.0);
        Ok(error / contrast.base().abs())
    });
    answers.add(&name("lift_se_growthbook"), other);
    let log = adjusted.and_then(|adjusted| log_ratio(&adjusted, SIDE));
    let error = scale(log.map(|log| log.standard_error));
    answers.add_scaled(
        &name("adjusted_denominator/lift"),
        log.map(|log| log.relative()),
        error,
    );
    let interval = log.map(|log| log.relative_interval(alpha));
    ends(
        answers,
        &name("adjusted_denominator/log_ci_"),
        interval,
        error,
    );
}

fn degenerate(case: &Case) -> Result<Answers, CaseError> {
    let adjustment = cuped(&by_aggregates(case)?, scope(case)?).map_err(|_| unusable())?;
    let mut answers = Answers::default();
    answers.add_list("theta", adjustment.slopes.values.iter().copied());
    let dropped = adjustment.slopes.dropped.first();
    answers.add_reason("reason", dropped.map(|dropped| dropped.reason));
    let growth = Err(Undefined::InvalidInput);
    let compared = adjustment.comparison(0, 1);
    compare(&mut answers, "", compared, growth, case.number("alpha")?);
    Ok(answers)
}

fn per_variant(case: &Case) -> Result<Answers, CaseError> {
    let adjustment = adjust_per_variant(&by_aggregates(case)?).map_err(|_| unusable())?;
    let mut answers = Answers::default();
    let mut adjusted = Vec::new();
    for (at, variant) in adjustment.variants.iter().enumerate() {
        let found = variant.as_ref().map_err(|_| unusable())?;
        let estimate = found.variant.adjusted;
        answers.add_list(&format!("theta/{at}"), found.slopes.values.iter().copied());
        let error = (estimate.unit_variance / estimate.n).sqrt();
        answers.add_scaled(&format!("adjusted_mean/{at}"), estimate.value, error);
        answers.add(&format!("adjusted_var/{at}"), estimate.unit_variance);
        adjusted.push(estimate);
    }
    let [control, treatment] = adjusted[..] else {
        return Err(CaseError::new("variants", "two variants"));
    };
    let contrast = adjustment.contrast(0, 1);
    let error = contrast.map(|contrast| contrast.standard_error());
    let difference = contrast.map(|contrast| contrast.difference());
    answers.add_scaled("diff", difference, scale(error));
    answers.add("se", error);
    let fixed = absolute_effect(&Comparison { control, treatment }, SIDE);
    let fixed = fixed.map(|effect| effect.standard_error);
    answers.add("se_finite_population", fixed);
    Ok(answers)
}

fn ratio(case: &Case) -> Result<Answers, CaseError> {
    let variants = by_aggregates(case)?;
    let adjustment = match case.text("theta_scope")? {
        "growthbook" => by_unweighted_slope(&variants),
        _ => cuped_ratio(&variants, scope(case)?),
    }
    .map_err(|_| unusable())?;
    let mut answers = Answers::default();
    answers.add("theta", adjustment.slopes.values[0]);
    answers.add("pooled_covariate_ratio", adjustment.covariate_means[0]);
    for (at, variant) in adjustment.variants.iter().enumerate() {
        let adjusted = variant.map(|variant| variant.adjusted);
        let error = adjusted.map(|estimate| (estimate.unit_variance / estimate.n).sqrt());
        answers.add_scaled(
            &format!("adjusted_ratio/{at}"),
            adjusted.map(|estimate| estimate.value),
            scale(error),
        );
        answers.add(
            &format!("adjusted_unit_var/{at}"),
            adjusted.map(|estimate| estimate.unit_variance),
        );
    }
    let growth = Err(Undefined::InvalidInput);
    let compared = adjustment.comparison(0, 1);
    compare(&mut answers, "", compared, growth, case.number("alpha")?);
    Ok(answers)
}

/// The slope of another system: covariances and variances of the variants added up without regard to their sizes.
fn by_unweighted_slope(variants: &[Moments]) -> Result<Adjustment, Undefined> {
    let units = OutcomeWithCovariates::of_ratios(variants)?;
    let (mut with_outcome, mut own) = (0.0, 0.0);
    for moments in units.variants.iter().flatten() {
        with_outcome += moments.covariance(0, 1)?;
        own += moments.covariance(1, 1)?;
    }
    units.adjusted(Slopes::given(vec![with_outcome / own]))
}

fn strata(case: &Case) -> Result<Answers, CaseError> {
    let read = |stratum: &Case| {
        let variant = |name: &str| {
            let variant = stratum.within(name)?;
            Ok(Estimate {
                value: variant.number("mean")?,
                unit_variance: variant.number("var")?,
                n: variant.number("n")?,
            })
        };
        Ok(Comparison {
            control: variant("control")?,
            treatment: variant("treatment")?,
        })
    };
    let strata: Vec<_> = case
        .items("strata")?
        .iter()
        .map(read)
        .collect::<Result<_, CaseError>>()?;
    let [random, fixed] = [Shares::Random, Shares::Fixed].map(|shares| {
        post_stratify(&strata, shares).map_err(|_| CaseError::new("strata", "usable strata"))
    });
    let (random, fixed) = (random?, fixed?);
    let error = random.contrast.standard_error();
    let mut answers = Answers::default();
    answers.add_list("weights", random.weights.iter().copied());
    answers.add_scaled("diff", random.contrast.difference(), error);
    answers.add("control_mean", random.contrast.base());
    answers.add("se", error);
    answers.add("se_fixed_weights", fixed.contrast.standard_error());
    let lift = random.contrast.relative_delta(SIDE);
    let error = lift.map(|lift| lift.standard_error);
    answers.add_scaled("lift", lift.map(|lift| lift.estimate), scale(error));
    answers.add("lift_se", error);
    Ok(answers)
}

fn scope(case: &Case) -> Result<SlopeScope, CaseError> {
    match case.text("theta_scope")? {
        "within" => Ok(SlopeScope::Within),
        "total" => Ok(SlopeScope::Total),
        _ => Err(CaseError::new("theta_scope", "`within` or `total`")),
    }
}

fn unusable() -> CaseError {
    CaseError::new("variants", "variants that can be adjusted")
}

fn by_units(case: &Case) -> Result<Vec<Moments>, CaseError> {
    let tables = case.tables("variants")?;
    Ok(tables.iter().map(|rows| of_rows(rows)).collect())
}

/// Rows of the outcome and one covariate that can be missing.
fn by_units_with_missing(case: &Case) -> Result<Vec<Moments>, CaseError> {
    let row = |row: &Vec<Option<f64>>| match row[..] {
        [Some(outcome), covariate] => {
            let [value, present] = present_or_zero(covariate);
            Ok(vec![outcome, value, present])
        }
        _ => Err(CaseError::new("variants", "rows of outcome and covariate")),
    };
    let mut variants = Vec::new();
    for table in case.optional_tables("variants")? {
        let rows: Vec<_> = table.iter().map(row).collect::<Result<_, _>>()?;
        variants.push(of_rows(&rows));
    }
    Ok(variants)
}

fn of_rows(rows: &[Vec<f64>]) -> Moments {
    let mut moments = Moments::new(rows.first().map_or(0, Vec::len));
    for row in rows {
        moments.update(row);
    }
    moments
}

fn by_aggregates(case: &Case) -> Result<Vec<Moments>, CaseError> {
    let read = |variant: &Case| {
        let n: u32 = variant.count("n")?;
        let means = variant.numbers("mean")?;
        let covariances = covariances(variant, means.len())?;
        let mut comoments = Vec::new();
        for (i, row) in covariances.iter().enumerate() {
            comoments.extend(row[i..].iter().map(|entry| entry * (f64::from(n) - 1.0)));
        }
        Ok(Moments::from_parts(u64::from(n), &means, &comoments))
    };
    case.items("variants")?.iter().map(read).collect()
}
