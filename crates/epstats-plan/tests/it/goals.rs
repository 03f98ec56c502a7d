//! The statement for the layouts `goals` and `unit-goals`.

use epstats_plan::ColumnType;
use insta::assert_snapshot;

use crate::support::{
    EXPOSURES, experiment, exposure_filter, goal_filter, goal_tables, goals, goals_without_date,
    september, sql, trigger, with_column,
};

const METRICS: [(&str, &str); 3] = [
    ("count(user.unit.click)", EXPOSURES),
    ("value(user.unit.purchase)", "count(user.global.view)"),
    ("unique(user.unit.click)", EXPOSURES),
];

#[test]
fn one_grouping_tells_variants_and_totals() {
    let mut experiment = experiment(&METRICS);
    experiment.dates = september();
    assert_snapshot!(sql(&experiment, &goals(), &goal_tables()));
}

#[test]
fn without_bounds_rows_without_a_day_come_last() {
    let experiment = experiment(&[]);
    assert_snapshot!(sql(&experiment, &goals(), &goal_tables()));
}

#[test]
fn without_a_column_of_days_all_rows_are_of_one_moment() {
    let mut experiment = experiment(&METRICS);
    experiment.dates = september();
    assert_snapshot!(sql(&experiment, &goals_without_date(), &goal_tables()));
}

#[test]
fn all_filter_scopes_hold_together() {
    let mut experiment = experiment(&[
        ("value(user.unit.purchase(product=p_1|p_2))", EXPOSURES),
        ("count(user.global.exposure(country=CZ))", EXPOSURES),
    ]);
    experiment.dates = september();
    experiment.filters = vec![
        exposure_filter("country", &["CZ"]),
        goal_filter("product", &["p_1"]),
        trigger("view", Some(("product", &["p_1", "p_2"]))),
        trigger("exposure", Some(("country", &["SK"]))),
    ];
    assert_snapshot!(sql(&experiment, &goals(), &goal_tables()));
}

#[test]
fn moments_count_as_their_days() {
    let experiment = experiment(&[]);
    let zoned = ColumnType::Timestamp { zoned: true };
    let tables = with_column(&goal_tables(), "goals", "date", Some(zoned));
    assert_snapshot!(sql(&experiment, &goals(), &tables));
}

#[test]
fn counts_with_a_fraction_may_not_be_finite() {
    let experiment = experiment(&[("unique(user.unit.click)", EXPOSURES)]);
    let tables = with_column(&goal_tables(), "goals", "count", Some(ColumnType::Number));
    assert_snapshot!(sql(&experiment, &goals(), &tables));
}
