//! Several experiments in one statement.

use epstats_plan::experiment::{Experiment, Statistics, Sums};
use epstats_plan::{
    Cell, Layout, Plan, Tables, for_experiment, lower_together, lower_variants_together, together,
};

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, events, experiment, goal_filter, goal_tables, goals,
    september, text, with_metric,
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
    assert_eq!(together(&plans, &events()), [] as [Vec<usize>; 0]);
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
    for (layout, tables) in [(goals(), goal_tables()), (agg_goals(), agg_goal_tables())] {
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
