//! What follows from numbers: situations, and the words for them.

use epstats_evaluate::experiment::{CheckKind, Experiment, Inference};
use epstats_evaluate::{Decision, Scorecard, scorecard};
use epstats_experiment::stats::{Alternative, Better};
use epstats_experiment::{Margin, MarginScale, MarginSize, Metric, Role};

use crate::support::{PER_USER, Units, check, exact, experiment, exposures_check, formula, level};

const HIGHER: Better = Better::Higher;
const LOWER: Better = Better::Lower;

/// A control of 1, and treatments whose standard error of the difference is 0.01: 0.02 is significant, 0.01 is not.
#[test]
fn what_is_found_about_a_metric_is_told_in_a_word_and_a_sentence() {
    let not_inferior = Some(Margin::NonInferiority(by(0.05)));
    let superior = Some(Margin::Superiority(by(0.05)));
    let equivalent = Some(Margin::Equivalence {
        lower: -0.05,
        upper: 0.05,
        scale: MarginScale::Absolute,
    });
    for (margin, better, difference, expected) in [
        (None, HIGHER, 0.03, "better: better than control"),
        (None, HIGHER, -0.03, "worse: worse than control"),
        (
            None,
            HIGHER,
            0.01,
            "inconclusive: no difference from control is shown",
        ),
        (None, LOWER, -0.03, "better: better than control"),
        (None, LOWER, 0.03, "worse: worse than control"),
        (not_inferior, HIGHER, 0.03, "better: better than control"),
        (
            not_inferior,
            HIGHER,
            0.01,
            "acceptable: not worse by as much as the margin",
        ),
        (
            not_inferior,
            HIGHER,
            -0.025,
            "acceptable: worse than control, but not by as much as the margin",
        ),
        (
            not_inferior,
            HIGHER,
            -0.04,
            "inconclusive: neither shown to be worse by more than the margin, nor not to be",
        ),
        (
            not_inferior,
            HIGHER,
            -0.08,
            "worse: worse by more than the margin",
        ),
        (
            not_inferior,
            LOWER,
            0.08,
            "worse: worse by more than the margin",
        ),
        (
            superior,
            HIGHER,
            0.08,
            "better: better by more than the margin",
        ),
        (
            superior,
            HIGHER,
            0.03,
            "inconclusive: better than control, but not shown to be so by more than the margin",
        ),
        (
            superior,
            HIGHER,
            0.01,
            "inconclusive: not shown to be better by more than the margin",
        ),
        (superior, HIGHER, -0.03, "worse: worse than control"),
        (superior, LOWER, 0.03, "worse: worse than control"),
        (
            equivalent,
            HIGHER,
            0.01,
            "acceptable: equivalent to control",
        ),
        (
            equivalent,
            HIGHER,
            0.04,
            "inconclusive: neither shown to be equivalent, nor not to be",
        ),
        (
            equivalent,
            HIGHER,
            0.09,
            "better: better, beyond the limits",
        ),
        (equivalent, LOWER, 0.09, "worse: worse, beyond the limits"),
        (equivalent, HIGHER, -0.09, "worse: worse, beyond the limits"),
    ] {
        let metric = |metric: &mut Metric| {
            metric.margin = margin;
            metric.better = better;
        };
        let experiment = with_metrics(&[&metric]);
        let found = evaluated(&experiment, &[difference]);
        assert_eq!(
            told(found.metrics[0].variants[1].decision.as_ref().unwrap()),
            expected,
            "{margin:?} {better:?} {difference}"
        );
        assert_eq!(found.metrics[0].variants[0].decision, None);
    }
}

#[test]
fn a_metric_without_a_test_is_inconclusive_for_its_reason() {
    for margin in [None, Some(Margin::NonInferiority(by(0.05)))] {
        let experiment = with_metrics(&[&|metric: &mut Metric| metric.margin = margin]);
        let mut arms = arms(&[0.1]);
        for arm in &mut arms {
            arm.covariances = vec![vec![0.0]];
        }
        let scorecard = scorecard(&experiment, &exact(&experiment, &arms));
        let decision = scorecard.metrics[0].variants[1].decision.as_ref().unwrap();
        assert_eq!(
            told(decision),
            "inconclusive: no test: all values are equal, so there is no variance to compare with"
        );
    }
}

/// With half of confidence, a one-sided p-value of one half is small enough.
#[test]
fn no_difference_at_all_is_neither_better_nor_worse() {
    let greater = |metric: &mut Metric| metric.alternative = Alternative::Greater;
    let experiment = Experiment {
        confidence_level: level(0.5),
        ..with_metrics(&[&greater])
    };
    let found = evaluated(&experiment, &[0.0]);
    let row = &found.metrics[0].variants[1];
    assert_eq!(row.effect.unwrap().significant, Some(true));
    assert_eq!(
        told(row.decision.as_ref().unwrap()),
        "inconclusive: no difference from control is shown"
    );
}

#[test]
fn what_to_do_with_a_treatment_follows_from_all_metrics() {
    let primary: Change<'_> = &|_| {};
    let secondary: Change<'_> = &|metric| metric.role = Role::Secondary;
    let guardrail: Change<'_> = &|metric| {
        metric.role = Role::Guardrail;
        metric.margin = Some(Margin::NonInferiority(by(0.05)));
    };
    let bare_guardrail: Change<'_> = &|metric| metric.role = Role::Guardrail;
    let not_inferior: Change<'_> = &|metric| metric.margin = Some(Margin::NonInferiority(by(0.05)));
    let cases: &[(&[(Change<'_>, f64)], &str)] = &[
        (
            &[(primary, 0.03)],
            "ship: primary metric `metric 1`: better than control",
        ),
        (
            &[(primary, -0.03)],
            "do-not-ship: primary metric `metric 1`: worse than control",
        ),
        (
            &[(primary, 0.01)],
            "inconclusive: primary metric `metric 1`: no difference from control is shown",
        ),
        (
            &[(not_inferior, 0.01)],
            "ship: primary metric `metric 1`: not worse by as much as the margin",
        ),
        (
            &[(primary, 0.03), (primary, 0.0)],
            "ship: primary metric `metric 1`: better than control",
        ),
        (
            &[(primary, 0.03), (primary, -0.03)],
            "do-not-ship: primary metric `metric 2`: worse than control",
        ),
        // Nothing is decided by secondary metrics.
        (
            &[(primary, 0.03), (secondary, -0.03)],
            "ship: primary metric `metric 1`: better than control",
        ),
        (
            &[(secondary, 0.03)],
            "inconclusive: no metric is primary, so there is nothing to ship for",
        ),
        (
            &[(primary, 0.03), (guardrail, 0.0)],
            "ship: primary metric `metric 1`: better than control",
        ),
        (
            &[(primary, 0.03), (guardrail, -0.09)],
            "do-not-ship: guardrail `metric 2`: worse by more than the margin",
        ),
        (
            &[(primary, 0.03), (guardrail, -0.045)],
            "inconclusive: guardrail `metric 2`: neither shown to be worse by more than the margin, nor not to be",
        ),
        (
            &[(primary, 0.03), (bare_guardrail, 0.0)],
            "inconclusive: guardrail `metric 2`: no difference from control is shown",
        ),
        (
            &[(primary, 0.0), (guardrail, 0.0)],
            "inconclusive: primary metric `metric 1`: no difference from control is shown",
        ),
        (
            &[(primary, -0.03), (guardrail, -0.09)],
            "do-not-ship: primary metric `metric 1`: worse than control; guardrail `metric 2`: worse by more than the margin",
        ),
        (
            &[(primary, -0.03), (guardrail, -0.045)],
            "do-not-ship: primary metric `metric 1`: worse than control",
        ),
    ];
    for (metrics, expected) in cases {
        let changes: Vec<Change<'_>> = metrics.iter().map(|(change, _)| *change).collect();
        let differences: Vec<f64> = metrics.iter().map(|(_, difference)| *difference).collect();
        let experiment = with_metrics(&changes);
        assert_eq!(verdict(&evaluated(&experiment, &differences)), *expected);
    }
}

#[test]
fn a_failed_check_outweighs_all_metrics() {
    let mut experiment = with_metrics(&[&|_| {}]);
    let failing = check(CheckKind::SumRatio {
        numerator: formula("count(user.global.exposure)"),
        denominator: formula("count(user.global.exposure)"),
        max_sum_ratio: 0.01,
    });
    experiment.checks = vec![exposures_check(), failing];
    experiment.checks[1].name = "half of all".to_owned();
    assert_eq!(
        verdict(&evaluated(&experiment, &[0.03])),
        "inconclusive: the check `half of all` failed, so the data should not be trusted"
    );
}

#[test]
fn nothing_is_decided_without_metrics_and_in_profile_ep_stats() {
    let without = experiment(&[]);
    let found = scorecard(&without, &exact(&without, &[]));
    assert!(found.decisions.is_empty());
    let ep_stats = Experiment {
        inference: Inference::EpStats,
        ..with_metrics(&[&|_| {}])
    };
    let found = evaluated(&ep_stats, &[0.03]);
    assert!(found.decisions.is_empty());
    assert_eq!(found.metrics[0].variants[1].decision, None);
}

type Change<'a> = &'a dyn Fn(&mut Metric);

fn by(size: f64) -> MarginSize {
    MarginSize {
        size,
        scale: MarginScale::Absolute,
    }
}

/// An experiment with one metric for each change.
fn with_metrics(changes: &[Change<'_>]) -> Experiment {
    let goals: Vec<String> = (0..changes.len())
        .map(|at| format!("count(user.unit.goal_{at})"))
        .collect();
    let metrics: Vec<(&str, &str)> = goals.iter().map(|goal| (&goal[..], PER_USER)).collect();
    let mut experiment = experiment(&metrics);
    for (metric, change) in experiment.metrics.iter_mut().zip(changes) {
        change(metric);
    }
    experiment
}

/// Control and one treatment, which differs from it so much in each metric.
fn evaluated(experiment: &Experiment, differences: &[f64]) -> Scorecard {
    scorecard(experiment, &exact(experiment, &arms(differences)))
}

fn arms(differences: &[f64]) -> [Units<'static>; 2] {
    let places = 0..differences.len();
    // Two variances of ½ over 10,000 units each: a standard error of 0.01.
    let row = |i: usize| {
        let entry = |j: usize| if i == j { 0.5 } else { 0.0 };
        places.clone().map(entry).collect::<Vec<f64>>()
    };
    let units = |variant, means| Units {
        variant,
        n: 10_000,
        means,
        covariances: places.clone().map(row).collect(),
    };
    let moved = differences.iter().map(|difference| 1.0 + difference);
    [
        units("a", vec![1.0; differences.len()]),
        units("b", moved.collect()),
    ]
}

fn told(decision: &Decision) -> String {
    format!("{}: {}", decision.finding.as_str(), decision.reason)
}

fn verdict(scorecard: &Scorecard) -> String {
    let [decision] = &scorecard.decisions[..] else {
        panic!("there is one treatment");
    };
    assert_eq!(&*decision.variant, "b");
    let reasons = decision.reasons.join("; ");
    format!("{}: {reasons}", decision.verdict.as_str())
}
