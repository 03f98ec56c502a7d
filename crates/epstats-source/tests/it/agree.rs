//! The comparison of statistics finds what differs, and nothing else.

use std::collections::BTreeMap;

use epstats_experiment::formula::parse;
use epstats_experiment::{
    GoalMoments, GoalSums, MarginalSums, Observations, Statistics, Sums, exposure_goal,
};
use epstats_source::contract::{assert_agree, differences};

const TOLERANCE: f64 = 1e-9;

#[test]
fn equal_answers_agree() {
    assert_agree(&exact(1e6, 4.0), &exact(1e6, 4.0), 0.0);
    assert_agree(&marginal(3.0), &marginal(3.0), 0.0);
}

#[test]
fn means_may_differ_by_the_tolerance_on_their_scale() {
    let expected = exact(1e6, 4.0);
    check(&expected, &exact(1e6 + 0.9e-3, 4.0), &[]);
    check(
        &expected,
        &exact(1e6 + 1.1e-3, 4.0),
        &["variant `a`, mean of `value(user.unit.buy)`: expected 1000000.0, found"],
    );
}

#[test]
fn a_variance_that_was_lost_in_raw_squares_is_found() {
    // 100 units with mean 1e6 and C = 4: the sum of raw squares is 1e14, whose last digit is 1/64.
    let expected = exact(1e6, 4.0);
    let place = "co-moment of `value(user.unit.buy)` and `value(user.unit.buy)`";
    check(&expected, &exact(1e6, 4.0 + 1.0 / 64.0), &[place]);
    check(&expected, &exact(1e6, 4.0 + 1e-5), &[place]);
    check(&expected, &exact(1e6, 4.0 + 1e-6), &[]);
}

#[test]
fn units_that_are_equal_may_have_the_variance_of_a_rounded_mean() {
    check(&exact(1e6, 0.0), &exact(1e6, 1e-20), &[]);
    check(&exact(1e6, 0.0), &exact(1e6, 1e-6), &["co-moment"]);
    check(&exact(0.0, 0.0), &exact(0.0, 1e-300), &["co-moment"]);
}

#[test]
fn values_that_are_not_finite_never_agree_with_numbers() {
    let expected = exact(1.0, 4.0);
    check(&expected, &exact(f64::NAN, 4.0), &["found NaN"]);
    check(&expected, &exact(1.0, f64::INFINITY), &["found inf"]);
    check(&exact(f64::NAN, 4.0), &expected, &["expected NaN"]);
}

#[test]
fn a_variant_without_units_is_the_same_as_none() {
    let expected = exact(1.0, 4.0);
    let mut answer = expected.clone();
    let Sums::Exact { variants, .. } = &mut answer.sums else {
        panic!("it is exact");
    };
    let nobody = GoalMoments {
        n_units: 0,
        means: vec![0.0; 2],
        comoments: vec![0.0],
        ..GoalMoments::default()
    };
    variants.insert("b".to_owned(), nobody);
    check(&expected, &answer, &[]);
    check(&answer, &expected, &[]);
    check(
        &expected,
        &Statistics {
            sums: Sums::Exact {
                pairs: vec![(1, 1)],
                variants: BTreeMap::new(),
            },
            ..expected.clone()
        },
        &[
            "variant `a`, units: expected 100, found 0",
            "mean",
            "mean",
            "co-moment",
        ],
    );
}

#[test]
fn numbers_of_units_must_be_equal() {
    let mut answer = exact(0.0, 0.0);
    if let Sums::Exact { variants, .. } = &mut answer.sums {
        variants.entry("a".to_owned()).or_default().n_units = 101;
    }
    check(
        &exact(0.0, 0.0),
        &answer,
        &["variant `a`, units: expected 100, found 101"],
    );
}

#[test]
fn every_observation_is_compared() {
    let expected = exact(1.0, 1.0);
    let mut answer = expected.clone();
    answer.observations = Observations {
        inconsistent_units: None,
        inconsistent_units_left_out: true,
        null_values: 3,
        goals_never_seen: vec![1],
        squares_assumed: vec![7],
    };
    check(
        &expected,
        &answer,
        &[
            "units in several variants: expected Some({}), found None",
            "were units in several variants left out: expected false, found true",
            "NULL values: expected 0, found 3",
            "goals never seen: expected {}, found {\"value(user.unit.buy)\"}",
            "goals whose squares are assumed: expected {}, found {\"goal 7, which is none\"}",
        ],
    );
}

#[test]
fn no_inconsistent_units_in_a_variant_is_the_same_as_none_counted() {
    let expected = exact(1.0, 1.0);
    let mut answer = expected.clone();
    answer.observations.inconsistent_units = Some(BTreeMap::from([("a".to_owned(), 0)]));
    check(&expected, &answer, &[]);
}

#[test]
fn marginal_sums_may_differ_relatively() {
    check(&marginal(1e9), &marginal(1e9 + 0.5), &[]);
    check(
        &marginal(1e9),
        &marginal(1e9 + 5.0),
        &["variant `a`, `value(user.unit.buy)`, sum:"],
    );
    check(
        &marginal(1.0),
        &exact(1.0, 1.0),
        &["one answer is exact, the other marginal", "units in"],
    );
}

#[test]
fn answers_to_different_goals_are_not_compared_further() {
    let mut answer = exact(2.0, 2.0);
    answer.goals.reverse();
    check(&exact(1.0, 1.0), &answer, &["goals: expected"]);
}

/// Demands these differences, each by the words it contains, in this order.
fn check(expected: &Statistics, answer: &Statistics, words: &[&str]) {
    let found = differences(expected, answer, TOLERANCE);
    assert_eq!(found.len(), words.len(), "{found:#?}");
    for (found, words) in found.iter().zip(words) {
        assert!(
            found.contains(words),
            "`{found}` does not contain `{words}`"
        );
    }
}

fn exact(mean: f64, comoment: f64) -> Statistics {
    let moments = GoalMoments {
        n_units: 100,
        means: vec![1.0, mean],
        comoments: vec![comoment],
        ..GoalMoments::default()
    };
    statistics(
        Sums::Exact {
            pairs: vec![(1, 1)],
            variants: BTreeMap::from([("a".to_owned(), moments)]),
        },
        Some(BTreeMap::new()),
    )
}

fn marginal(sum: f64) -> Statistics {
    let goal = |sum: f64| GoalSums {
        sum,
        sum_of_squares: 1.0,
    };
    let sums = MarginalSums {
        goals: vec![goal(1.0), goal(sum)],
    };
    let variants = BTreeMap::from([("a".to_owned(), sums)]);
    statistics(Sums::Marginal { variants }, None)
}

fn statistics(sums: Sums, inconsistent_units: Option<BTreeMap<String, u64>>) -> Statistics {
    let buy = parse("value(user.unit.buy)").formula.unwrap();
    Statistics {
        observations: Observations {
            inconsistent_units,
            ..Observations::default()
        },
        ..Statistics::new(vec![exposure_goal("user"), buy.goals()[0].clone()], sums)
    }
}
