//! Results that are too good to be true, variants that differed before, and splits that are wrong in a part of the units.

use epstats_evaluate::experiment::{CheckKind, Experiment};
use epstats_evaluate::{Outcome, Scorecard, WarningCode, scorecard};
use epstats_experiment::stats::Undefined;

use crate::support::{
    CLICKS, PER_USER, Units, check, close, covariates, exact, experiment, formula, stratified,
    units,
};

#[test]
fn striking_effects_are_told() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let told = |n: u64, mean: f64| {
        let arms = [units("a", n, 1.0, 1.0), units("b", n, mean, 1.0)];
        let scorecard = scorecard(&experiment, &exact(&experiment, &arms));
        messages(&scorecard, WarningCode::StrikingEffect)
    };
    let large = "`b` differs from control by more than half; effects of this size are mostly mistakes in the data";
    let many = "`b` differs from control by more than ten standard errors with few units; look for a mistake in the data";
    let same =
        "`b` and control have the same value to twelve digits; look whether they are the same data";
    assert_eq!(told(100, 1.6), [large]);
    // Not significant: T = 0.6 √(20/2) = 1.9.
    assert_eq!(told(20, 1.6), [""; 0]);
    assert_eq!(told(40_000, 1.1), [many]);
    assert_eq!(told(60_000, 1.1), [""; 0]);
    assert_eq!(told(40_000, 1.6), [large, many]);
    assert_eq!(told(100, 1.0), [same]);
}

#[test]
fn variants_that_differed_before_the_exposure_are_told_once() {
    let metrics = [(CLICKS, PER_USER), ("count(user.unit.view)", PER_USER)];
    let mut experiment = experiment(&metrics);
    for metric in &mut experiment.metrics {
        metric.covariates = Some(covariates(&["count(user.unit.visit)"]));
    }
    // A covariate with a standard error of 0.1 between two variants of 200 units.
    let arm = |variant, before: f64| Units {
        variant,
        n: 200,
        means: vec![1.0 + before / 100.0, before, 3.0 + before / 90.0],
        covariances: vec![
            vec![1.0, 0.1, 0.1],
            vec![0.1, 1.0, 0.1],
            vec![0.1, 0.1, 1.0],
        ],
    };
    let told = |difference: f64| {
        let arms = [arm("a", 2.0), arm("b", 2.0 + difference), arm("c", 2.1)];
        let scorecard = scorecard(&experiment, &exact(&experiment, &arms));
        let warnings = scorecard.warnings.iter();
        let own = warnings.filter(|warning| warning.code == WarningCode::CovariateImbalance);
        own.map(|warning| {
            let variant = warning.variant.as_deref().map(str::to_owned);
            (warning.metric, variant, warning.message.clone())
        })
        .collect::<Vec<_>>()
    };
    // p = 0.002 of two: not below 0.001.
    assert_eq!(told(0.3), []);
    let expected = "`b` and control differ in `count(user.unit.visit)`, although nothing had happened yet; units were not split by chance, or the treatment changes it";
    assert_eq!(
        told(0.4),
        [(Some(0), Some("b".to_owned()), expected.to_owned())]
    );
}

/// p = 0.0001 of one of two parts, where Holm's correction doubles it.
#[test]
fn a_split_is_tested_in_every_part_of_the_units() {
    let mut experiment = experiment(&[]);
    experiment.checks = vec![check(CheckKind::SampleRatioMismatch {
        counts: formula("count(user.global.exposure)"),
        by: vec!["country".to_owned()],
        sequential: false,
    })];
    let counts = |a: u64, b: u64| {
        let arm = |(variant, n)| Units {
            variant,
            n,
            means: Vec::new(),
            covariances: Vec::new(),
        };
        [("a", a), ("b", b)].map(arm).into()
    };
    let evaluated = |strata: &[Vec<Units<'_>>]| {
        let statistics = stratified(&experiment, "country", strata);
        scorecard(&experiment, &statistics).checks.remove(0)
    };
    let sound = evaluated(&[counts(5_000, 5_010), counts(2, 1)]);
    assert_eq!(sound.outcome, Outcome::Passed);
    assert_eq!(sound.parts.len(), 2);
    assert_eq!(sound.parts[1].p_value, Err(Undefined::TooFewUnits));
    assert_eq!(
        sound.parts[1].outcome,
        Outcome::NotEvaluated(Undefined::TooFewUnits)
    );
    // Together they are split evenly, and each by itself is not: X = 400²/10,000 = 16, and its tail with one degree of freedom is 6.334e-5.
    let wrong = evaluated(&[counts(5_200, 4_800), counts(4_800, 5_200)]);
    assert_eq!(wrong.outcome, Outcome::Failed);
    for part in &wrong.parts {
        close(part.p_value.unwrap(), 6.334_248_366_623_977e-5, 1e-10, 0.0);
        close(
            part.p_value_adjusted.unwrap(),
            2.0 * 6.334_248_366_623_977e-5,
            1e-10,
            0.0,
        );
        assert_eq!(part.outcome, Outcome::Failed);
    }
    assert_eq!(wrong.parts[0].n_units, [5_200.0, 4_800.0]);
}

#[test]
fn a_dimension_that_the_source_does_not_tell_has_no_parts() {
    let experiment = Experiment {
        checks: vec![check(CheckKind::SampleRatioMismatch {
            counts: formula("count(user.global.exposure)"),
            by: vec!["country".to_owned()],
            sequential: true,
        })],
        ..experiment(&[])
    };
    let arms = [units("a", 100, 0.0, 0.0), units("b", 101, 0.0, 0.0)];
    let check = scorecard(&experiment, &exact(&experiment, &arms))
        .checks
        .remove(0);
    assert_eq!(check.outcome, Outcome::Passed);
    assert!(check.parts.is_empty());
}

fn messages(scorecard: &Scorecard, code: WarningCode) -> Vec<String> {
    let warnings = scorecard.warnings.iter();
    let own = warnings.filter(|warning| warning.code == code);
    own.map(|warning| warning.message.clone()).collect()
}
