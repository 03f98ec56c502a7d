//! Quantiles of events clustered by unit.

use epstats_stats::{
    Alternative, ClusteredQuantile, Comparison, ErrorForm, Probability, absolute_effect,
    relative_delta,
};
use epstats_testkit::{Case, CaseError};

use super::effects::{ends, scale};
use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[("clustered", clustered)];

const FORMS: [(&str, ErrorForm); 2] = [
    ("post", ErrorForm::ScaledAfter),
    ("pre", ErrorForm::ScaledBefore),
];
/// The error of the intervals in the files, which do not name it.
const ALPHA: f64 = 0.05;

fn clustered(case: &Case) -> Result<Answers, CaseError> {
    let level = Probability::new(case.number("nu")?)
        .ok_or_else(|| CaseError::new("nu", "a number from 0 to 1"))?;
    let quantile = |name: &str| {
        ClusteredQuantile::of(&case.rows(name)?, level)
            .map_err(|_| CaseError::new(name, "two units with events"))
    };
    let variants = Comparison {
        control: quantile("control")?,
        treatment: quantile("treatment")?,
    };
    let mut answers = Answers::default();
    variant(&mut answers, "control", &variants.control);
    variant(&mut answers, "treatment", &variants.treatment);
    let difference = variants.treatment.value - variants.control.value;
    answers.add("diff", difference);
    answers.add("lift", difference / variants.control.value.abs());
    for (name, form) in FORMS {
        compare(&mut answers, name, &variants, form);
    }
    Ok(answers)
}

fn variant(answers: &mut Answers, name: &str, quantile: &ClusteredQuantile) {
    let field = |field: &str| format!("{name}/{field}");
    answers.add_exact(&field("events"), quantile.events() as f64);
    answers.add_exact(&field("clusters"), quantile.units as f64);
    answers.add(&field("quantile"), quantile.value);
    answers.add(&field("share_at_or_below"), quantile.share_up_to);
    answers.add(&field("se_rank_cluster"), quantile.share_error);
    answers.add(&field("se_rank_iid"), quantile.share_error_independent);
    for (name, form) in FORMS {
        let limits = quantile.outer_limits(form);
        answers.add(&field(&format!("{name}_lower")), limits.lower);
        answers.add(&field(&format!("{name}_upper")), limits.upper);
        let estimate = quantile.estimate(form);
        let error = estimate.map(|estimate| (estimate.unit_variance / estimate.n).sqrt());
        answers.add(&field(&format!("se_{name}")), error);
    }
}

fn compare(
    answers: &mut Answers,
    name: &str,
    variants: &Comparison<ClusteredQuantile>,
    form: ErrorForm,
) {
    let control = variants.control.estimate(form);
    let treatment = variants.treatment.estimate(form);
    let estimates =
        control.and_then(|control| treatment.map(|treatment| Comparison { control, treatment }));
    answers.add_reason(&format!("reason_{name}"), estimates.err());
    let Ok(estimates) = estimates else {
        answers.add(name, None::<f64>);
        return;
    };
    let field = |field: &str| format!("{name}/{field}");
    let side = Alternative::TwoSided;
    let effect = absolute_effect(&estimates, side);
    let error = scale(effect.map(|effect| effect.standard_error));
    answers.add(&field("se"), effect.map(|effect| effect.standard_error));
    answers.add(&field("df"), effect.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic(&field("t"), effect.map(|effect| effect.statistic));
    answers.add(&field("p_value"), effect.map(|effect| effect.p_value));
    let interval = effect.map(|effect| effect.interval(ALPHA));
    ends(answers, &field("ci_"), interval, error);
    let lift = relative_delta(&estimates, side);
    answers.add(&field("lift_se"), lift.map(|lift| lift.standard_error));
}
