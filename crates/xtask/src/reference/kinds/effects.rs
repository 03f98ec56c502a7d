//! Absolute and relative effects, margins, equivalence.

use epstats_stats::{
    AbsoluteEffect, Alternative, Better, Comparison, Estimate, FiellerSet, Interval, Undefined,
    absolute_effect, absolute_margin, equivalence, fieller_interval, fieller_set, log_ratio,
    relative_delta, relative_margin, relative_margin_delta,
};
use epstats_testkit::{Case, CaseError};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("absolute", absolute),
    ("absolute_normal", absolute_normal),
    ("relative_delta", delta),
    ("relative_fieller", fieller),
    ("relative_log", log),
    ("margin_absolute", margin_absolute),
    ("margin_relative", margin_relative),
    ("tost_absolute", tost),
    ("exact", |case| exact(case, by_deviation)),
    ("exact_from_sums", |case| exact(case, by_sums)),
];

fn absolute(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let [two, greater, less] = all(|side| absolute_effect(&variants, side));
    let error = scale(two.map(|effect| effect.standard_error));
    let interval = two.map(|effect| effect.interval(alpha));
    let mut answers = Answers::default();
    answers.add_scaled("diff", two.map(|effect| effect.estimate), error);
    answers.add("se", two.map(|effect| effect.standard_error));
    answers.add("df", two.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic("t", two.map(|effect| effect.statistic));
    answers.add("p_two_sided", two.map(|effect| effect.p_value));
    answers.add("p_greater", greater.map(|effect| effect.p_value));
    answers.add("p_less", less.map(|effect| effect.p_value));
    ends(&mut answers, "ci_", interval, error);
    let lower = greater.map(|effect| effect.interval(alpha).lower);
    let upper = less.map(|effect| effect.interval(alpha).upper);
    answers.add_scaled("lower_bound_one_sided", lower, error);
    answers.add_scaled("upper_bound_one_sided", upper, error);
    answers.add_reason("reason", two.err());
    Ok(answers)
}

fn absolute_normal(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let effect =
        absolute_effect(&variants, Alternative::TwoSided).map(AbsoluteEffect::with_normal_tails);
    let error = scale(effect.map(|effect| effect.standard_error));
    let mut answers = Answers::default();
    answers.add_statistic("z", effect.map(|effect| effect.statistic));
    answers.add("p_two_sided", effect.map(|effect| effect.p_value));
    let interval = effect.map(|effect| effect.interval(alpha));
    ends(&mut answers, "ci_", interval, error);
    Ok(answers)
}

fn delta(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let [two, greater, less] = all(|side| relative_delta(&variants, side));
    let error = scale(two.map(|effect| effect.standard_error));
    let mut answers = Answers::default();
    answers.add_scaled("lift", two.map(|effect| effect.estimate), error);
    answers.add("se", two.map(|effect| effect.standard_error));
    answers.add("df", two.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic("t", two.map(|effect| effect.statistic));
    answers.add("p_two_sided", two.map(|effect| effect.p_value));
    answers.add("p_greater", greater.map(|effect| effect.p_value));
    answers.add("p_less", less.map(|effect| effect.p_value));
    ends(
        &mut answers,
        "ci_",
        two.map(|effect| effect.interval(alpha)),
        error,
    );
    let lower = greater.map(|effect| effect.interval(alpha).lower);
    let upper = less.map(|effect| effect.interval(alpha).upper);
    answers.add_scaled("lower_bound_one_sided", lower, error);
    answers.add_scaled("upper_bound_one_sided", upper, error);
    answers.add_reason("reason", two.err());
    Ok(answers)
}

fn fieller(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let set = fieller_set(&variants, alpha);
    let lift = fieller_interval(&variants, alpha);
    let error = scale(relative_delta(&variants, Alternative::TwoSided).map(|e| e.standard_error));
    let mut answers = Answers::default();
    let (kind, g, ratio) = match set {
        Ok(FiellerSet::Interval { g, ratio, .. }) => ("interval", g, Some(ratio)),
        Ok(FiellerSet::Complement { g, ratio }) => ("complement", g, Some(ratio)),
        Ok(FiellerSet::All { g }) => ("all", g, None),
        Err(reason) => (reason.code(), f64::NAN, None),
    };
    answers.add_exact("kind", kind);
    answers.add("g", g);
    answers.add("ratio", variants.treatment.value / variants.control.value);
    let effect = absolute_effect(&variants, Alternative::TwoSided);
    answers.add("df", effect.map(|effect| effect.degrees_of_freedom));
    ends(
        &mut answers,
        "ratio_",
        ratio.ok_or(Undefined::InvalidInput),
        error,
    );
    answers.add_scaled("lift", lift.map(|lift| lift.estimate), error);
    answers.add_scaled("lift_lower", lift.map(|lift| lift.lower), error);
    answers.add_scaled("lift_upper", lift.map(|lift| lift.upper), error);
    answers.add_reason("reason", lift.err());
    Ok(answers)
}

fn log(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let effect = log_ratio(&variants, Alternative::TwoSided);
    let error = scale(effect.map(|effect| effect.standard_error));
    let mut answers = Answers::default();
    answers.add_scaled("log_ratio", effect.map(|effect| effect.estimate), error);
    answers.add("se", effect.map(|effect| effect.standard_error));
    answers.add("df", effect.map(|effect| effect.degrees_of_freedom));
    answers.add_statistic("t", effect.map(|effect| effect.statistic));
    answers.add("p_two_sided", effect.map(|effect| effect.p_value));
    answers.add_scaled("lift", effect.map(|effect| effect.relative()), error);
    let interval = effect.map(|effect| effect.relative_interval(alpha));
    ends(&mut answers, "lift_", interval, error);
    answers.add_reason("reason", effect.err());
    Ok(answers)
}

fn margin_absolute(case: &Case) -> Result<Answers, CaseError> {
    let variants = variants(case)?;
    let (margin, alpha) = (case.number("margin")?, case.number("alpha")?);
    let found = absolute_margin(&variants, margin, better(case)?, alpha);
    let effect = absolute_effect(&variants, Alternative::TwoSided);
    let error = scale(effect.map(|effect| effect.standard_error));
    let mut answers = Answers::default();
    answers.add_statistic(
        "noninferiority_t",
        found.map(|m| m.noninferiority.statistic),
    );
    answers.add("noninferiority_p", found.map(|m| m.noninferiority.p_value));
    answers.add_statistic("superiority_t", found.map(|m| m.superiority.statistic));
    answers.add("superiority_p", found.map(|m| m.superiority.p_value));
    answers.add_scaled("noninferiority_bound", found.map(|m| m.bound), error);
    Ok(answers)
}

fn margin_relative(case: &Case) -> Result<Answers, CaseError> {
    let (variants, margin, better) = (variants(case)?, case.number("margin")?, better(case)?);
    let mut answers = Answers::default();
    let forms = [
        ("", relative_margin(&variants, margin, better)),
        ("delta_", relative_margin_delta(&variants, margin, better)),
    ];
    for (form, found) in forms {
        let tests = [
            ("noninferiority", found.map(|found| found.noninferiority)),
            ("superiority", found.map(|found| found.superiority)),
        ];
        for (name, test) in tests {
            answers.add_statistic(&format!("{name}_{form}t"), test.map(|test| test.statistic));
            answers.add(
                &format!("{name}_{form}df"),
                test.map(|test| test.degrees_of_freedom),
            );
            answers.add(&format!("{name}_{form}p"), test.map(|test| test.p_value));
        }
    }
    Ok(answers)
}

fn tost(case: &Case) -> Result<Answers, CaseError> {
    let (variants, alpha) = (variants(case)?, case.number("alpha")?);
    let limits = Interval {
        lower: case.number("low")?,
        upper: case.number("high")?,
    };
    let found = equivalence(&variants, limits, alpha);
    let effect = absolute_effect(&variants, Alternative::TwoSided);
    let error = scale(effect.map(|effect| effect.standard_error));
    let mut answers = Answers::default();
    answers.add_statistic("t_low", found.map(|found| found.statistic_lower));
    answers.add("p_low", found.map(|found| found.p_value_lower));
    answers.add_statistic("t_high", found.map(|found| found.statistic_upper));
    answers.add("p_high", found.map(|found| found.p_value_upper));
    answers.add("p", found.map(|found| found.p_value));
    answers.add("df", found.map(|found| found.degrees_of_freedom));
    ends(
        &mut answers,
        "ci_",
        found.map(|found| found.interval),
        error,
    );
    answers.add_exact("equivalent", found.is_ok_and(|found| found.p_value < alpha));
    Ok(answers)
}

/// The relative effect by the delta method, from one of the forms of input that the files have.
fn exact(
    case: &Case,
    read: fn(&Case, &str) -> Result<Estimate, CaseError>,
) -> Result<Answers, CaseError> {
    let variants = Comparison {
        control: read(case, "control")?,
        treatment: read(case, "treatment")?,
    };
    let alpha = 1.0 - case.number("confidence_level")?;
    let effect = relative_delta(&variants, Alternative::TwoSided);
    let error = scale(effect.map(|effect| effect.standard_error));
    let interval = effect.map(|effect| effect.interval(alpha));
    let mut answers = Answers::default();
    answers.add_scaled("diff", effect.map(|effect| effect.estimate), error);
    answers.add("standard_error", effect.map(|effect| effect.standard_error));
    answers.add_statistic("test_stat", effect.map(|effect| effect.statistic));
    answers.add(
        "degrees_of_freedom",
        effect.map(|effect| effect.degrees_of_freedom),
    );
    answers.add("p_value", effect.map(|effect| effect.p_value));
    answers.add_statistic("ln_p_value", effect.map(|effect| effect.ln_p_value));
    ends(&mut answers, "ci_", interval, error);
    let half_width = interval.map(|interval| (interval.upper - interval.lower) / 2.0);
    answers.add_scaled("ci_halfwidth", half_width, error);
    answers.add_reason("reason", effect.err());
    Ok(answers)
}

fn by_deviation(case: &Case, variant: &str) -> Result<Estimate, CaseError> {
    let deviation = case.number(&format!("std_{variant}"))?;
    Ok(Estimate {
        value: case.number(&format!("mean_{variant}"))?,
        unit_variance: deviation * deviation,
        n: case.number(&format!("count_{variant}"))?,
    })
}

fn by_sums(case: &Case, variant: &str) -> Result<Estimate, CaseError> {
    let n = case.number(&format!("count_{variant}"))?;
    let sum = case.number(&format!("sum_{variant}"))?;
    let squares = case.number(&format!("sum_sqr_{variant}"))?;
    let found = epstats_stats::from_sums(n, sum, squares);
    Ok(Estimate {
        value: found.mean.unwrap_or(f64::NAN),
        unit_variance: found.signed_variance.unwrap_or(0.0),
        n,
    })
}

/// Control and treatment from their means, unit variances and numbers of units.
pub(super) fn variants(case: &Case) -> Result<Comparison<Estimate>, CaseError> {
    let read = |variant: &str| {
        Ok(Estimate {
            value: case.number(&format!("mean_{variant}"))?,
            unit_variance: case.number(&format!("var_{variant}"))?,
            n: case.number(&format!("n_{variant}"))?,
        })
    };
    Ok(Comparison {
        control: read("control")?,
        treatment: read("treatment")?,
    })
}

fn better(case: &Case) -> Result<Better, CaseError> {
    match case.text("better")? {
        "higher" => Ok(Better::Higher),
        "lower" => Ok(Better::Lower),
        _ => Err(CaseError::new("better", "`higher` or `lower`")),
    }
}

fn all<T>(test: impl Fn(Alternative) -> T) -> [T; 3] {
    [
        Alternative::TwoSided,
        Alternative::Greater,
        Alternative::Less,
    ]
    .map(test)
}

/// Lower and upper end of an interval.
pub(super) fn ends(
    answers: &mut Answers,
    prefix: &str,
    interval: Result<Interval, Undefined>,
    scale: f64,
) {
    let lower = interval.map(|interval| interval.lower);
    let upper = interval.map(|interval| interval.upper);
    answers.add_scaled(&format!("{prefix}lower"), lower, scale);
    answers.add_scaled(&format!("{prefix}upper"), upper, scale);
}

/// The standard error, where there is one.
pub(super) fn scale(standard_error: Result<f64, Undefined>) -> f64 {
    standard_error.unwrap_or(0.0)
}
