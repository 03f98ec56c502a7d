//! What holds for any statistics.

use epstats_evaluate::experiment::{Experiment, Inference};
use epstats_evaluate::{Value, scorecard};
use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{GoalSums, MarginalSums, Statistics, Sums};
use proptest::prelude::*;

use crate::numbers::{any_number, check_numbers};
use crate::support::{
    CLICKS, PER_USER, check, close, effect, exact, experiment, exposures_check, formula, units,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_finite_statistics_give_nan(
        (experiment, statistics) in any_statistics(),
    ) {
        for inference in [Inference::Standard, Inference::EpStats] {
            let experiment = Experiment { inference, ..experiment.clone() };
            check_numbers(&scorecard(&experiment, &statistics));
        }
    }

    #[test]
    fn swapping_the_variants_mirrors_the_absolute_effect(
        (n_a, n_b) in (2..100_000_u64, 2..100_000_u64),
        (mean_a, mean_b) in (-1e3..1e3, -1e3..1e3),
        (variance_a, variance_b) in (1e-6..1e6, 1e-6..1e6),
    ) {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        let variants = [units("a", n_a, mean_a, variance_a), units("b", n_b, mean_b, variance_b)];
        let statistics = exact(&experiment, &variants);
        let one = effect(&scorecard(&experiment, &statistics), "b");
        experiment.control = "b".to_owned();
        let other = effect(&scorecard(&experiment, &statistics), "a");
        prop_assert_eq!(one.p_value, other.p_value);
        prop_assert_eq!(one.significant, other.significant);
        let (one, other) = (one.absolute.unwrap(), other.absolute.unwrap());
        let mirrored = |value: Value| value.map(|value| -value);
        prop_assert_eq!(one.estimate, mirrored(other.estimate));
        prop_assert_eq!(one.lower, mirrored(other.upper));
    }

    #[test]
    fn the_unit_of_a_metric_changes_no_relative_effect(
        scale in 1e-6..1e6_f64,
        mean_b in 1.0..2.0_f64,
        variance in 0.1..10.0_f64,
    ) {
        let experiment = experiment(&[(CLICKS, PER_USER)]);
        let evaluated = |scale: f64| {
            let variants = [
                units("a", 1_000, 1.5 * scale, variance * scale * scale),
                units("b", 1_200, mean_b * scale, variance * scale * scale),
            ];
            effect(&scorecard(&experiment, &exact(&experiment, &variants)), "b")
        };
        let (one, other) = (evaluated(1.0), evaluated(scale));
        close(other.p_value.unwrap(), one.p_value.unwrap(), 1e-9, 0.0);
        close(other.relative.lower.unwrap(), one.relative.lower.unwrap(), 1e-9, 0.1);
        close(other.relative.upper.unwrap(), one.relative.upper.unwrap(), 1e-9, 0.1);
    }

    #[test]
    fn a_ratio_with_a_constant_denominator_is_a_mean(
        (mean, variance) in (0.1..10.0_f64, 0.1..10.0_f64),
        per_unit in 0.5..5.0_f64,
    ) {
        let ratio = experiment(&[(CLICKS, "count(user.unit.view)")]);
        let arm = |variant, mean: f64| crate::support::Units {
            variant,
            n: 500,
            means: vec![mean * per_unit, per_unit],
            covariances: vec![vec![variance * per_unit * per_unit, 0.0], vec![0.0, 0.0]],
        };
        let ratio = scorecard(&ratio, &exact(&ratio, &[arm("a", mean), arm("b", mean * 1.1)]));
        let plain = experiment(&[(CLICKS, PER_USER)]);
        let variants = [units("a", 500, mean, variance), units("b", 500, mean * 1.1, variance)];
        let plain = scorecard(&plain, &exact(&plain, &variants));
        let (ratio, plain) = (effect(&ratio, "b"), effect(&plain, "b"));
        close(ratio.p_value.unwrap(), plain.p_value.unwrap(), 1e-9, 0.0);
    }
}

fn any_experiment() -> Experiment {
    let [a, b] = [CLICKS, "value(user.unit.purchase)"];
    let mut experiment = experiment(&[
        (a, PER_USER),
        (a, b),
        (&format!("{a} - {b}"), PER_USER),
        (&format!("{a} * {b} / ({b} - 3)"), &format!("{a} + 1")),
    ]);
    for metric in &mut experiment.metrics {
        metric.minimum_effect = Some(0.05);
    }
    experiment.null_hypothesis_rate = Probability::new(0.7);
    experiment.checks = vec![
        exposures_check(),
        check(epstats_evaluate::experiment::CheckKind::SumRatio {
            numerator: formula(a),
            denominator: formula(b),
            max_sum_ratio: 0.01,
        }),
    ];
    experiment
}

fn any_statistics() -> impl Strategy<Value = (Experiment, Statistics)> {
    let level = prop_oneof![
        Just(0.95),
        Just(0.5),
        Just(0.999_999),
        Just(1e-9),
        Just(1.0 - 1e-12)
    ];
    let n = prop_oneof![0..4_u64, 2..1_000_000_u64, Just(u64::MAX)];
    let arm = (n, prop::collection::vec(any_number(), 5));
    let arms = prop::collection::vec(arm, 0..4);
    (level, arms, any::<bool>()).prop_map(|(level, arms, is_exact)| {
        let mut experiment = any_experiment();
        experiment.confidence_level = ConfidenceLevel::new(level).unwrap();
        let names = ["a", "b", "c", "d"];
        let statistics = if is_exact {
            let variants: Vec<_> = names
                .iter()
                .zip(&arms)
                .map(|(variant, (n, numbers))| crate::support::Units {
                    variant,
                    n: *n,
                    means: numbers[..2].to_vec(),
                    covariances: vec![
                        vec![numbers[2].abs(), numbers[3]],
                        vec![numbers[3], numbers[4].abs()],
                    ],
                })
                .collect();
            exact(&experiment, &variants)
        } else {
            let mut statistics = exact(&experiment, &[]);
            let variants = names.iter().zip(&arms).map(|(variant, (n, numbers))| {
                let own = [
                    (*n as f64, *n as f64),
                    (numbers[0], numbers[1]),
                    (numbers[2], numbers[3]),
                ];
                let goals = statistics.goals.iter().map(|goal| {
                    let place = match &*goal.name {
                        "exposure" => 0,
                        "click" => 1,
                        _ => 2,
                    };
                    let (sum, sum_of_squares) = own[place];
                    GoalSums {
                        sum,
                        sum_of_squares,
                    }
                });
                (
                    (*variant).to_owned(),
                    MarginalSums {
                        goals: goals.collect(),
                    },
                )
            });
            statistics.sums = Sums::Marginal {
                variants: variants.collect(),
            };
            statistics
        };
        (experiment, statistics)
    })
}
