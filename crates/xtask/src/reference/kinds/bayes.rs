//! Beliefs after the data.

use epstats_stats::{
    Alternative, BetaBelief, Better, Comparison, EffectEstimate, EffectScale, NormalBelief,
    Posterior, Prior, ScaledBelief, Undefined, absolute_effect, beta_binomial, conditional_mle,
    normal_posterior, relative_delta, shrink,
};
use epstats_testkit::{Case, CaseError};

use super::effects::{ends, variants};
use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("effect", effect),
    ("normal_normal", normal_normal),
    ("beta_binomial", beta),
    ("empirical_bayes", empirical),
    ("conditional_mle", conditional),
];

fn effect(case: &Case) -> Result<Answers, CaseError> {
    let variants = variants(case)?;
    let scale = scale(case, "difference")?;
    let estimate: Result<EffectEstimate, Undefined> = match scale {
        EffectScale::Absolute => {
            absolute_effect(&variants, Alternative::TwoSided).map(EffectEstimate::from)
        }
        EffectScale::Relative => {
            relative_delta(&variants, Alternative::TwoSided).map(EffectEstimate::from)
        }
    };
    let prior = match case.text("prior")? {
        "flat" => Ok(Prior::Flat),
        _ => ScaledBelief {
            belief: belief(case)?,
            scale: self::scale(case, "prior")?,
        }
        .on_scale(scale, variants.control.value)
        .map(Prior::Normal),
    };
    let posterior = estimate.and_then(|estimate| normal_posterior(&estimate, &prior?));
    let mut answers = Answers::default();
    tell(&mut answers, posterior, case.number("alpha")?);
    let spread = posterior.map_or(0.0, |posterior| posterior.standard_deviation);
    answers.add_scaled("estimate", estimate.map(|estimate| estimate.value), spread);
    answers.add("se", estimate.map(|estimate| estimate.standard_error));
    Ok(answers)
}

fn normal_normal(case: &Case) -> Result<Answers, CaseError> {
    let estimate = EffectEstimate {
        value: case.number("estimate")?,
        standard_error: case.number("se")?,
    };
    let posterior = normal_posterior(&estimate, &Prior::Normal(belief(case)?));
    let mut answers = Answers::default();
    tell(&mut answers, posterior, case.number("alpha")?);
    Ok(answers)
}

/// What a posterior says where higher is better.
fn tell(answers: &mut Answers, posterior: Result<Posterior, Undefined>, alpha: f64) {
    let spread = posterior.map_or(0.0, |posterior| posterior.standard_deviation);
    let win = posterior.map(|posterior| posterior.chance_to_win(Better::Higher));
    let loss = posterior.map(|posterior| posterior.expected_loss(Better::Higher));
    answers.add_scaled("posterior_mean", posterior.map(|p| p.mean), spread);
    answers.add("posterior_sd", posterior.map(|p| p.standard_deviation));
    answers.add("chance_to_win", win.map(|win| win.chance));
    answers.add_statistic("ln_chance_to_lose", win.map(|win| win.ln_chance_to_lose));
    ends(
        answers,
        "ci_",
        posterior.map(|posterior| posterior.credible_interval(alpha)),
        spread,
    );
    answers.add(
        "expected_loss_treatment",
        loss.map(|loss| loss.of_treatment),
    );
    answers.add("expected_loss_control", loss.map(|loss| loss.of_control));
    answers.add_reason("reason", posterior.err());
}

fn beta(case: &Case) -> Result<Answers, CaseError> {
    let prior = BetaBelief {
        a: case.number("prior_a")?,
        b: case.number("prior_b")?,
    };
    let after = |variant: &str| -> Result<_, CaseError> {
        let successes = case.number(&format!("successes_{variant}"))?;
        Ok(prior.after(successes, case.number(&format!("n_{variant}"))?))
    };
    let (control, treatment) = (after("control")?, after("treatment")?);
    let win = control.and_then(|control| {
        let treatment = treatment?;
        beta_binomial(&Comparison { control, treatment }, Better::Higher)
    });
    let mut answers = Answers::default();
    answers.add("chance_to_win", win.map(|win| win.chance));
    Ok(answers)
}

fn empirical(case: &Case) -> Result<Answers, CaseError> {
    let experiments: Vec<EffectEstimate> = case
        .numbers("estimate")?
        .into_iter()
        .zip(case.numbers("se")?)
        .map(|(value, standard_error)| EffectEstimate {
            value,
            standard_error,
        })
        .collect();
    let found = shrink(&experiments);
    let found = found.as_ref().map_err(|reason| *reason);
    let mut answers = Answers::default();
    answers.add("q", found.map(|found| found.q));
    answers.add("tau2", found.map(|found| found.tau_squared));
    answers.add("mu", found.map(|found| found.mean));
    answers.add("mu_fixed", found.map(|found| found.fixed_mean));
    if let Ok(found) = found {
        for (at, posterior) in found.posteriors.iter().enumerate() {
            let spread = posterior.standard_deviation;
            answers.add_scaled(&format!("posterior_mean/{at}"), posterior.mean, spread);
            answers.add(&format!("posterior_sd/{at}"), spread);
        }
    }
    Ok(answers)
}

fn conditional(case: &Case) -> Result<Answers, CaseError> {
    let found = conditional_mle(case.number("z")?, case.number("critical")?);
    let mut answers = Answers::default();
    answers.add("mu", found.map(|found| found.mean));
    answers.add("shrink_factor", found.map(|found| found.shrink_factor));
    Ok(answers)
}

fn belief(case: &Case) -> Result<NormalBelief, CaseError> {
    Ok(NormalBelief {
        mean: case.number("prior_mean")?,
        standard_deviation: case.number("prior_sd")?,
    })
}

fn scale(case: &Case, name: &str) -> Result<EffectScale, CaseError> {
    match case.text(name)? {
        "absolute" => Ok(EffectScale::Absolute),
        "relative" => Ok(EffectScale::Relative),
        _ => Err(CaseError::new(name, "`absolute` or `relative`")),
    }
}
