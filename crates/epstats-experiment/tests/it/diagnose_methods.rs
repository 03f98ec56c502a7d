//! Rules of caps, covariates, quantiles, margins, beliefs and profiles, without any document.

use epstats_experiment::stats::{
    Alternative, Better, Correction, EffectEstimate, EffectScale, NormalBelief, Probability,
    ScaledBelief,
};
use epstats_experiment::{
    Belief, CapRule, Capped, Caps, CheckKind, CovariateScope, CovariateSource, Covariates,
    Experiment, Finite, Inference, Limit, Margin, MarginScale, MarginSize, Metric, RelativeMethod,
    Role,
};

use crate::diagnose::{check, check_of, formula, metric};

/// The codes of the one metric of the sound experiment after a change, as `field: code`.
fn check_metric(change: impl FnOnce(&mut Metric), expected: &[&str]) {
    let expected: Vec<String> = expected
        .iter()
        .map(|problem| format!("metrics[0].{problem}"))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(|experiment| change(&mut experiment.metrics[0]), &expected);
}

fn caps(lower: Option<Limit>, upper: Option<Limit>, of: Capped) -> Option<Caps> {
    Some(Caps {
        rule: CapRule { lower, upper },
        of,
        shows_uncapped: false,
    })
}

fn number(number: f64) -> Option<Limit> {
    Finite::new(number).map(Limit::Value)
}

fn percent(percent: f64) -> Option<Limit> {
    Finite::new(percent).map(Limit::Percent)
}

#[test]
fn a_lower_cap_lies_below_an_upper_one() {
    let numerator = Capped::Numerator;
    for (lower, upper, expected) in [
        (number(-1.0), number(0.0), &[][..]),
        (number(0.0), number(0.0), &["caps: limits-out-of-order"]),
        (number(1.0), number(0.0), &["caps: limits-out-of-order"]),
        // Which of these is the larger one depends on the data.
        (number(1.0), percent(1.0), &[]),
        (percent(49.0), percent(49.0), &[]),
        (percent(50.0), None, &["caps: out-of-range"]),
        (None, percent(-1.0), &["caps: out-of-range"]),
        (None, None, &[]),
    ] {
        check_metric(
            |metric| metric.caps = caps(lower, upper, numerator),
            expected,
        );
    }
}

#[test]
fn a_capped_numerator_divides_by_numbers_only() {
    for (numerator, is_quotient) in [
        ("value(user.unit.a) / 100", false),
        ("value(user.unit.a) * count(user.unit.b)", false),
        ("1 / count(user.unit.b)", true),
        (
            "(value(user.unit.a) / (2 + count(user.unit.b))) * 3 + 1",
            true,
        ),
    ] {
        let change = |of| {
            move |changed: &mut Metric| {
                *changed = metric("1", numerator);
                changed.caps = caps(None, number(5.0), of);
            }
        };
        let expected: &[&str] = if is_quotient {
            &["caps: capped-quotient"]
        } else {
            &[]
        };
        check_metric(change(Capped::Numerator), expected);
        check_metric(change(Capped::Goals), &[]);
    }
}

fn covariates(formulas: &[&str], lookback_days: Option<u32>) -> Option<Covariates> {
    Some(Covariates {
        of: CovariateSource::Formulas(formulas.iter().map(|text| formula(text)).collect()),
        lookback_days,
        scope: CovariateScope::PerVariant,
        marks_missing: true,
    })
}

#[test]
fn covariates_are_few_and_have_goals() {
    let visit = "count(user.unit.visit)";
    for (formulas, expected) in [
        (vec![visit; 20], &[][..]),
        (vec![visit; 21], &["covariate: out-of-range"]),
        (vec![], &["covariate: empty-value"]),
        (vec!["5"], &["covariate[0]: formula-without-goal"]),
        (vec![visit, "5"], &["covariate[1]: formula-without-goal"]),
    ] {
        check_metric(
            |metric| metric.covariates = covariates(&formulas, None),
            expected,
        );
    }
}

#[test]
fn days_of_looking_back_are_bounded() {
    for (days, expected) in [
        (0, &["lookback: out-of-range"][..]),
        (1, &[]),
        (3_650, &[]),
        (3_651, &["lookback: out-of-range"]),
    ] {
        let visits = &["count(user.unit.visit)"];
        check_metric(
            |metric| metric.covariates = covariates(visits, Some(days)),
            expected,
        );
    }
}

#[test]
fn a_covariate_after_the_exposure_is_no_part_of_its_metric() {
    let of_itself = &["2 * count(user.unit.click)"];
    check_metric(
        |metric| metric.covariates = covariates(of_itself, None),
        &["covariate[0]: covariate-of-itself"],
    );
    check_metric(
        |metric| metric.covariates = covariates(of_itself, Some(7)),
        &[],
    );
}

#[test]
fn a_quantile_is_one_of_values_and_has_nothing_beside_it() {
    let quantile = |numerator: &str, level: f64| {
        let mut quantile = metric("1", numerator);
        quantile.quantile = Probability::new(level);
        quantile.ratio.denominator = formula("1");
        quantile
    };
    let latency = "value(user.unit.latency)";
    check_metric(|metric| *metric = quantile(latency, 0.95), &[]);
    for level in [0.0, 1.0] {
        check_metric(
            |metric| *metric = quantile(latency, level),
            &["nominator: quantile-level-out-of-range"],
        );
    }
    check_metric(
        |metric| *metric = quantile("value(user.unit.latency) * 2", 0.5),
        &["nominator: quantile-without-values"],
    );
    check_metric(
        |metric| {
            *metric = quantile("count(user.unit.click)", 0.5);
            metric.ratio.denominator = formula("2");
            metric.caps = caps(None, number(1.0), Capped::Goals);
            metric.covariates = covariates(&[], None);
        },
        &[
            "nominator: quantile-without-values",
            "denominator: not-for-quantiles",
            "caps: not-for-quantiles",
            "covariate: not-for-quantiles",
        ],
    );
}

#[test]
fn a_guardrail_has_a_limit() {
    let margin = |margin| {
        move |metric: &mut Metric| {
            metric.role = Role::Guardrail;
            metric.margin = margin;
        }
    };
    let size = MarginSize {
        size: 0.02,
        scale: MarginScale::Relative,
    };
    check_metric(margin(Some(Margin::NonInferiority(size))), &[]);
    for other in [None, Some(Margin::Superiority(size))] {
        check_metric(margin(other), &["role: guardrail-without-margin"]);
    }
}

#[test]
fn margins_lie_in_their_range() {
    let (relative, absolute) = (MarginScale::Relative, MarginScale::Absolute);
    for (size, scale, is_sound) in [
        (0.02, relative, true),
        (0.0, relative, false),
        (1.0, relative, false),
        (-0.02, relative, false),
        (f64::NAN, relative, false),
        (5.0, absolute, true),
        (0.0, absolute, false),
        (f64::INFINITY, absolute, false),
        (f64::NAN, absolute, false),
    ] {
        let size = MarginSize { size, scale };
        let word = if scale == relative {
            "relative"
        } else {
            "absolute"
        };
        for (name, margin) in [
            ("non_inferiority", Margin::NonInferiority(size)),
            ("superiority", Margin::Superiority(size)),
        ] {
            let problem = format!("{name}.{word}: out-of-range");
            let expected: &[&str] = if is_sound { &[] } else { &[&problem] };
            check_metric(|metric| metric.margin = Some(margin), expected);
        }
    }
}

#[test]
fn limits_of_equivalence_are_in_order_and_in_their_range() {
    let (relative, absolute) = (MarginScale::Relative, MarginScale::Absolute);
    for (lower, upper, scale, expected) in [
        (-0.02, 0.02, relative, &[][..]),
        (0.1, 0.2, relative, &[]),
        (-5.0, 5.0, absolute, &[]),
        (
            -1.0,
            0.02,
            relative,
            &["equivalence.relative[0]: out-of-range"],
        ),
        (
            -0.5,
            f64::INFINITY,
            relative,
            &["equivalence.relative[1]: out-of-range"],
        ),
        (
            f64::NAN,
            0.0,
            absolute,
            &["equivalence.absolute[0]: out-of-range"],
        ),
        (
            0.0,
            0.0,
            absolute,
            &["equivalence.absolute: limits-out-of-order"],
        ),
        (
            0.02,
            -0.02,
            relative,
            &["equivalence.relative: limits-out-of-order"],
        ),
    ] {
        let margin = Margin::Equivalence {
            lower,
            upper,
            scale,
        };
        check_metric(|metric| metric.margin = Some(margin), expected);
    }
}

#[test]
fn beliefs_are_spread_and_finite() {
    let normal = |mean, standard_deviation| {
        let belief = NormalBelief {
            mean,
            standard_deviation,
        };
        let scale = EffectScale::Relative;
        Belief::Normal(ScaledBelief { belief, scale })
    };
    let effect = |value, standard_error| EffectEstimate {
        value,
        standard_error,
    };
    for (belief, expected) in [
        (Belief::Flat, &[][..]),
        (normal(0.0, 0.1), &[]),
        (
            normal(f64::NAN, 0.0),
            &[
                "bayes.prior.mean: out-of-range",
                "bayes.prior.standard_deviation: out-of-range",
            ],
        ),
        (Belief::Past(vec![effect(0.1, 0.1); 2]), &[]),
        (
            Belief::Past(vec![effect(0.1, 0.1)]),
            &["bayes.past: out-of-range"],
        ),
        (
            Belief::Past(vec![effect(0.1, 0.1), effect(f64::INFINITY, -0.1)]),
            &[
                "bayes.past[1].effect: out-of-range",
                "bayes.past[1].standard_error: out-of-range",
            ],
        ),
    ] {
        check(|experiment| experiment.belief = Some(belief), expected);
    }
}

#[test]
fn dimensions_are_named_and_listed_once() {
    let by = |dimensions: &[&str]| CheckKind::SampleRatioMismatch {
        counts: formula("count(user.global.exposure)"),
        by: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        sequential: true,
    };
    check(
        |experiment| {
            experiment.post_stratification = Some(String::new());
            experiment.checks = vec![check_of("1", by(&["country", "", "country"]))];
        },
        &[
            "checks[0].by[1]: empty-value",
            "checks[0].by[2]: duplicate-field",
            "post_stratification: empty-value",
        ],
    );
}

#[test]
fn ep_stats_has_caps_and_none_of_the_other_methods() {
    check(
        |experiment| {
            experiment.inference = Inference::EpStats;
            experiment.metrics[0].caps = caps(None, percent(1.0), Capped::Numerator);
        },
        &[],
    );
    check(
        with_every_method,
        &[
            "correction: not-in-profile",
            "post_stratification: not-in-profile",
            "bayes: not-in-profile",
            "metrics[0].covariate: not-in-profile",
            "metrics[0].role: not-in-profile",
            "metrics[0].better: not-in-profile",
            "metrics[0].alternative: not-in-profile",
            "metrics[0].relative_interval: not-in-profile",
            "metrics[0].superiority: not-in-profile",
            "metrics[1].nominator: not-in-profile",
            "checks[0].by: not-in-profile",
            "checks[0].sequential: not-in-profile",
        ],
    );
}

fn with_every_method(experiment: &mut Experiment) {
    experiment.inference = Inference::EpStats;
    experiment.correction.method = Correction::Bonferroni;
    experiment.post_stratification = Some("country".to_owned());
    experiment.belief = Some(Belief::Flat);
    let first = &mut experiment.metrics[0];
    first.covariates = covariates(&["count(user.unit.visit)"], None);
    first.role = Role::Secondary;
    first.better = Better::Lower;
    first.alternative = Alternative::Greater;
    first.relative = RelativeMethod::Log;
    first.margin = Some(Margin::Superiority(MarginSize {
        size: 1.0,
        scale: MarginScale::Absolute,
    }));
    let mut quantile = metric("2", "value(user.unit.latency)");
    quantile.quantile = Probability::new(0.5);
    quantile.ratio.denominator = formula("1");
    experiment.metrics.push(quantile);
    let split = CheckKind::SampleRatioMismatch {
        counts: formula("count(user.global.exposure)"),
        by: vec!["country".to_owned()],
        sequential: true,
    };
    experiment.checks = vec![check_of("1", split)];
}
