//! Profile `ep-stats`: its rules, quirks kept on purpose, and reasons in the place of NaN.

use epstats_evaluate::experiment::{Dates, Experiment, Inference};
use epstats_evaluate::{Scorecard, scorecard};
use epstats_experiment::Statistics;
use epstats_experiment::stats::{Probability, Undefined};
use jiff::civil::date;

use crate::support::{
    CLICKS, PER_USER, close, codes, each_case, effect, exact, expected, experiment, marginal, row,
    units,
};

#[test]
fn the_level_in_force_follows_the_days_of_the_experiment() {
    each_case("group_sequential", "obf_compat", |case| {
        let level = case.number("confidence_level").unwrap();
        let total: i64 = case.count("total_length").unwrap();
        let day: i64 = case.count("actual_day").unwrap();
        let after = |days: i64| {
            date(2026, 1, 1)
                .checked_add(jiff::Span::new().days(days))
                .unwrap()
        };
        let experiment = Experiment {
            dates: Dates {
                from: Some(after(0)),
                to: Some(after(total - 1)),
                evaluated_for: Some(after(day - 1)),
            },
            confidence_level: epstats_experiment::stats::ConfidenceLevel::new(level).unwrap(),
            ..ep_stats()
        };
        let scorecard = evaluate(&experiment, &exact(&experiment, &[]));
        assert_eq!(
            Some(scorecard.confidence_level_in_force),
            expected(case, "level")
        );
    });
}

#[test]
fn without_both_dates_the_level_is_the_one_asked_for() {
    let experiment = Experiment {
        dates: Dates {
            from: Some(date(2026, 1, 1)),
            to: None,
            evaluated_for: Some(date(2026, 1, 2)),
        },
        ..ep_stats()
    };
    let scorecard = evaluate(&experiment, &exact(&experiment, &[]));
    assert_eq!(scorecard.confidence_level_in_force, 0.95);
}

/// Every treatment is corrected, also where the control is not the first variant.
#[test]
fn holm_corrects_all_treatments_and_not_the_control() {
    for control in ["a", "c"] {
        let experiment = Experiment {
            control: control.to_owned(),
            ..ep_stats()
        };
        let [first, second] = if control == "a" {
            ["b", "c"]
        } else {
            ["a", "b"]
        };
        let variants = [
            units(control, 10_000, 1.0, 1.0),
            units(first, 10_000, 1.05, 1.0),
            units(second, 10_000, 1.02, 1.0),
        ];
        let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
        for (name, factor) in [(first, 2.0), (second, 1.0)] {
            let effect = effect(&scorecard, name);
            close(
                effect.p_value_adjusted.unwrap(),
                factor * effect.p_value.unwrap(),
                1e-13,
                0.0,
            );
        }
        let own = effect(&scorecard, control);
        assert_eq!(
            (own.p_value_adjusted, own.significant),
            (Ok(1.0), Some(false))
        );
    }
}

#[test]
fn with_one_treatment_nothing_is_corrected() {
    let experiment = ep_stats();
    let variants = [units("a", 10_000, 1.0, 1.0), units("b", 10_000, 1.05, 1.0)];
    let effect = effect(&evaluate(&experiment, &exact(&experiment, &variants)), "b");
    assert_eq!(effect.p_value, effect.p_value_adjusted);
    assert!(effect.absolute.is_none());
}

#[test]
fn sample_size_and_power_are_those_of_ep_stats() {
    each_case("power", "epstats_sample_size", |case| {
        let std_2 = case.optional_number("std_2").unwrap();
        let std = case.number("std").unwrap();
        let (mean, minimum) = (
            case.number("mean").unwrap(),
            case.number("minimum_effect").unwrap(),
        );
        let n_variants: usize = case.count("n_variants").unwrap();
        let is_usual = case.number("power") == Ok(0.8) && n_variants <= 5 && minimum > 0.0;
        if !is_usual {
            return;
        }
        let mut experiment = ep_stats();
        experiment.confidence_level = epstats_experiment::stats::ConfidenceLevel::new(
            case.number("confidence_level").unwrap(),
        )
        .unwrap();
        experiment.metrics[0].minimum_effect = Some(minimum);
        let names = ["a", "b", "c", "d", "e"];
        let variants: Vec<_> = names[..n_variants]
            .iter()
            .map(|name| {
                let own = if *name == "a" {
                    std
                } else {
                    std_2.unwrap_or(std)
                };
                units(name, 10_000, mean, own * own)
            })
            .collect();
        let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
        let required = row(&scorecard, "b").required_sample_size.unwrap().ok();
        assert_eq!(required, expected(case, "n_per_variant"));
        assert_eq!(row(&scorecard, "a").required_sample_size, None);
    });
}

#[test]
fn an_effect_of_zero_takes_infinitely_many_units() {
    let mut experiment = ep_stats();
    experiment.metrics[0].minimum_effect = Some(0.0);
    let variants = [units("a", 1_000, 1.0, 1.0), units("b", 1_000, 1.1, 1.0)];
    let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
    let treatment = row(&scorecard, "b");
    assert_eq!(treatment.required_sample_size, Some(Ok(f64::INFINITY)));
    // A share of zero of the required units: the power is the upper tail of the test, half of 5%.
    let power = treatment.power.unwrap().unwrap();
    assert!((power - 0.025).abs() < 1e-15, "{power}");
    assert_eq!(row(&scorecard, "a").required_sample_size, None);
}

#[test]
fn there_is_no_sample_size_where_the_denominator_sums_values() {
    let mut experiment = Experiment {
        inference: Inference::EpStats,
        ..experiment(&[(CLICKS, "value(user.unit.purchase)")])
    };
    experiment.metrics[0].minimum_effect = Some(0.1);
    let sums = [(50.0, 50.0), (1_000.0, 2_000.0)];
    let statistics = marginal(&experiment, &[("a", 100.0, &sums), ("b", 100.0, &sums)]);
    assert_eq!(
        row(&evaluate(&experiment, &statistics), "b").required_sample_size,
        None
    );
}

#[test]
fn the_false_positive_risk_needs_a_significant_effect() {
    let mut experiment = ep_stats();
    experiment.metrics[0].minimum_effect = Some(0.1);
    experiment.null_hypothesis_rate = Probability::new(0.5);
    for (mean, is_told) in [(1.2, true), (1.001, false)] {
        let variants = [units("a", 1_000, 1.0, 1.0), units("b", 1_000, mean, 1.0)];
        let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
        assert_eq!(row(&scorecard, "b").false_positive_risk.is_some(), is_told);
    }
}

#[test]
fn a_negative_control_mean_keeps_its_signs_and_a_warning() {
    let experiment = ep_stats();
    let variants = [units("a", 1_000, -4.0, 1.0), units("b", 1_000, -3.0, 1.0)];
    let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
    let relative = effect(&scorecard, "b").relative;
    let symmetric = relative.symmetric.unwrap();
    assert!(symmetric.standard_error.unwrap() < 0.0 && symmetric.half_width.unwrap() < 0.0);
    assert!(relative.lower.unwrap() < relative.upper.unwrap());
    assert!(codes(&scorecard).contains(&"negative-control-mean"));
}

#[test]
fn a_treatment_without_events_keeps_its_p_value_of_one_and_a_warning() {
    let experiment = ep_stats();
    let sums = [[(1.0, 1.0)], [(0.0, 0.0)]];
    let statistics = marginal(
        &experiment,
        &[("a", 1_000.0, &sums[0]), ("b", 1_000.0, &sums[1])],
    );
    let scorecard = evaluate(&experiment, &statistics);
    assert_eq!(effect(&scorecard, "b").p_value, Ok(1.0));
    assert_eq!(effect(&scorecard, "b").relative.estimate, Ok(-1.0));
    assert!(codes(&scorecard).contains(&"no-events"));
}

#[test]
fn a_control_of_zero_gives_the_infinity_of_ep_stats_and_a_reason_for_each_nan() {
    let experiment = ep_stats();
    let variants = [units("a", 1_000, 0.0, 1.0), units("b", 1_000, 0.01, 0.01)];
    let effect = effect(&evaluate(&experiment, &exact(&experiment, &variants)), "b");
    assert_eq!(effect.relative.estimate, Ok(f64::INFINITY));
    assert_eq!(effect.p_value, Err(Undefined::ControlMeanZero));
    assert_eq!(effect.significant, None);
}

/// Squares of `a - b` are Q(a) − Q(b): below what any sum of squares could be.
#[test]
fn a_variance_below_zero_is_undefined_with_its_reason() {
    let experiment = Experiment {
        inference: Inference::EpStats,
        ..experiment(&[("value(user.unit.a) - value(user.unit.b)", PER_USER)])
    };
    let sums = [(500.0, 1_000.0), (300.0, 2_000.0)];
    let statistics = marginal(&experiment, &[("a", 100.0, &sums), ("b", 100.0, &sums)]);
    let scorecard = evaluate(&experiment, &statistics);
    assert_eq!(row(&scorecard, "b").mean, Ok(2.0));
    assert_eq!(
        row(&scorecard, "b").standard_deviation,
        Err(Undefined::NegativeVariance)
    );
    assert_eq!(
        effect(&scorecard, "b").p_value,
        Err(Undefined::NegativeVariance)
    );
    let codes = codes(&scorecard);
    assert!(codes.contains(&"negative-variance") && codes.contains(&"marginal-variance"));
}

#[test]
fn equal_shares_are_assumed_with_a_warning() {
    let mut experiment = ep_stats();
    experiment.checks = vec![crate::support::exposures_check()];
    let shares = [("a".to_owned(), 2.0), ("b".to_owned(), 1.0)];
    experiment.allocation = Some(shares.into_iter().collect());
    let variants = [units("a", 2_000, 1.0, 1.0), units("b", 1_000, 1.0, 1.0)];
    let scorecard = evaluate(&experiment, &exact(&experiment, &variants));
    let check = &scorecard.checks[0];
    assert_eq!(check.outcome.as_str(), "failed");
    let names: Vec<&str> = check.values.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["p_value", "test_stat", "confidence_level"]);
    assert!(codes(&scorecard).contains(&"equal-shares-assumed"));
}

fn ep_stats() -> Experiment {
    Experiment {
        inference: Inference::EpStats,
        ..experiment(&[(CLICKS, PER_USER)])
    }
}

fn evaluate(experiment: &Experiment, statistics: &Statistics) -> Scorecard {
    scorecard(experiment, statistics)
}
