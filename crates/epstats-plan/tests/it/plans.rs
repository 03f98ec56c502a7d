//! Plans of experiments.

use epstats_plan::experiment::{Dates, Inference};
use epstats_plan::{InconsistentUnits, for_experiment};

use crate::support::{EXPOSURES, experiment};

#[test]
fn a_plan_holds_distinct_goals_and_needed_pairs() {
    let plan = for_experiment(&experiment(&[
        ("count(user.unit.click)", EXPOSURES),
        ("value(user.unit.purchase)", "count(user.unit.click)"),
    ]));
    let goals: Vec<String> = plan.goals.iter().map(ToString::to_string).collect();
    assert_eq!(
        goals,
        [
            "count(user.global.exposure)",
            "count(user.unit.click)",
            "value(user.unit.purchase)"
        ]
    );
    assert_eq!(plan.pairs, [(1, 1), (1, 2), (2, 2)]);
    assert_eq!(plan.variants.unwrap(), ["a", "b"]);
}

#[test]
fn the_last_day_is_the_earlier_of_end_and_evaluation() {
    let mut experiment = experiment(&[]);
    experiment.dates = Dates {
        from: None,
        to: Some("2026-09-14".parse().unwrap()),
        evaluated_for: Some("2026-09-07".parse().unwrap()),
    };
    let days = for_experiment(&experiment).days;
    assert_eq!(days, (None, Some("2026-09-07".parse().unwrap())));
}

#[test]
fn inconsistent_units_follow_the_profile() {
    let mut experiment = experiment(&[]);
    let policy = |inference, experiment: &mut epstats_plan::experiment::Experiment| {
        experiment.inference = inference;
        for_experiment(experiment).inconsistent_units
    };
    assert_eq!(
        policy(Inference::Standard, &mut experiment),
        InconsistentUnits::LeaveOut
    );
    assert_eq!(
        policy(Inference::EpStats, &mut experiment),
        InconsistentUnits::Keep
    );
}

#[test]
fn variants_of_the_data_are_sorted_and_complete() {
    let plan = for_experiment(&experiment(&[]));
    assert!(!plan.variants_complete);
    let plan = plan.with_variants_of_data(["b", "a", "b"].map(str::to_owned).to_vec());
    assert!(plan.variants_complete);
    assert_eq!(plan.variants.unwrap(), ["a", "b"]);
}
