//! Intervals and tests say the same, whatever the correction, the family and the side.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{Effect, MarginOutcome, Value, scorecard};
use epstats_experiment::stats::{Alternative, Better, Correction};
use epstats_experiment::{Family, Margin, MarginScale, MarginSize, Role};
use proptest::prelude::*;

use crate::support::{CLICKS, PER_USER, Units, effect, exact, experiment, level, rule, units};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn no_effect_is_outside_the_interval_exactly_where_the_adjusted_p_value_is_small(
        correction in prop::sample::select(&Correction::ALL[..]),
        family in prop::sample::select(vec![Family::Variants, Family::Metrics, Family::Both]),
        alternatives in prop::collection::vec(any_alternative(), 3),
        guards in prop::collection::vec(any::<bool>(), 3),
        alpha in prop_oneof![Just(0.05), 0.001..0.4_f64],
        steps in prop::collection::vec(prop_oneof![-5.0..5.0_f64, -1.0..1.0_f64], 9),
        constant in prop::collection::vec(prop::bool::weighted(0.1), 9),
        control_varies: bool,
        control in prop_oneof![4 => 1.0..5.0_f64, 1 => -5.0..-1.0_f64, 1 => -0.1..0.1_f64],
    ) {
        let experiment = of_three_metrics(&alternatives, &guards, alpha);
        let experiment = Experiment { correction: rule(correction, family), ..experiment };
        let n = 1_000;
        let mut variants = vec![three("a", n, [control; 3], [if control_varies { 0.4 } else { 0.0 }; 3])];
        for (treatment, name) in ["b", "c", "d"].into_iter().enumerate() {
            let own = |metric: usize| 3 * treatment + metric;
            let mean = |metric| control + steps[own(metric)] / (n as f64).sqrt();
            let variance = |metric| if constant[own(metric)] { 0.0 } else { 1.0 };
            variants.push(three(name, n, [0, 1, 2].map(mean), [0, 1, 2].map(variance)));
        }
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        for row in scorecard.metrics.iter().flat_map(|metric| &metric.variants) {
            if let Some(effect) = &row.effect {
                check(effect, alpha)?;
            }
        }
    }

    #[test]
    fn a_margin_holds_exactly_where_the_limit_is_within_it(
        better in prop::sample::select(vec![Better::Higher, Better::Lower]),
        scale in prop::sample::select(vec![MarginScale::Absolute, MarginScale::Relative]),
        size in 0.01..0.3_f64,
        kind in 0..3_u8,
        alpha in prop_oneof![Just(0.05), 0.001..0.4_f64],
        (n_a, n_b) in (5..5_000_u64, 5..5_000_u64),
        (mean_a, change) in (0.5..3.0_f64, -0.5..0.5_f64),
        (variance_a, variance_b) in (0.01..2.0_f64, 0.01..2.0_f64),
    ) {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        experiment.confidence_level = level(1.0 - alpha);
        let metric = &mut experiment.metrics[0];
        metric.role = Role::Guardrail;
        metric.better = better;
        let own = MarginSize { size, scale };
        metric.margin = Some(match kind {
            0 => Margin::NonInferiority(own),
            1 => Margin::Superiority(own),
            _ => Margin::Equivalence { lower: -size, upper: 2.0 * size, scale },
        });
        let variants = [units("a", n_a, mean_a, variance_a), units("b", n_b, mean_a + change, variance_b)];
        let found = effect(&scorecard(&experiment, &exact(&experiment, &variants)), "b");
        let margin = found.margin.unwrap();
        let (Ok(lower), Ok(upper)) = (margin.lower, margin.upper) else {
            // The control cannot be told from zero.
            prop_assert_eq!(scale, MarginScale::Relative);
            return Ok(());
        };
        let within = match (kind, better) {
            (0, Better::Higher) => lower > -size,
            (0, Better::Lower) => upper < size,
            (1, Better::Higher) => lower > size,
            (1, Better::Lower) => upper < -size,
            _ => lower > -size && upper < 2.0 * size,
        };
        if is_clear(margin.p_value, alpha) {
            prop_assert_eq!(margin.outcome == Ok(MarginOutcome::Holds), within, "{:?}", margin);
        }
        prop_assert_eq!(margin.p_value, margin.p_value_adjusted);
    }
}

fn check(effect: &Effect, alpha: f64) -> Result<(), TestCaseError> {
    let Ok(adjusted) = effect.p_value_adjusted else {
        prop_assert_eq!(effect.significant, None);
        return Ok(());
    };
    prop_assert!(adjusted >= effect.p_value.unwrap());
    prop_assert_eq!(effect.significant, Some(adjusted <= alpha));
    if !is_clear(Ok(adjusted), alpha) {
        return Ok(());
    }
    let absolute = effect.absolute.unwrap();
    let relative = effect.relative;
    for (lower, upper) in [
        (absolute.lower, absolute.upper),
        (relative.lower, relative.upper),
    ] {
        if let (Ok(lower), Ok(upper)) = (lower, upper) {
            let excludes = lower > 0.0 || upper < 0.0;
            prop_assert_eq!(effect.significant, Some(excludes), "{:?}", effect);
        }
    }
    Ok(())
}

/// Is a p-value so far from a level that rounding does not decide?
fn is_clear(p_value: Value, level: f64) -> bool {
    (p_value.unwrap() / level - 1.0).abs() > 1e-9
}

fn any_alternative() -> impl Strategy<Value = Alternative> {
    prop::sample::select(vec![
        Alternative::TwoSided,
        Alternative::Greater,
        Alternative::Less,
    ])
}

fn of_three_metrics(alternatives: &[Alternative], guards: &[bool], alpha: f64) -> Experiment {
    let goals = ["x", "y", "z"].map(|name| format!("count(user.unit.{name})"));
    let metrics: Vec<(&str, &str)> = goals.iter().map(|goal| (&goal[..], PER_USER)).collect();
    let mut experiment = experiment(&metrics);
    experiment.confidence_level = level(1.0 - alpha);
    for (place, metric) in experiment.metrics.iter_mut().enumerate() {
        metric.alternative = alternatives[place];
        if guards[place] {
            metric.role = Role::Guardrail;
        }
    }
    experiment
}

fn three(variant: &str, n: u64, means: [f64; 3], variances: [f64; 3]) -> Units<'_> {
    let [x, y, z] = variances;
    Units {
        variant,
        n,
        means: means.to_vec(),
        covariances: vec![vec![x, 0.0, 0.0], vec![0.0, y, 0.0], vec![0.0, 0.0, z]],
    }
}
