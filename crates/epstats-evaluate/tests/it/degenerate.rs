//! Data that cannot answer: every number says why.

use epstats_evaluate::experiment::{Experiment, Inference};
use epstats_evaluate::{Outcome, scorecard};
use epstats_experiment::stats::Undefined;

use crate::support::{
    CLICKS, PER_USER, Units, codes, effect, exact, experiment, exposures_check, row, units,
};

#[test]
fn an_experiment_without_anything_has_a_scorecard_without_anything() {
    let experiment = experiment(&[]);
    let scorecard = scorecard(&experiment, &exact(&experiment, &[]));
    assert!(scorecard.metrics.is_empty() && scorecard.checks.is_empty());
    assert_eq!(scorecard.variants.len(), 1);
    assert_eq!(scorecard.variants[0].share, Err(Undefined::NoUnits));
    assert_eq!(codes(&scorecard), ["variant-without-data"]);
}

#[test]
fn a_variant_without_data_is_listed_and_undefined() {
    for inference in [Inference::Standard, Inference::EpStats] {
        let experiment = Experiment {
            variants: Some(vec!["b".to_owned(), "c".to_owned()]),
            inference,
            ..experiment(&[(CLICKS, PER_USER)])
        };
        let variants = [units("a", 100, 1.0, 2.0), units("c", 100, 1.1, 2.0)];
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        let names: Vec<&str> = scorecard
            .variants
            .iter()
            .map(|variant| &*variant.name)
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(row(&scorecard, "b").n_units, 0.0);
        assert_eq!(row(&scorecard, "b").mean, Err(Undefined::NoUnits));
        assert_eq!(effect(&scorecard, "b").p_value, Err(Undefined::NoUnits));
        assert_eq!(effect(&scorecard, "b").significant, None);
        assert!(effect(&scorecard, "c").p_value.is_ok());
        assert!(codes(&scorecard).contains(&"variant-without-data"));
    }
}

#[test]
fn one_unit_has_a_mean_and_no_variance() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 100, 1.0, 2.0), units("b", 1, 3.0, 0.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let row = row(&scorecard, "b");
    assert_eq!(row.mean, Ok(3.0));
    assert_eq!(row.standard_deviation, Err(Undefined::TooFewUnits));
    let effect = effect(&scorecard, "b");
    assert_eq!(effect.absolute.unwrap().estimate, Ok(2.0));
    assert_eq!(effect.relative.estimate, Ok(2.0));
    assert_eq!(effect.relative.lower, Err(Undefined::TooFewUnits));
    assert_eq!(effect.p_value_adjusted, Err(Undefined::TooFewUnits));
}

#[test]
fn two_units_are_enough() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 2, 1.0, 2.0), units("b", 2, 3.0, 2.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(effect(&scorecard, "b").degrees_of_freedom, Ok(2.0));
    assert!(effect(&scorecard, "b").p_value.is_ok());
}

#[test]
fn without_variance_there_is_an_effect_and_no_test() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 100, 1.0, 0.0), units("b", 100, 1.0, 0.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let effect = effect(&scorecard, "b");
    assert_eq!(effect.relative.estimate, Ok(0.0));
    assert_eq!(effect.p_value, Err(Undefined::ZeroVariance));
    assert_eq!(effect.significant, None);
}

#[test]
fn a_control_of_zero_has_absolute_effects_only() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 100, 0.0, 0.0), units("b", 100, 0.5, 1.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let effect = effect(&scorecard, "b");
    assert_eq!(effect.relative.estimate, Err(Undefined::ControlMeanZero));
    assert_eq!(effect.relative.lower, Err(Undefined::ControlMeanZero));
    assert!(effect.absolute.unwrap().lower.unwrap() > 0.0);
    assert!(effect.significant.unwrap());
}

#[test]
fn an_effect_is_positive_where_the_treatment_is_larger_also_below_zero() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 1000, -4.0, 1.0), units("b", 1000, -3.0, 1.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let relative = effect(&scorecard, "b").relative;
    assert_eq!(relative.estimate, Ok(0.25));
    assert!(relative.lower.unwrap() > 0.0);
}

#[test]
fn a_denominator_of_zero_is_named() {
    for (numerator, denominator) in [
        (CLICKS, "count(user.unit.view)"),
        ("count(user.unit.click) / count(user.unit.view)", PER_USER),
        (
            "count(user.unit.click) / (count(user.unit.click) / count(user.unit.view))",
            PER_USER,
        ),
    ] {
        let experiment = experiment(&[(numerator, denominator)]);
        let arm = |variant| Units {
            variant,
            n: 100,
            means: vec![1.0, 0.0],
            covariances: vec![vec![1.0, 0.0], vec![0.0, 0.0]],
        };
        let scorecard = scorecard(&experiment, &exact(&experiment, &[arm("a"), arm("b")]));
        assert_eq!(
            row(&scorecard, "b").mean,
            Err(Undefined::DenominatorZero),
            "{numerator}"
        );
        assert_eq!(
            effect(&scorecard, "b").p_value,
            Err(Undefined::DenominatorZero)
        );
    }
}

#[test]
fn statistics_without_the_goals_of_a_metric_leave_it_undefined() {
    let asked = experiment(&[(CLICKS, PER_USER)]);
    let other = experiment(&[("count(user.unit.view)", PER_USER)]);
    let statistics = exact(
        &other,
        &[units("a", 10, 1.0, 1.0), units("b", 10, 1.0, 1.0)],
    );
    for inference in [Inference::Standard, Inference::EpStats] {
        let asked = Experiment {
            inference,
            ..asked.clone()
        };
        let scorecard = scorecard(&asked, &statistics);
        assert_eq!(row(&scorecard, "b").mean, Err(Undefined::InvalidInput));
    }
}

#[test]
fn a_check_without_units_is_not_evaluated() {
    let experiment = Experiment {
        checks: vec![exposures_check()],
        ..experiment(&[])
    };
    let scorecard = scorecard(&experiment, &exact(&experiment, &[]));
    assert_eq!(
        scorecard.checks[0].outcome,
        Outcome::NotEvaluated(Undefined::NoUnits)
    );
}
