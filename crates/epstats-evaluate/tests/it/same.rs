//! What changes nothing changes nothing, and what is the other way round comes out the other way round.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{Effect, Value, scorecard};
use epstats_experiment::stats::Alternative;
use epstats_experiment::{
    Belief, CapRule, Capped, Caps, CovariateScope, Covariates, Finite, Limit, RelativeMethod,
    Statistics,
};
use proptest::prelude::*;

use crate::support::{
    CLICKS, PER_USER, Units, close, covariates, effect, exact, experiment, row, stratified, units,
};

const BEFORE: &str = "count(user.unit.before)";

/// Number of units, mean and variance of control and treatment.
type Two = [(u64, f64, f64); 2];

fn two() -> impl Strategy<Value = Two> {
    let one = || (2..10_000_u64, 0.5..20.0_f64, 0.01..50.0_f64);
    (one(), one()).prop_map(|(control, treatment)| [control, treatment])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn swapping_the_variants_mirrors_the_logarithm(two in two()) {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        experiment.metrics[0].relative = RelativeMethod::Log;
        let statistics = exact(&experiment, &of_two(&two));
        let one = evaluated(&experiment, &statistics, "b");
        experiment.control = "b".to_owned();
        let other = evaluated(&experiment, &statistics, "a");
        prop_assert_eq!(one.p_value, other.p_value);
        for (one, other) in [
            (one.relative.estimate, other.relative.estimate),
            (one.relative.lower, other.relative.upper),
            (one.relative.upper, other.relative.lower),
        ] {
// (1 + one)(1 + other) = 1, from the larger of the two, which keeps its digits.
            let (larger, smaller) = (one.unwrap().max(other.unwrap()), one.unwrap().min(other.unwrap()));
            close(smaller, -larger / (1.0 + larger), 1e-11, 1.0);
        }
    }

    #[test]
    fn swapping_adjusted_variants_mirrors_the_absolute_effect(
        two in two(),
        slopes in (-2.0..2.0_f64, -2.0..2.0_f64),
        scope in prop::sample::select(vec![CovariateScope::Within, CovariateScope::Total, CovariateScope::PerVariant]),
    ) {
        let mut experiment = with_covariate(scope);
        let variants = [correlated("a", two[0], slopes.0), correlated("b", two[1], slopes.1)];
        let statistics = exact(&experiment, &variants);
        let one = evaluated(&experiment, &statistics, "b");
        experiment.control = "b".to_owned();
        let other = evaluated(&experiment, &statistics, "a");
        let error = one.absolute.unwrap().standard_error.unwrap();
        let size = one.absolute.unwrap().estimate.unwrap().abs() + 20.0 + error;
        mirrored(one.absolute.unwrap().estimate, other.absolute.unwrap().estimate, size);
        mirrored(one.absolute.unwrap().lower, other.absolute.unwrap().upper, size);
        // A difference that is off by an ulp of the means is off by so many standard errors.
        close(one.p_value.unwrap(), other.p_value.unwrap(), 1e-13 * (1.0 + size / error).powi(2), 0.0);
    }

    #[test]
    fn one_stratum_is_none(two in two()) {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        let plain = evaluated(&experiment, &exact(&experiment, &of_two(&two)), "b");
        experiment.post_stratification = Some("country".to_owned());
        let statistics = stratified(&experiment, "country", &[of_two(&two).into()]);
        same(&evaluated(&experiment, &statistics, "b"), &plain);
    }

    /// The relative effect of strata is over what they leave of control, so only differences are the same.
    #[test]
    fn one_stratum_is_none_beside_covariates(
        two in two(),
        slopes in (-2.0..2.0_f64, -2.0..2.0_f64),
        scope in prop::sample::select(vec![CovariateScope::Within, CovariateScope::Total, CovariateScope::PerVariant]),
    ) {
        let mut experiment = with_covariate(scope);
        let variants = || [correlated("a", two[0], slopes.0), correlated("b", two[1], slopes.1)];
        let plain = evaluated(&experiment, &exact(&experiment, &variants()), "b");
        experiment.post_stratification = Some("country".to_owned());
        let statistics = stratified(&experiment, "country", &[variants().into()]);
        let found = evaluated(&experiment, &statistics, "b");
        same_difference(&found, &plain);
    }

    #[test]
    fn a_covariate_that_goes_with_nothing_changes_nothing(
        two in two(),
        scope in prop::sample::select(vec![CovariateScope::Within, CovariateScope::PerVariant]),
    ) {
        let plain = experiment(&[(CLICKS, PER_USER)]);
        let plain = evaluated(&plain, &exact(&plain, &of_two(&two)), "b");
        let experiment = with_covariate(scope);
        let variants = [correlated("a", two[0], 0.0), correlated("b", two[1], 0.0)];
        same(&evaluated(&experiment, &exact(&experiment, &variants), "b"), &plain);
    }

    #[test]
    fn caps_that_are_wide_open_change_nothing(two in two()) {
        let plain = experiment(&[(CLICKS, PER_USER)]);
        let mut capped = plain.clone();
        let far = |value| Some(Limit::Value(Finite::new(value).unwrap()));
        for of in [Capped::Numerator, Capped::Goals] {
            capped.metrics[0].caps = Some(Caps {
                rule: CapRule { lower: far(-1e300), upper: far(1e300) },
                of,
                shows_uncapped: false,
            });
            let of_plain = scorecard(&plain, &exact(&plain, &of_two(&two)));
            let statistics = exact(&capped, &of_two(&two));
            let of_capped = scorecard(&capped, &statistics);
            prop_assert_eq!(of_capped.metrics[0].caps.len(), 1);
            for variant in ["a", "b"] {
                let (capped, plain) = (row(&of_capped, variant), row(&of_plain, variant));
                prop_assert_eq!(capped.capped.len(), 1);
                prop_assert_eq!(&capped.effect, &plain.effect);
                prop_assert_eq!(capped.mean, plain.mean);
                prop_assert_eq!(capped.standard_error, plain.standard_error);
            }
        }
    }

    /// With a billion units Student's t differs from the normal distribution by less than 1e-9; rounding of the means moves the statistic by 1e-9 or so.
    #[test]
    fn without_a_belief_the_chance_to_win_is_one_minus_the_one_sided_p_value(
        step in -6.0..6.0_f64,
        (variance_a, variance_b) in (0.01..50.0_f64, 0.01..50.0_f64),
    ) {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        experiment.metrics[0].alternative = Alternative::Greater;
        experiment.belief = Some(Belief::Flat);
        let n = 1_000_000_000;
        let change = step * ((variance_a + variance_b) / n as f64).sqrt();
        let two = [units("a", n, 1.0, variance_a), units("b", n, 1.0 + change, variance_b)];
        let found = evaluated(&experiment, &exact(&experiment, &two), "b");
        let belief = found.belief.unwrap().posterior.unwrap();
        close(belief.chance_to_win, 1.0 - found.p_value.unwrap(), 1e-8, 1.0);
    }
}

/// The same difference with its test, but for rounding.
#[track_caller]
fn same_difference(found: &Effect, plain: &Effect) {
    let (one, other) = (found.absolute.unwrap(), plain.absolute.unwrap());
    let error = other.standard_error.unwrap();
    let size = 40.0 + error;
    for (one, other, scale) in [
        (one.estimate, other.estimate, size),
        (one.standard_error, other.standard_error, 0.0),
        (one.lower, other.lower, size),
        (one.upper, other.upper, size),
        (found.degrees_of_freedom, plain.degrees_of_freedom, 0.0),
        (found.statistic, plain.statistic, size / error),
    ] {
        close(one.unwrap(), other.unwrap(), 1e-11, scale);
    }
}

/// The same effect, but for rounding.
#[track_caller]
fn same(found: &Effect, plain: &Effect) {
    same_difference(found, plain);
    match (found.relative.lower, plain.relative.lower) {
        (Ok(one), Ok(other)) => close(one, other, 1e-7, 1.0),
        (one, other) => assert_eq!(one, other),
    }
}

#[track_caller]
fn mirrored(one: Value, other: Value, size: f64) {
    close(one.unwrap(), -other.unwrap(), 1e-12, size);
}

fn evaluated(experiment: &Experiment, statistics: &Statistics, variant: &str) -> Effect {
    effect(&scorecard(experiment, statistics), variant)
}

fn of_two(two: &Two) -> [Units<'static>; 2] {
    let [a, b] = *two;
    [units("a", a.0, a.1, a.2), units("b", b.0, b.1, b.2)]
}

fn with_covariate(scope: CovariateScope) -> Experiment {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    experiment.metrics[0].covariates = Some(Covariates {
        scope,
        ..covariates(&[BEFORE])
    });
    experiment
}

/// Units with a covariate of variance 2; the metric is `slope` times that, and noise.
fn correlated(variant: &str, (n, mean, variance): (u64, f64, f64), slope: f64) -> Units<'_> {
    Units {
        variant,
        n,
        means: vec![mean, mean / 3.0],
        covariances: vec![
            vec![variance + 2.0 * slope * slope, 2.0 * slope],
            vec![2.0 * slope, 2.0],
        ],
    }
}
