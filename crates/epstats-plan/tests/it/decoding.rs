//! From rows back to statistics.

use std::collections::BTreeMap;

use epstats_plan::experiment::{GoalSums, Inference, Shape, Sums};
use epstats_plan::{Cell, Reading, for_experiment};

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, event_tables, events, experiment, lowered, wide,
    wide_tables,
};

const METRICS: [(&str, &str); 3] = [
    ("value(user.unit.purchase)", "count(user.unit.click)"),
    ("count(user.global.click)", EXPOSURES),
    ("count(device.unit.click)", EXPOSURES),
];

/// Goals: exposures, purchases, clicks by unit, clicks globally, clicks of devices.
fn events_reading(inference: Inference) -> Reading {
    let mut experiment = experiment(&METRICS);
    experiment.inference = inference;
    lowered(&for_experiment(&experiment), &events(), &event_tables()).reading
}

fn row(cells: &[f64]) -> Vec<Cell> {
    cells.iter().map(|cell| Cell::Number(*cell)).collect()
}

#[test]
fn rows_of_kept_and_left_out_units_are_told_apart() {
    let reading = events_reading(Inference::Standard);
    let rows = [
        row(&[
            1.0, 0.0, 20.0, 3.0, 1.5, 2.5, 10.0, 11.0, 12.0, 90.0, 0.0, 7.0,
        ]),
        row(&[0.0, 1.0, 4.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0]),
        row(&[0.0, 0.0, 30.0, 2.0, 0.5, 0.25, 1.0, 2.0, 3.0, 8.0, 0.0, 4.0]),
    ];
    let statistics = reading.decode(&rows).unwrap();
    let Sums::Exact { pairs, variants } = statistics.sums else {
        panic!("expected exact moments")
    };
    assert_eq!(pairs, [(1, 1), (1, 2), (2, 2), (3, 3), (4, 4)]);
    assert_eq!(variants["a"].n_units, 30);
    assert_eq!(variants["a"].means, [1.0, 0.5, 0.25, 0.25, 0.0]);
    assert_eq!(variants["a"].comoments, [1.0, 2.0, 3.0, 3.0, 0.0]);
    assert_eq!(variants["b"].n_units, 20);
    assert_eq!(variants["b"].means, [1.0, 1.5, 2.5, 2.5, 0.0]);
    assert_eq!(statistics.shapes, [3, 4]);
    let clicks = Shape {
        mean_cube: 90.0,
        lowest: 0.0,
        highest: 7.0,
    };
    assert_eq!(variants["b"].shapes, [clicks, Shape::default()]);
    let observations = statistics.observations;
    assert_eq!(
        observations.inconsistent_units,
        Some(BTreeMap::from([("a".to_owned(), 4)]))
    );
    assert!(observations.inconsistent_units_left_out);
    assert_eq!(observations.null_values, 5);
}

#[test]
fn kept_inconsistent_units_are_counted_beside_the_sums() {
    let reading = events_reading(Inference::EpStats);
    let rows = [row(&[1.0, 7.0, 20.0, 3.0, 1.5, 2.5, 10.0, 11.0, 12.0])];
    let statistics = reading.decode(&rows).unwrap();
    assert_eq!(statistics.sums.variants(), ["b"]);
    let observations = statistics.observations;
    assert_eq!(
        observations.inconsistent_units,
        Some(BTreeMap::from([("b".to_owned(), 7)]))
    );
    assert!(!observations.inconsistent_units_left_out);
}

#[test]
fn no_rows_are_no_variants() {
    let statistics = events_reading(Inference::Standard).decode(&[]).unwrap();
    assert_eq!(statistics.sums.variants(), Vec::<&str>::new());
    assert_eq!(statistics.goals.len(), 5);
}

#[test]
fn aggregated_rows_are_sums_by_goal() {
    let plan = for_experiment(&experiment(&[("unique(user.unit.click)", EXPOSURES)]));
    let reading = lowered(&plan, &agg_goals(), &agg_goal_tables()).reading;
    let rows = [vec![
        Cell::Text("b".to_owned()),
        Cell::Number(100.0),
        Cell::Integer(140),
        Cell::Number(30.0),
        Cell::Integer(2),
    ]];
    let statistics = reading.decode(&rows).unwrap();
    let Sums::Marginal { variants } = statistics.sums else {
        panic!("expected marginal sums")
    };
    assert_eq!(
        variants["b"].goals,
        [
            GoalSums {
                sum: 100.0,
                sum_of_squares: 140.0
            },
            GoalSums {
                sum: 30.0,
                sum_of_squares: 30.0
            }
        ]
    );
    assert_eq!(statistics.observations.null_values, 2);
    assert_eq!(statistics.observations.inconsistent_units, None);
}

#[test]
fn wide_goals_without_squares_or_without_a_column_are_told() {
    let plan = for_experiment(&experiment(&[
        ("count(user.unit.click)", EXPOSURES),
        ("count(user.unit.missing)", EXPOSURES),
    ]));
    let reading = lowered(&plan, &wide(), &wide_tables()).reading;
    let rows = [vec![
        Cell::Text("a".to_owned()),
        Cell::Number(100.0),
        Cell::Number(30.0),
        Cell::Number(50.0),
        Cell::Integer(0),
    ]];
    let statistics = reading.decode(&rows).unwrap();
    let Sums::Marginal { variants } = statistics.sums else {
        panic!("expected marginal sums")
    };
    let sums: Vec<(f64, f64)> = variants["a"]
        .goals
        .iter()
        .map(|goal| (goal.sum, goal.sum_of_squares))
        .collect();
    assert_eq!(sums, [(100.0, 100.0), (30.0, 50.0), (0.0, 0.0)]);
    assert_eq!(statistics.observations.squares_assumed, [0]);
}

#[test]
fn rows_that_were_not_asked_for_are_refused() {
    let reading = events_reading(Inference::Standard);
    let refusal = |cells: Vec<Cell>| reading.decode(&[cells]).unwrap_err().to_string();
    let mut cells = row(&[
        0.0, 0.0, 20.0, 3.0, 1.5, 2.5, 10.0, 11.0, 12.0, 90.0, 0.0, 7.0,
    ]);
    assert_eq!(
        refusal(cells[..8].to_vec()),
        "row 0 has 8 values, expected 12"
    );
    cells[0] = Cell::Integer(2);
    assert_eq!(
        refusal(cells.clone()),
        "row 0, value 0: expected the position of a variant, found 2"
    );
    cells[0] = Cell::Text("a".to_owned());
    assert_eq!(
        refusal(cells.clone()),
        "row 0, value 0: expected a whole number from zero, found `a`"
    );
    cells[0] = Cell::Integer(0);
    cells[2] = Cell::Number(-1.0);
    assert_eq!(
        refusal(cells.clone()),
        "row 0, value 2: expected a whole number from zero, found -1"
    );
    cells[2] = Cell::Integer(20);
    cells[4] = Cell::Text("many".to_owned());
    assert_eq!(
        refusal(cells.clone()),
        "row 0, value 4: expected a number, found `many`"
    );
    cells[4] = Cell::Integer(1);
    let twice = reading.decode(&[cells.clone(), cells]).unwrap_err();
    assert_eq!(twice.to_string(), "row 1 speaks of the variant `a` again");
}
