//! What metrics and checks declare is merged.

use epstats_experiment::formula::parse;
use epstats_experiment::{Experiment, Metric, Needs, Ratio};

fn metric(numerator: &str, denominator: &str) -> Metric {
    let formula = |text: &str| parse(text).formula.unwrap();
    Metric::new(
        "1",
        "Metric",
        Ratio {
            numerator: formula(numerator),
            denominator: formula(denominator),
        },
    )
}

fn needs(metrics: Vec<Metric>) -> Needs {
    let mut experiment = Experiment::new("checkout", "control", "user");
    experiment.metrics = metrics;
    Needs::of(&experiment)
}

#[test]
fn exposures_are_always_first_and_vary_with_nothing() {
    let needs = needs(vec![metric(
        "count(user.unit.click)",
        "count(user.global.exposure)",
    )]);
    let goals: Vec<String> = needs.goals.iter().map(ToString::to_string).collect();
    assert_eq!(
        goals,
        ["count(user.global.exposure)", "count(user.unit.click)"]
    );
    assert_eq!(needs.pairs, [(1, 1)]);
}

#[test]
fn goals_of_several_metrics_are_asked_once_and_pairs_stay_within_a_metric() {
    let needs = needs(vec![
        metric("count(user.unit.click)", "count(user.unit.view)"),
        metric("value(user.unit.buy)", "count(user.unit.click)"),
    ]);
    assert_eq!(needs.goals.len(), 4);
    assert_eq!(needs.pairs, [(1, 1), (1, 2), (1, 3), (2, 2), (3, 3)]);
}
