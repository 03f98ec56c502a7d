//! Profile `standard`: what belongs together agrees.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::scorecard;
use epstats_experiment::stats::{ConfidenceLevel, Probability};

use crate::support::{CLICKS, PER_USER, close, effect, exact, experiment, marginal, row, units};

/// Holm's factors are 3, 2 and 1 from the smallest p-value to the largest.
#[test]
fn p_values_are_adjusted_for_the_treatments_wherever_control_stands() {
    for control in ["a", "b", "d"] {
        let experiment = Experiment {
            control: control.to_owned(),
            ..experiment(&[(CLICKS, PER_USER)])
        };
        let treatments: Vec<&str> = ["a", "b", "c", "d"]
            .into_iter()
            .filter(|name| *name != control)
            .collect();
        let mut variants = vec![units(control, 10_000, 1.0, 1.0)];
        for (name, mean) in treatments.iter().zip([1.05, 1.04, 1.03]) {
            variants.push(units(name, 10_000, mean, 1.0));
        }
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        for (name, factor) in treatments.iter().zip([3.0, 2.0, 1.0]) {
            let effect = effect(&scorecard, name);
            let expected = factor * effect.p_value.unwrap();
            close(effect.p_value_adjusted.unwrap(), expected, 1e-13, 0.0);
        }
        assert!(row(&scorecard, control).effect.is_none());
    }
}

#[test]
fn intervals_exclude_zero_exactly_where_the_adjusted_p_value_is_significant() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    for step in 0..60 {
        let shift = 0.001 * f64::from(step);
        let variants = [
            units("a", 10_000, 1.0, 1.0),
            units("b", 10_000, 1.0 + shift, 1.0),
            units("c", 9_000, 1.0 - shift / 2.0, 1.2),
            units("d", 11_000, 1.0 + shift / 3.0, 0.9),
        ];
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        for variant in ["b", "c", "d"] {
            let effect = effect(&scorecard, variant);
            let absolute = effect.absolute.unwrap();
            let excludes = |lower: f64, upper: f64| lower > 0.0 || upper < 0.0;
            let significant = effect.significant.unwrap();
            assert_eq!(
                excludes(absolute.lower.unwrap(), absolute.upper.unwrap()),
                significant
            );
            let relative = effect.relative;
            assert_eq!(
                excludes(relative.lower.unwrap(), relative.upper.unwrap()),
                significant
            );
        }
    }
}

#[test]
fn a_p_value_of_zero_is_adjusted_like_any_other() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [
        units("a", 1_000_000, 1.0, 1.0),
        units("b", 1_000_000, 2.0, 1.0),
        units("c", 1_000_000, 1.001, 1.0),
    ];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let effect = effect(&scorecard, "b");
    assert_eq!(effect.p_value, Ok(0.0));
    assert!(effect.ln_p_value.unwrap() < -200_000.0);
    // Half the error of 5% for the smaller of two p-values: z at 1 − 0.025/2, from which t with two million degrees of freedom differs by 2e-6.
    let reach = 2.241_402_727_604_947 * (2.0_f64 / 1e6).sqrt();
    close(
        effect.absolute.unwrap().upper.unwrap(),
        1.0 + reach,
        1e-8,
        0.0,
    );
}

/// n = (z₁₋α/₂ₘ + z₀.₈)² 2 v/D² with m = 3: `planned/000` of the reference values for power.
#[test]
fn the_required_sample_size_is_corrected_for_all_treatments() {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    experiment.metrics[0].minimum_effect = Some(0.774);
    let variants = ["a", "b", "c", "d"].map(|name| units(name, 1_000, 1.0, 13.95));
    let statistics = exact(&experiment, &variants);
    let of_equal_shares = scorecard(&experiment, &statistics);
    assert_eq!(
        row(&of_equal_shares, "b").required_sample_size,
        Some(Ok(488.0))
    );
    assert_eq!(row(&of_equal_shares, "a").required_sample_size, None);
    // Power beyond 80%, since there are more units than required.
    assert!(row(&of_equal_shares, "b").power.unwrap().unwrap() > 0.8);

    // With half as many units in each treatment as in control, v (1 + 1/k) is 1.5 times as large, and k = 1/2 of that are in the treatment.
    let shares = [("a", 0.4), ("b", 0.2), ("c", 0.2), ("d", 0.2)];
    experiment.allocation = Some(
        shares
            .into_iter()
            .map(|(name, share)| (name.to_owned(), share))
            .collect(),
    );
    let of_design = scorecard(&experiment, &statistics);
    let required = 487.564_652_763_946_1 * 1.5 / 2.0;
    assert_eq!(
        row(&of_design, "b").required_sample_size,
        Some(Ok(f64::ceil(required)))
    );
}

#[test]
fn planning_is_left_out_where_no_minimum_effect_is_given() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = ["a", "b"].map(|name| units(name, 1_000, 1.0, 1.0));
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    let row = row(&scorecard, "b");
    assert_eq!(row.required_sample_size, None);
    assert_eq!(row.power, None);
    assert_eq!(row.false_positive_risk, None);
}

#[test]
fn the_false_positive_risk_is_told_for_significant_effects() {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    experiment.metrics[0].minimum_effect = Some(0.1);
    experiment.null_hypothesis_rate = Probability::new(0.9);
    let variants = [units("a", 1_000, 1.0, 1.0), units("b", 1_000, 1.1, 1.0)];
    let of_large = scorecard(&experiment, &exact(&experiment, &variants));
    let row_b = row(&of_large, "b");
    let (p, power) = (
        row_b.effect.unwrap().p_value.unwrap(),
        row_b.power.unwrap().unwrap(),
    );
    let risk = row_b.false_positive_risk.unwrap().unwrap();
    close(risk, p * 0.9 / (p * 0.9 + power * 0.1), 1e-12, 0.0);

    let variants = [units("a", 1_000, 1.0, 1.0), units("b", 1_000, 1.01, 1.0)];
    let of_small = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(row(&of_small, "b").false_positive_risk, None);
}

/// For one goal per unit, sums say all that moments say.
#[test]
fn means_per_unit_are_the_same_from_sums_and_from_moments() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let of_moments = exact(
        &experiment,
        &[
            units("a", 1_000, 0.05, 47.5 / 999.0),
            units("b", 1_200, 0.06, 67.68 / 1_199.0),
        ],
    );
    let sums = [[(50.0, 50.0)], [(72.0, 72.0)]];
    let of_sums = marginal(
        &experiment,
        &[("a", 1_000.0, &sums[0]), ("b", 1_200.0, &sums[1])],
    );
    let (one, other) = (
        scorecard(&experiment, &of_moments),
        scorecard(&experiment, &of_sums),
    );
    assert_eq!(row(&one, "b").sum, Ok(72.0));
    for variant in ["a", "b"] {
        let (one, other) = (row(&one, variant), row(&other, variant));
        close(one.mean.unwrap(), other.mean.unwrap(), 1e-15, 0.0);
        close(
            one.standard_error.unwrap(),
            other.standard_error.unwrap(),
            1e-13,
            0.0,
        );
    }
    let (one, other) = (effect(&one, "b"), effect(&other, "b"));
    close(one.p_value.unwrap(), other.p_value.unwrap(), 1e-12, 0.0);
    close(
        one.relative.upper.unwrap(),
        other.relative.upper.unwrap(),
        1e-12,
        0.0,
    );
}

#[test]
fn units_split_as_designed_pass_and_equal_shares_do_not_count() {
    let mut experiment = experiment(&[]);
    experiment.checks = vec![crate::support::exposures_check()];
    let variants = [units("a", 5_000, 0.0, 0.0), units("b", 2_510, 0.0, 0.0)];
    let statistics = exact(&experiment, &variants);
    let outcome = |experiment: &Experiment| {
        scorecard(experiment, &statistics).checks[0]
            .outcome
            .as_str()
    };
    assert_eq!(outcome(&experiment), "failed");
    let shares = [("a".to_owned(), 2.0), ("b".to_owned(), 1.0)];
    experiment.allocation = Some(shares.into_iter().collect());
    assert_eq!(outcome(&experiment), "passed");
}

#[test]
fn the_confidence_level_moves_intervals_and_decisions() {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 10_000, 1.0, 1.0), units("b", 10_000, 1.03, 1.0)];
    let statistics = exact(&experiment, &variants);
    let wide = |experiment: &Experiment| {
        let effect = effect(&scorecard(experiment, &statistics), "b");
        let relative = effect.relative;
        (
            relative.upper.unwrap() - relative.lower.unwrap(),
            effect.significant,
        )
    };
    let (at_95, significant_at_95) = wide(&experiment);
    experiment.confidence_level = ConfidenceLevel::new(0.999).unwrap();
    let (at_999, significant_at_999) = wide(&experiment);
    assert!(at_95 < at_999);
    assert_eq!(
        (significant_at_95, significant_at_999),
        (Some(true), Some(false))
    );
}
