//! The statements beside the main one.

use epstats_plan::{
    Cell, Layout, Plan, Tables, for_experiment, lower_bad_values, lower_never_seen, lower_variants,
};
use insta::assert_snapshot;

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, described, event_tables, events, experiment,
    exposure_filter, goal_tables, goals, september, text, trigger, wide, wide_tables,
};

fn plan() -> Plan {
    let mut experiment = experiment(&[
        ("value(user.unit.purchase)", EXPOSURES),
        ("count(user.unit.click)", "count(device.unit.click)"),
    ]);
    experiment.dates = september();
    for_experiment(&experiment)
}

fn layouts() -> [(&'static str, Layout, Tables); 4] {
    [
        ("events", events(), event_tables()),
        ("goals", goals(), goal_tables()),
        ("agg-goals", agg_goals(), agg_goal_tables()),
        ("wide", wide(), wide_tables()),
    ]
}

#[test]
fn variants_are_those_of_seen_exposures() {
    let mut statements = Vec::new();
    for (name, layout, tables) in layouts() {
        let query = lower_variants(&plan(), &layout, &tables).unwrap();
        statements.push(format!("-- {name}\n{}", text(&query)));
    }
    assert_snapshot!(statements.join("\n\n"));
}

#[test]
fn goals_are_looked_for_in_all_rows() {
    let mut statements = Vec::new();
    for (name, layout, tables) in layouts() {
        let all: Vec<usize> = (0..4).collect();
        let never = lower_never_seen(&plan(), &layout, &tables, &all).unwrap();
        let statement = never.query.as_ref().map_or("none".to_owned(), text);
        let known = never.reading.decode(&[]).unwrap();
        statements.push(format!(
            "-- {name}, without a row never seen: {known:?}\n{statement}"
        ));
    }
    assert_snapshot!(statements.join("\n\n"));
}

#[test]
fn goals_with_a_row_were_seen() {
    let [(_, events, event_tables), (_, goals, goal_tables), ..] = layouts();
    let goal = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| Cell::Text((*text).to_owned()))
            .collect::<Vec<_>>()
    };
    let never = lower_never_seen(&plan(), &events, &event_tables, &[1, 2, 3]).unwrap();
    let rows = [goal(&["click"])];
    assert_eq!(never.reading.decode(&rows).unwrap(), [1, 3]);
    let never = lower_never_seen(&plan(), &goals, &goal_tables, &[1, 2, 3]).unwrap();
    let rows = [
        goal(&["click", "device", "unit"]),
        goal(&["purchase", "user", "global"]),
        vec![Cell::Text("purchase".to_owned()), Cell::Null, Cell::Null],
    ];
    assert_eq!(never.reading.decode(&rows).unwrap(), [1, 2]);
}

#[test]
fn bad_values_are_counted_where_they_would_be_summed() {
    let mut statements = Vec::new();
    for (name, layout, tables) in layouts() {
        let bad = lower_bad_values(&plan(), &layout, &tables).unwrap();
        statements.push(format!("-- {name}\n{}", text(&bad.query)));
    }
    let mut experiment = experiment(&[("value(user.unit.purchase)", EXPOSURES)]);
    experiment.filters = vec![exposure_filter("country", &["CZ"]), trigger("view", None)];
    let filtered = for_experiment(&experiment);
    let bad = lower_bad_values(&filtered, &events(), &event_tables()).unwrap();
    statements.push(format!("-- events with filters\n{}", text(&bad.query)));
    assert_snapshot!(statements.join("\n\n"));
}

#[test]
fn bad_values_are_told_by_column_and_number_of_rows() {
    let bad = lower_bad_values(&plan(), &goals(), &goal_tables()).unwrap();
    let message = |values: i64, counts: i64| {
        bad.message(&[vec![Cell::Integer(values), Cell::Integer(counts)]])
    };
    assert_eq!(
        message(1, 0),
        "NaN or infinite values are in the column `value` of the table `goals` in 1 row"
    );
    assert_eq!(
        message(3, 2),
        "NaN or infinite values are in the column `value` of the table `goals` in 3 rows, \
         and in the column `count` of the table `goals` in 2 rows"
    );
    assert_eq!(
        message(0, 0),
        "the sums or squares of `value`, `count` are beyond what double precision can hold"
    );
}

#[test]
fn without_numbers_of_the_data_nothing_can_be_bad() {
    let plan = for_experiment(&experiment(&[("count(user.unit.click)", EXPOSURES)]));
    let error = lower_bad_values(&plan, &events(), &event_tables()).unwrap_err();
    assert_snapshot!(described(&error));
}
