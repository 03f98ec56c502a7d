//! Several experiments in one statement.

use epstats_plan::experiment::{Dates, Experiment, Statistics, Sums};
use epstats_plan::{
    Cell, Layout, Plan, Tables, for_experiment, lower_together, lower_variants_together, together,
};

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, described, event_tables, events, experiment,
    goal_filter, goal_tables, goals, september, text, with_metric,
};

const CLICKS: (&str, &str) = ("count(user.unit.click)", EXPOSURES);
const VIEWS: (&str, &str) = ("count(user.unit.view)", EXPOSURES);

fn named(id: &str, metrics: &[(&str, &str)]) -> Experiment {
    Experiment {
        id: id.to_owned(),
        ..experiment(metrics)
    }
}

fn plans(experiments: &[Experiment]) -> Vec<Plan> {
    experiments.iter().map(for_experiment).collect()
}

fn statement(plans: &[Plan], layout: &Layout, tables: &Tables) -> String {
    let plans: Vec<&Plan> = plans.iter().collect();
    text(&lower_together(&plans, layout, tables).unwrap().query)
}

#[test]
fn plans_with_the_same_filters_go_together() {
    let mut dated = named("dated", &[CLICKS]);
    dated.dates = september();
    let mut filtered = named("filtered", &[CLICKS]);
    filtered.filters = vec![goal_filter("product", &["p_1"])];
    let mut of_devices = named("devices", &[CLICKS]);
    of_devices.unit_type = "device".to_owned();
    let capped = Experiment {
        id: "capped".to_owned(),
        ..with_metric("count(user.unit.click)", |metric| {
            metric.caps = Some(epstats_plan::experiment::Caps {
                rule: epstats_plan::experiment::CapRule {
                    lower: None,
                    upper: epstats_plan::experiment::Finite::new(5.0)
                        .map(epstats_plan::experiment::Limit::Value),
                },
                of: epstats_plan::experiment::Capped::Goals,
                shows_uncapped: false,
            });
        })
    };
    let plans = plans(&[
        named("one", &[CLICKS]),
        filtered,
        dated,
        of_devices,
        capped,
        named("two", &[CLICKS, VIEWS]),
        named("one", &[CLICKS]),
    ]);
    // The last is about an experiment that is in the group already.
    assert_eq!(together(&plans, &goals()), [vec![0, 2, 5]]);
    assert_eq!(together(&plans, &agg_goals()), [vec![0, 2, 5]]);
    assert_eq!(together(&plans, &events()), [vec![0, 2, 5]]);
    assert_eq!(together(&plans, &events_of_one()), [] as [Vec<usize>; 0]);
}

/// Two tables of raw events, whose exposures do not say which experiment they are of.
fn events_of_one() -> Layout {
    let mut layout = events();
    if let Layout::Events { exposures, .. } = &mut layout {
        exposures.experiment = None;
    }
    layout
}

#[test]
fn events_are_read_together_for_days_that_overlap() {
    let of_days = |from: Option<&str>, to: Option<&str>| {
        let mut experiment = named(&format!("{from:?} to {to:?}"), &[CLICKS]);
        experiment.dates = Dates {
            from: from.map(|day| day.parse().unwrap()),
            to: to.map(|day| day.parse().unwrap()),
            evaluated_for: None,
        };
        experiment
    };
    let plans = plans(&[
        of_days(Some("2026-09-01"), Some("2026-09-14")),
        of_days(Some("2026-11-01"), None),
        of_days(Some("2026-09-14"), Some("2026-09-30")),
        of_days(Some("2026-10-01"), Some("2026-10-02")),
        of_days(None, Some("2026-08-31")),
        of_days(Some("2026-12-24"), Some("2026-12-24")),
    ]);
    assert_eq!(together(&plans, &events()), [vec![0, 2], vec![1, 5]]);
    assert_eq!(together(&plans, &goals()), [vec![0, 1, 2, 3, 4, 5]]);
}

#[test]
fn events_count_until_the_end_of_the_days_of_their_own_experiment() {
    let mut second = named("second", &[VIEWS]);
    second.dates = september();
    let mut third = named("third", &[CLICKS]);
    third.dates = september();
    let plans = plans(&[named("first", &[CLICKS]), second, third]);
    insta::assert_snapshot!(statement(&plans, &events(), &event_tables()));
    let parts: Vec<&Plan> = plans.iter().collect();
    let variants = lower_variants_together(&parts, &events(), &event_tables()).unwrap();
    insta::assert_snapshot!(text(&variants));
}

#[test]
fn exposures_must_say_which_experiment_they_are_of() {
    let plans = plans(&[named("first", &[CLICKS]), named("second", &[CLICKS])]);
    let parts: Vec<&Plan> = plans.iter().collect();
    let error = lower_together(&parts, &events_of_one(), &event_tables()).unwrap_err();
    insta::assert_snapshot!(described(&error));
    let mut of_devices = events();
    if let Layout::Events { unit_type, .. } = &mut of_devices {
        *unit_type = "device".to_owned();
    }
    let error = lower_together(&parts, &of_devices, &event_tables()).unwrap_err();
    insta::assert_snapshot!(described(&error));
}

#[test]
fn plans_about_other_goals_are_asked_alone() {
    let goal = |number: usize| format!("count(user.unit.goal_{number})");
    let experiment = |from: usize| {
        let goals: Vec<String> = (from..from + 4).map(goal).collect();
        let metrics: Vec<(&str, &str)> = goals
            .iter()
            .map(|goal| (goal.as_str(), EXPOSURES))
            .collect();
        named(&format!("from {from}"), &metrics)
    };
    let plans = plans(&[
        experiment(0),
        experiment(100),
        experiment(200),
        experiment(1),
    ]);
    assert_eq!(together(&plans, &goals()), [vec![0, 3]]);
}

#[test]
fn the_statement_says_of_which_experiment_a_row_is() {
    let mut second = named("second", &[VIEWS]);
    second.dates = september();
    let plans = plans(&[named("first", &[CLICKS]), second]);
    for (layout, tables) in [
        (events(), event_tables()),
        (goals(), goal_tables()),
        (agg_goals(), agg_goal_tables()),
    ] {
        let statement = statement(&plans, &layout, &tables);
        for words in [
            "'first'",
            "'second'",
            "'click'",
            "'view'",
            "2026-09-01",
            "OR",
        ] {
            assert!(statement.contains(words), "{words}\n{statement}");
        }
        assert!(statement.contains("AS \"experiment\""), "{statement}");
    }
    let parts: Vec<&Plan> = plans.iter().collect();
    let variants = lower_variants_together(&parts, &goals(), &goal_tables()).unwrap();
    let variants = text(&variants);
    assert!(
        variants.contains("'first'") && variants.contains("'second'"),
        "{variants}"
    );
}

#[test]
fn each_experiment_reads_its_own_rows_and_columns() {
    let plans = plans(&[named("first", &[CLICKS]), named("second", &[VIEWS, CLICKS])]);
    let parts: Vec<&Plan> = plans.iter().collect();
    let lowered = lower_together(&parts, &agg_goals(), &agg_goal_tables()).unwrap();
    // Columns: experiment, variant, then sum and squares of exposures, clicks and views, then rows with NULL.
    let row = |experiment: &str, variant: &str, numbers: [f64; 6], nulls: i64| {
        let mut cells = vec![
            Cell::Text(experiment.to_owned()),
            Cell::Text(variant.to_owned()),
        ];
        cells.extend(numbers.map(Cell::Number));
        cells.push(Cell::Integer(nulls));
        cells
    };
    let rows = |nulls| {
        vec![
            row("second", "a", [20.0, 20.0, 2.0, 4.0, 9.0, 27.0], nulls),
            row("first", "b", [10.0, 10.0, 3.0, 5.0, 8.0, 16.0], nulls),
            row("first", "a", [11.0, 11.0, 4.0, 6.0, 7.0, 17.0], nulls),
        ]
    };
    let found = lowered.decode(&rows(0)).unwrap();
    let sums = |statistics: &Option<Statistics>, variant: &str| -> Vec<(f64, f64)> {
        let statistics = statistics.as_ref().unwrap();
        let Sums::Marginal { variants } = &statistics.sums else {
            panic!("sums are marginal");
        };
        let goals = variants[variant].goals.iter();
        goals.map(|goal| (goal.sum, goal.sum_of_squares)).collect()
    };
    assert_eq!(sums(&found[0], "a"), [(11.0, 11.0), (4.0, 6.0)]);
    assert_eq!(sums(&found[0], "b"), [(10.0, 10.0), (3.0, 5.0)]);
    assert_eq!(
        sums(&found[1], "a"),
        [(20.0, 20.0), (9.0, 27.0), (2.0, 4.0)]
    );

    // NULL values may be those of goals that the first experiment does not read.
    let found = lowered.decode(&rows(2)).unwrap();
    assert_eq!(found[0], None);
    assert_eq!(found[1].as_ref().unwrap().observations.null_values, 2);
}
