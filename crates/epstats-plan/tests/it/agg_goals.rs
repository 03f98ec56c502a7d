//! The statement for the layout `agg-goals`.

use epstats_plan::for_experiment;
use insta::assert_snapshot;

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, experiment, exposure_filter, goal_filter, lowered,
    september, sql, text, trigger,
};

#[test]
fn sums_and_squares_are_read_by_function() {
    let mut experiment = experiment(&[
        ("count(user.unit.click)", EXPOSURES),
        ("value(user.unit.purchase)", EXPOSURES),
        ("unique(user.unit.click)", "count(user.unit.click)"),
    ]);
    experiment.dates = september();
    assert_snapshot!(sql(&experiment, &agg_goals(), &agg_goal_tables()));
}

#[test]
fn filters_of_formulas_are_literal() {
    let experiment = experiment(&[
        ("count(user.unit.click(product=p_1|p_2, age>18))", EXPOSURES),
        ("count(user.unit.click(product=^p%))", EXPOSURES),
    ]);
    assert_snapshot!(sql(&experiment, &agg_goals(), &agg_goal_tables()));
}

#[test]
fn filters_of_experiments_choose_among_rows() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    experiment.filters = vec![
        exposure_filter("age", &["18", "19"]),
        goal_filter("product", &["p_1"]),
        trigger("click", None),
        trigger("view", Some(("product", &["p_2"]))),
    ];
    assert_snapshot!(sql(&experiment, &agg_goals(), &agg_goal_tables()));
}

#[test]
fn unnamed_variants_are_those_of_the_data() {
    let mut plan = for_experiment(&experiment(&[]));
    plan.variants = None;
    assert_snapshot!(text(
        &lowered(&plan, &agg_goals(), &agg_goal_tables()).query
    ));
}
