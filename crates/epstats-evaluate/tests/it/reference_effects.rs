//! One-sided tests, methods of the relative effect, margins and beliefs in scorecards, against `tests/reference`.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{Effect, MarginOutcome, MarginResult, scorecard};
use epstats_experiment::stats::{Alternative, Better, EffectScale, NormalBelief, ScaledBelief};
use epstats_experiment::{Belief, Margin, MarginScale, MarginSize, RelativeMethod};
use epstats_testkit::Case;

use crate::support::{Units, each_case, effect, exact, expected, near, two_means};

#[test]
fn one_sided_tests_have_one_limit() {
    each_case("effects", "absolute", |case| {
        let error = expected(case, "se").unwrap();
        for (alternative, p_value, bound) in [
            (Alternative::Greater, "p_greater", "lower_bound_one_sided"),
            (Alternative::Less, "p_less", "upper_bound_one_sided"),
        ] {
            let (mut experiment, variants) = two_means(case);
            experiment.metrics[0].alternative = alternative;
            let found = evaluated(&experiment, &variants);
            let absolute = found.absolute.unwrap();
            let (closed, open) = match alternative {
                Alternative::Greater => (absolute.lower, absolute.upper),
                _ => (absolute.upper, absolute.lower),
            };
            near(found.p_value, &expected(case, p_value), 0.0);
            near(closed, &expected(case, bound), error);
            assert!(open.unwrap().is_infinite());
        }
    });
}

#[test]
fn relative_effects_have_limits_by_the_delta_method_where_asked() {
    each_case("effects", "relative_delta", |case| {
        let (mut experiment, variants) = two_means(case);
        experiment.metrics[0].relative = RelativeMethod::Delta;
        let error = expected(case, "se").unwrap();
        let relative = evaluated(&experiment, &variants).relative;
        near(relative.estimate, &expected(case, "lift"), error);
        near(relative.lower, &expected(case, "ci_lower"), error);
        near(relative.upper, &expected(case, "ci_upper"), error);
        experiment.metrics[0].alternative = Alternative::Greater;
        let relative = evaluated(&experiment, &variants).relative;
        let bound = expected(case, "lower_bound_one_sided");
        near(relative.lower, &bound, error);
        experiment.metrics[0].alternative = Alternative::Less;
        let relative = evaluated(&experiment, &variants).relative;
        let bound = expected(case, "upper_bound_one_sided");
        near(relative.upper, &bound, error);
    });
}

#[test]
fn relative_effects_have_limits_by_logarithms_where_asked() {
    each_case("effects", "relative_log", |case| {
        let (mut experiment, variants) = two_means(case);
        experiment.metrics[0].relative = RelativeMethod::Log;
        let error = expected(case, "se").unwrap();
        let relative = evaluated(&experiment, &variants).relative;
        near(relative.estimate, &expected(case, "lift"), error);
        near(relative.lower, &expected(case, "lift_lower"), error);
        near(relative.upper, &expected(case, "lift_upper"), error);
    });
}

#[test]
fn margins_in_the_unit_of_the_metric_are_tested() {
    each_case("effects", "margin_absolute", |case| {
        let size = size(case, MarginScale::Absolute);
        let found = against(case, Margin::NonInferiority(size));
        near(found.p_value, &expected(case, "noninferiority_p"), 0.0);
        let bound = match better(case) {
            Better::Higher => found.lower,
            Better::Lower => found.upper,
        };
        let (mut experiment, variants) = two_means(case);
        experiment.metrics[0].margin = None;
        let absolute = evaluated(&experiment, &variants).absolute.unwrap();
        let error = absolute.standard_error.unwrap();
        near(bound, &expected(case, "noninferiority_bound"), error);
        let found = against(case, Margin::Superiority(size));
        near(found.p_value, &expected(case, "superiority_p"), 0.0);
    });
}

#[test]
fn margins_as_shares_of_control_are_tested() {
    each_case("effects", "margin_relative", |case| {
        let size = size(case, MarginScale::Relative);
        let found = against(case, Margin::NonInferiority(size));
        near(found.p_value, &expected(case, "noninferiority_p"), 0.0);
        let found = against(case, Margin::Superiority(size));
        near(found.p_value, &expected(case, "superiority_p"), 0.0);
    });
}

#[test]
fn equivalence_is_tested_from_both_sides() {
    each_case("effects", "tost_absolute", |case| {
        let found = against(
            case,
            Margin::Equivalence {
                lower: case.number("low").unwrap(),
                upper: case.number("high").unwrap(),
                scale: MarginScale::Absolute,
            },
        );
        near(found.p_value, &expected(case, "p"), 0.0);
        let width = expected(case, "ci_upper").unwrap() - expected(case, "ci_lower").unwrap();
        near(found.lower, &expected(case, "ci_lower"), width);
        near(found.upper, &expected(case, "ci_upper"), width);
        let holds = found.outcome == Ok(MarginOutcome::Holds);
        assert_eq!(Some(holds), case.expected["equivalent"].as_bool());
    });
}

/// The scorecard tells effects on the scale of the prior, so cases that mix the two do not apply.
#[test]
fn beliefs_follow_from_prior_and_data() {
    let mut told = 0;
    each_case("bayes", "effect", |case| {
        let belief = match (
            case.text("difference").unwrap(),
            case.text("prior").unwrap(),
        ) {
            ("absolute", "flat") => Belief::Flat,
            ("absolute", "absolute") => normal(case, EffectScale::Absolute),
            ("relative", "relative") => normal(case, EffectScale::Relative),
            _ => return,
        };
        told += 1;
        let (mut experiment, variants) = two_means(case);
        experiment.belief = Some(belief);
        let belief = evaluated(&experiment, &variants).belief.unwrap();
        let found = belief.posterior.unwrap();
        let error = expected(case, "posterior_sd").unwrap();
        for (value, name, scale) in [
            (found.mean, "posterior_mean", error),
            (found.standard_deviation, "posterior_sd", 0.0),
            (found.lower, "ci_lower", error),
            (found.upper, "ci_upper", error),
            (found.chance_to_win, "chance_to_win", 0.0),
            (
                found.expected_loss_of_treatment,
                "expected_loss_treatment",
                0.0,
            ),
            (found.expected_loss_of_control, "expected_loss_control", 0.0),
        ] {
            near(Ok(value), &expected(case, name), scale);
        }
    });
    assert!(told >= 4, "{told} cases");
}

fn normal(case: &Case, scale: EffectScale) -> Belief {
    Belief::Normal(ScaledBelief {
        belief: NormalBelief {
            mean: case.number("prior_mean").unwrap(),
            standard_deviation: case.number("prior_sd").unwrap(),
        },
        scale,
    })
}

/// The two means of a case against a margin.
fn against(case: &Case, margin: Margin) -> MarginResult {
    let (mut experiment, variants) = two_means(case);
    experiment.metrics[0].margin = Some(margin);
    if case.text("better").is_ok() {
        experiment.metrics[0].better = better(case);
    }
    evaluated(&experiment, &variants).margin.unwrap()
}

fn size(case: &Case, scale: MarginScale) -> MarginSize {
    MarginSize {
        size: case.number("margin").unwrap(),
        scale,
    }
}

fn better(case: &Case) -> Better {
    match case.text("better").unwrap() {
        "higher" => Better::Higher,
        _ => Better::Lower,
    }
}

fn evaluated(experiment: &Experiment, variants: &[Units<'_>]) -> Effect {
    effect(&scorecard(experiment, &exact(experiment, variants)), "b")
}
