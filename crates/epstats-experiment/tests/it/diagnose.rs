//! Rules of an experiment that was built by hand, without any document.

use std::collections::BTreeMap;

use epstats_experiment::formula::{Formula, parse};
use epstats_experiment::stats::ConfidenceLevel;
use epstats_experiment::{Check, CheckKind, Experiment, Filter, Inference, Metric, Ratio};
use jiff::civil::date;

pub(crate) fn formula(text: &str) -> Formula {
    parse(text).allowing_no_goal().formula.unwrap()
}

pub(crate) fn metric(id: &str, numerator: &str) -> Metric {
    Metric::new(
        id,
        "Clicks",
        Ratio {
            numerator: formula(numerator),
            denominator: formula("1000"),
        },
    )
}

pub(crate) fn check_of(id: &str, kind: CheckKind) -> Check {
    Check {
        id: id.to_owned(),
        name: "Check".to_owned(),
        confidence_level: ConfidenceLevel::DEFAULT,
        kind,
    }
}

pub(crate) fn experiment() -> Experiment {
    let mut experiment = Experiment::new("checkout", "control", "user");
    experiment.variants = Some(vec!["control".to_owned(), "express".to_owned()]);
    experiment.metrics = vec![metric("1", "count(user.unit.click)")];
    experiment
}

/// Changes a sound experiment and compares the problems as `place: code`.
pub(crate) fn check(change: impl FnOnce(&mut Experiment), expected: &[&str]) {
    let mut experiment = experiment();
    change(&mut experiment);
    let problems: Vec<String> = experiment
        .diagnose()
        .iter()
        .map(|problem| format!("{}: {}", problem.place, problem.code))
        .collect();
    assert_eq!(problems, expected);
}

#[test]
fn a_sound_experiment_has_no_problems() {
    check(|_| {}, &[]);
    check(|experiment| experiment.variants = None, &[]);
}

#[test]
fn names_must_not_be_empty() {
    check(
        |experiment| {
            experiment.id.clear();
            experiment.unit_type.clear();
            experiment.metrics[0].name.clear();
            experiment.metrics[0].id.clear();
        },
        &[
            "id: empty-value",
            "unit_type: empty-value",
            "metrics[0].id: empty-value",
            "metrics[0].name: empty-value",
        ],
    );
}

#[test]
fn an_empty_control_is_not_told_to_be_unknown_too() {
    check(
        |experiment| experiment.control.clear(),
        &["control_variant: empty-value"],
    );
}

#[test]
fn one_day_is_a_range() {
    let day = Some(date(2026, 9, 1));
    check(
        |experiment| {
            experiment.dates.from = day;
            experiment.dates.to = day;
            experiment.dates.evaluated_for = day;
        },
        &[],
    );
}

#[test]
fn an_experiment_may_be_evaluated_after_its_end() {
    check(
        |experiment| {
            experiment.dates.from = Some(date(2026, 9, 1));
            experiment.dates.to = Some(date(2026, 9, 2));
            experiment.dates.evaluated_for = Some(date(2026, 12, 24));
        },
        &[],
    );
}

#[test]
fn days_before_the_first_are_out_of_order() {
    check(
        |experiment| {
            experiment.dates.from = Some(date(2026, 9, 2));
            experiment.dates.to = Some(date(2026, 9, 1));
            experiment.dates.evaluated_for = Some(date(2026, 8, 1));
        },
        &[
            "date_to: dates-out-of-order",
            "date_for: dates-out-of-order",
        ],
    );
}

#[test]
fn minimum_effects_are_positive_and_finite() {
    for effect in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        check(
            |experiment| experiment.metrics[0].minimum_effect = Some(effect),
            &["metrics[0].minimum_effect: out-of-range"],
        );
    }
    check(
        |experiment| experiment.metrics[0].minimum_effect = Some(1e-300),
        &[],
    );
}

#[test]
fn ep_stats_plans_for_every_effect_that_is_not_below_zero() {
    for effect in [0.0, 1e-300, f64::INFINITY] {
        check(
            |experiment| {
                experiment.inference = Inference::EpStats;
                experiment.metrics[0].minimum_effect = Some(effect);
            },
            &[],
        );
    }
    for effect in [-0.1, f64::NEG_INFINITY, f64::NAN] {
        check(
            |experiment| {
                experiment.inference = Inference::EpStats;
                experiment.metrics[0].minimum_effect = Some(effect);
            },
            &["metrics[0].minimum_effect: out-of-range"],
        );
    }
}

#[test]
fn ep_stats_asks_for_no_names_and_for_no_ids_of_checks() {
    let counts = CheckKind::sample_ratio_mismatch(formula("count(user.global.exposure)"));
    check(
        |experiment| {
            experiment.inference = Inference::EpStats;
            experiment.metrics[0].name.clear();
            experiment.checks = vec![check_of("1", counts.clone()), check_of("1", counts)];
            experiment.checks[0].name.clear();
        },
        &[],
    );
}

#[test]
fn a_metric_and_a_check_may_share_an_id_but_two_metrics_may_not() {
    let counts = CheckKind::sample_ratio_mismatch(formula("count(user.global.exposure)"));
    check(
        |experiment| {
            experiment
                .metrics
                .push(metric("1", "count(user.unit.view)"));
            experiment.checks = vec![check_of("1", counts.clone()), check_of("1", counts)];
        },
        &["metrics[1].id: duplicate-id", "checks[1].id: duplicate-id"],
    );
}

#[test]
fn numbers_alone_are_no_metric_and_no_check() {
    check(
        |experiment| {
            experiment.metrics[0] = metric("1", "2");
            experiment.checks = vec![check_of(
                "1",
                CheckKind::sample_ratio_mismatch(formula("2")),
            )];
        },
        &[
            "metrics[0]: formula-without-goal",
            "checks[0]: formula-without-goal",
        ],
    );
}

#[test]
fn the_largest_sum_ratio_is_a_share() {
    let sum_ratio = |max_sum_ratio| CheckKind::SumRatio {
        numerator: formula("count(user.unit.refund)"),
        denominator: formula("count(user.unit.purchase)"),
        max_sum_ratio,
    };
    for wrong in [0.0, -1.0, 1.01, f64::NAN] {
        check(
            |experiment| experiment.checks = vec![check_of("1", sum_ratio(wrong))],
            &["checks[0].max_sum_ratio: out-of-range"],
        );
    }
    check(
        |experiment| experiment.checks = vec![check_of("1", sum_ratio(1.0))],
        &[],
    );
}

#[test]
fn filters_are_complete() {
    check(
        |experiment| {
            experiment.filters = vec![
                Filter::Exposure {
                    dimension: String::new(),
                    values: vec!["CZ".to_owned()],
                },
                Filter::Goal {
                    dimension: "product".to_owned(),
                    values: vec![],
                },
                Filter::Trigger {
                    goal: String::new(),
                    condition: Some((String::new(), vec![])),
                },
                Filter::Trigger {
                    goal: "click".to_owned(),
                    condition: None,
                },
            ];
        },
        &[
            "filters[0].dimension: empty-value",
            "filters[1].value: empty-value",
            "filters[2].goal: empty-value",
            "filters[2].dimension: empty-value",
            "filters[2].value: empty-value",
        ],
    );
}

#[test]
fn an_allocation_covers_the_variants_and_nothing_else() {
    let allocation = |weights: &[(&str, f64)]| {
        let weights = weights
            .iter()
            .map(|(name, weight)| ((*name).to_owned(), *weight));
        Some(weights.collect())
    };
    type Case<'a> = (&'a [(&'a str, f64)], &'a [&'a str]);
    let cases: [Case<'_>; 6] = [
        (&[("control", 0.5), ("express", 0.5)], &[]),
        (&[("control", 0.0), ("express", 3.0)], &[]),
        (&[("control", 1.0)], &["allocation: invalid-allocation"]),
        (
            &[("control", 1.0), ("express", 1.0), ("other", 1.0)],
            &["allocation.other: unknown-variant"],
        ),
        (
            &[("control", 0.0), ("express", 0.0)],
            &["allocation: invalid-allocation"],
        ),
        (
            &[("control", f64::INFINITY), ("express", -1.0)],
            &[
                "allocation.control: out-of-range",
                "allocation.express: out-of-range",
            ],
        ),
    ];
    for (weights, expected) in cases {
        check(
            |experiment| experiment.allocation = allocation(weights),
            expected,
        );
    }
    check(
        |experiment| {
            experiment.variants = None;
            experiment.allocation = allocation(&[("express", 1.0), ("other", 1.0)]);
        },
        &["allocation: invalid-allocation"],
    );
}

#[test]
fn of_many_unknown_variants_of_an_allocation_the_first_twenty_are_told() {
    let mut experiment = experiment();
    let mut allocation: BTreeMap<String, f64> =
        (0..50).map(|index| (format!("new-{index}"), 1.0)).collect();
    allocation.extend(["control", "express"].map(|name| (name.to_owned(), 1.0)));
    experiment.allocation = Some(allocation);
    assert_eq!(experiment.diagnose().len(), 20);
}
