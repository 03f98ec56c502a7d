//! All layouts made from the same raw events give the same statistics where they can.

use std::collections::BTreeMap;

use epstats_experiment::{Filter, Period, Statistics, Sums};
use epstats_plan::Layout;
use epstats_source::contract::convert::{marginal_sums, other_layouts};
use epstats_source::contract::random_case;
use epstats_source::contract::{Case, HandCase, assert_agree, differences, hand_cases};

use crate::ask;

const TOLERANCE: f64 = 1e-12;

#[test]
fn random_raw_events_and_both_layouts_of_their_units_agree() {
    let mut n_cases = 0;
    for seed in (0..1_000).filter(|seed| seed % 10 < 5) {
        let case = random_case(seed);
        let expected = ask(&case).unwrap();
        if !is_told_by_days(&case) {
            continue;
        }
        for other in layouts_by_unit(&case) {
            let answer = without_what_only_events_tell(&expected, ask(&other).unwrap());
            assert_agree(&expected, &answer, TOLERANCE);
        }
        n_cases += 1;
    }
    assert!(n_cases > 400, "only {n_cases} cases were compared");
}

#[test]
fn random_raw_events_and_their_aggregates_have_the_same_sums() {
    let mut n_cases = 0;
    for seed in (0..2_000).filter(|seed| seed % 10 < 5) {
        let mut case = random_case(seed);
        case.experiment.filters.clear();
        case.experiment.checks.clear();
        case.experiment.post_stratification = None;
        case.experiment.metrics.retain(|metric| {
            let mut goals = metric.ratio.goals().into_iter();
            goals.all(|goal| !goal.is_dimensional())
        });
        for metric in &mut case.experiment.metrics {
            (metric.caps, metric.covariates, metric.quantile) = (None, None, None);
        }
        let expected = ask(&case).unwrap();
        let [_, _, agg_goals, wide] = other_layouts(&case).unwrap();
        assert_same_sums(&expected, &ask(&agg_goals).unwrap());
        if can_be_wide(&expected) {
            assert_same_sums(&expected, &ask(&wide).unwrap());
            n_cases += 1;
        }
    }
    assert!(n_cases > 100, "only {n_cases} cases were compared");
}

#[test]
fn aggregates_by_dimension_keep_totals_and_filtered_sums() {
    let case = hand_case("filters on goals and filters of formulas must both hold");
    let mut case = case.case;
    case.experiment.filters.clear();
    let expected = ask(&case).unwrap();
    let [_, _, agg_goals, wide] = other_layouts(&case).unwrap();
    let answer = ask(&agg_goals).unwrap();
    let product = |answer: &Statistics| sums_of(answer, "a", 1);
    assert_eq!(product(&answer), 1.0);
    assert_eq!(sums_of(&answer, "a", 0), 2.0);
    let Sums::Exact { variants, .. } = &expected.sums else {
        panic!("raw events are exact");
    };
    assert_eq!(variants["a"].means[1] * 2.0, 1.0);
    assert!(ask(&wide).is_err());
}

#[test]
fn every_hand_written_case_of_raw_events_has_the_same_answer_by_units() {
    let mut n_cases = 0;
    for hand in hand_cases() {
        let is_of_events = matches!(hand.case.layout, Layout::Events { .. });
        let Ok(expected) = ask(&hand.case) else {
            continue;
        };
        if !is_of_events || !is_told_by_days(&hand.case) {
            continue;
        }
        for other in layouts_by_unit(&hand.case) {
            let answer = without_what_only_events_tell(&expected, ask(&other).unwrap());
            let differences = differences(&expected, &answer, TOLERANCE);
            assert!(differences.is_empty(), "{}: {differences:#?}", other.name);
        }
        n_cases += 1;
    }
    assert!(n_cases > 100, "only {n_cases} cases were compared");
}

/// The same experiment over the layouts that hold units, where these can tell what it asks.
fn layouts_by_unit(case: &Case) -> Vec<Case> {
    let plan = case.plan();
    let mut values = plan.unit_values.iter();
    if values.any(|value| value.period != Period::SinceExposure) {
        return Vec::new();
    }
    let [goals, unit_goals, ..] = other_layouts(case).unwrap();
    if plan.quantiles.is_empty() {
        vec![goals, unit_goals]
    } else {
        vec![goals]
    }
}

fn hand_case(name: &str) -> HandCase {
    hand_cases()
        .into_iter()
        .find(|hand| hand.case.name == name)
        .unwrap()
}

/// Does every goal have a column of its own: one function, and the unit type of the exposures?
fn can_be_wide(statistics: &Statistics) -> bool {
    let unit_type = &statistics.goals[0].unit_type;
    let mut functions = BTreeMap::new();
    statistics.goals.iter().all(|goal| {
        let function = functions.entry(&goal.name).or_insert(goal.function);
        *function == goal.function && goal.unit_type == *unit_type
    })
}

/// Can tables by days say which of several exposures was first? Not in a range of one day.
fn is_told_by_days(case: &Case) -> bool {
    let dates = &case.experiment.dates;
    dates.from.is_none() || dates.from != dates.last()
}

/// Copies what the other layouts cannot know: NULLs of summed rows, and goals that were seen but not attributed.
fn without_what_only_events_tell(expected: &Statistics, mut answer: Statistics) -> Statistics {
    let observations = &mut answer.observations;
    for goal in &expected.observations.goals_never_seen {
        assert!(observations.goals_never_seen.contains(goal));
    }
    observations
        .goals_never_seen
        .clone_from(&expected.observations.goals_never_seen);
    observations.null_values = expected.observations.null_values;
    answer
}

fn assert_same_sums(expected: &Statistics, answer: &Statistics) {
    let variants = marginal_sums(expected).unwrap();
    let expected = Statistics {
        observations: answer.observations.clone(),
        ..Statistics::new(expected.goals.clone(), Sums::Marginal { variants })
    };
    assert_agree(&expected, answer, TOLERANCE);
}

fn sums_of(answer: &Statistics, variant: &str, goal: usize) -> f64 {
    match &answer.sums {
        Sums::Marginal { variants } => variants[variant].goals[goal].sum,
        Sums::Exact { .. } => panic!("aggregates are marginal"),
    }
}

#[test]
fn filters_are_random_in_all_scopes() {
    let mut scopes = [0; 3];
    for seed in 0..500 {
        for filter in random_case(seed).experiment.filters {
            scopes[match filter {
                Filter::Exposure { .. } => 0,
                Filter::Goal { .. } => 1,
                Filter::Trigger { .. } => 2,
            }] += 1;
        }
    }
    assert!(scopes.iter().all(|n| *n > 40), "{scopes:?}");
}
