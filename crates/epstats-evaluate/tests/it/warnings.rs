//! Warnings of `standard` and of the data; those of `ep-stats` are tested with its rules.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::{Dates, Experiment, Inference};
use epstats_evaluate::{Scorecard, Warning, WarningCode, scorecard};
use jiff::civil::date;

use crate::support::{
    CLICKS, PER_USER, Units, codes, exact, experiment, exposures_check, marginal, units,
};

#[test]
fn healthy_data_give_no_warning() {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    experiment.checks = vec![exposures_check()];
    let variants = [units("a", 1_000, 1.0, 1.0), units("b", 1_010, 1.1, 1.0)];
    assert_eq!(
        codes(&scorecard(&experiment, &exact(&experiment, &variants))),
        [""; 0]
    );
}

#[test]
fn what_the_source_saw_is_told() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 600, 1.0, 1.0), units("b", 400, 1.1, 1.0)];
    let mut statistics = exact(&experiment, &variants);
    let observations = &mut statistics.observations;
    observations.goals_never_seen = vec![1];
    observations.squares_assumed = vec![1];
    observations.null_values = 7;
    observations.inconsistent_units =
        Some(BTreeMap::from([("a".to_owned(), 3), ("b".to_owned(), 2)]));
    let kept = scorecard(&experiment, &statistics);
    statistics.observations.inconsistent_units_left_out = true;
    let left_out = scorecard(&experiment, &statistics);
    assert_eq!(
        texts(&kept),
        [
            "goal-never-seen: `count(user.unit.click)` is nowhere in the data, so it counts as zero",
            "squares-assumed: `count(user.unit.click)` has no sum of squares; its sum stands in, which is right for goals of 0 and 1 only",
            "null-values: 7 events have no value and counted as zero",
            "inconsistent-exposures: 5 of 1000 units (0.50%) met more than one variant; they count for the variant they met first",
        ]
    );
    assert_eq!(
        texts(&left_out)[3],
        "inconsistent-exposures: 5 of 1005 units (0.50%) met more than one variant; they were left out"
    );
    assert_eq!(kept.warnings[0].goal.as_deref(), Some(CLICKS));
}

#[test]
fn few_units_are_told_by_how_few_they_are() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [
        units("a", 1, 1.0, 1.0),
        units("b", 29, 1.1, 1.0),
        units("c", 30, 1.1, 1.0),
    ];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(
        texts(&scorecard),
        [
            "too-few-units: variant `a` has one unit, and a variance needs two",
            "too-few-units: variant `b` has 29 units; below 30, intervals and p-values are rough",
        ]
    );
}

#[test]
fn ratios_need_fifty_units() {
    let experiment = experiment(&[(CLICKS, "count(user.unit.view)")]);
    let arm = |variant, n, mean| Units {
        variant,
        n,
        means: vec![mean, 4.0],
        covariances: vec![vec![1.0, 0.2], vec![0.2, 1.0]],
    };
    let scorecard = scorecard(
        &experiment,
        &exact(&experiment, &[arm("a", 49, 1.0), arm("b", 50, 1.1)]),
    );
    assert_eq!(
        texts(&scorecard),
        ["too-few-units: variant `a` has 49 units; below 50, the variance of a ratio is rough"]
    );
    assert_eq!(scorecard.warnings[0].metric, Some(0));
}

#[test]
fn equal_values_are_told_once_where_all_variants_have_them() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let all = [units("a", 100, 1.0, 0.0), units("b", 100, 1.0, 0.0)];
    let one = [units("a", 100, 1.0, 0.0), units("b", 100, 1.1, 0.5)];
    let evaluated = |variants| texts(&scorecard(&experiment, &exact(&experiment, variants)));
    assert_eq!(
        evaluated(&all),
        ["zero-variance: every unit has the same value, in every variant"]
    );
    assert_eq!(
        evaluated(&one),
        ["zero-variance: every unit of variant `a` has the same value"]
    );
}

#[test]
fn variances_from_sums_are_told_for_ratios_and_compound_metrics_only() {
    let experiment = experiment(&[
        (CLICKS, PER_USER),
        ("count(user.unit.click) * 1000", PER_USER),
        ("count(user.unit.click) + count(user.unit.view)", PER_USER),
        (CLICKS, "count(user.unit.view)"),
    ]);
    let sums = [(500.0, 900.0), (600.0, 1_000.0)];
    let statistics = marginal(&experiment, &[("a", 1_000.0, &sums), ("b", 1_000.0, &sums)]);
    let scorecard = scorecard(&experiment, &statistics);
    let metrics: Vec<Option<usize>> = scorecard
        .warnings
        .iter()
        .filter(|warning| warning.code == WarningCode::MarginalVariance)
        .map(|warning| warning.metric)
        .collect();
    assert_eq!(metrics, [Some(2), Some(3)]);
}

#[test]
fn sums_without_digits_for_the_variance_are_told() {
    let experiment = experiment(&[("value(user.unit.balance)", PER_USER)]);
    let (sums, more) = ([(1e12, 1e21 + 1e9)], [(1e12 + 1e5, 1e21 + 2e14 + 1e9)]);
    let statistics = marginal(&experiment, &[("a", 1_000.0, &sums), ("b", 1_000.0, &more)]);
    assert_eq!(
        codes(&scorecard(&experiment, &statistics)),
        ["precision-lost"; 2]
    );
}

#[test]
fn a_control_that_may_be_zero_is_told() {
    let experiment = experiment(&[(CLICKS, PER_USER)]);
    let variants = [units("a", 400, 0.3, 30.0), units("b", 410, 0.9, 31.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(codes(&scorecard), ["control-not-separated-from-zero"]);
    assert_eq!(scorecard.warnings[0].variant.as_deref(), Some("a"));
}

#[test]
fn few_expected_units_make_a_check_rough() {
    let mut experiment = experiment(&[]);
    experiment.checks = vec![exposures_check()];
    let shares = [("a".to_owned(), 1_000.0), ("b".to_owned(), 1.0)];
    experiment.allocation = Some(shares.into_iter().collect());
    let variants = [units("a", 1_000, 0.0, 0.0), units("b", 40, 0.0, 0.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(codes(&scorecard), ["small-expected-counts"]);
    assert_eq!(scorecard.warnings[0].check, Some(0));
}

#[test]
fn a_variant_beside_the_design_is_told() {
    let mut experiment = experiment(&[]);
    let shares = [("a".to_owned(), 1.0), ("b".to_owned(), 1.0)];
    experiment.allocation = Some(shares.into_iter().collect());
    let variants = ["a", "b", "c"].map(|name| units(name, 100, 0.0, 0.0));
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(
        texts(&scorecard),
        ["undesigned-variant: variant `c` has units, but no share in the designed allocation"]
    );
}

#[test]
fn the_sequential_level_is_told_where_it_is_in_force() {
    let experiment = Experiment {
        inference: Inference::EpStats,
        dates: Dates {
            from: Some(date(2026, 1, 1)),
            to: Some(date(2026, 1, 14)),
            evaluated_for: Some(date(2026, 1, 7)),
        },
        ..experiment(&[])
    };
    let variants = [units("a", 100, 0.0, 0.0), units("b", 100, 0.0, 0.0)];
    let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
    assert_eq!(codes(&scorecard), ["sequential-level-exceeds-error"]);
}

fn texts(scorecard: &Scorecard) -> Vec<String> {
    let text = |warning: &Warning| format!("{}: {}", warning.code, warning.message);
    scorecard.warnings.iter().map(text).collect()
}
