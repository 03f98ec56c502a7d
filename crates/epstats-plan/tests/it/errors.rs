//! Whole messages of refusals.

use epstats_plan::{ColumnType, Layout, LowerErrorKind, Tables, for_experiment, lower};
use insta::assert_snapshot;

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, described, event_tables, events, experiment,
    exposure_filter, goal_tables, goals, refusal, trigger, wide, wide_tables, with_column,
};

const CLICKS: [(&str, &str); 1] = [("value(user.unit.click)", EXPOSURES)];

#[test]
fn missing_columns_are_named_with_the_field_that_maps_them() {
    let experiment = experiment(&CLICKS);
    let mut refusals = Vec::new();
    for (layout, tables, table, column) in [
        (events(), event_tables(), "exposures", "user_id"),
        (events(), event_tables(), "exposures", "exp"),
        (events(), event_tables(), "exposures", "arm"),
        (events(), event_tables(), "exposures", "ts"),
        (events(), event_tables(), "events", "user_id"),
        (events(), event_tables(), "events", "name"),
        (events(), event_tables(), "events", "amount"),
        (goals(), goal_tables(), "goals", "date"),
        (goals(), goal_tables(), "goals", "value"),
        (agg_goals(), agg_goal_tables(), "goals", "sum_sqr_value"),
        (wide(), wide_tables(), "results", "variant"),
    ] {
        let tables = with_column(&tables, table, column, None);
        refusals.push(refusal(&experiment, &layout, &tables));
    }
    assert_snapshot!(refusals.join("\n\n"));
}

#[test]
fn the_nearest_column_is_suggested() {
    let tables = with_column(&event_tables(), "exposures", "user_id", None);
    let tables = with_column(&tables, "exposures", "userid", Some(ColumnType::Integer));
    assert_snapshot!(refusal(&experiment(&[]), &events(), &tables));
}

#[test]
fn wrong_types_are_told_with_what_would_be_right() {
    let experiment = experiment(&CLICKS);
    let mut refusals = Vec::new();
    for (layout, tables, table, column, kind) in [
        (
            events(),
            event_tables(),
            "exposures",
            "ts",
            ColumnType::Text,
        ),
        (
            events(),
            event_tables(),
            "events",
            "ts",
            ColumnType::Integer,
        ),
        (
            events(),
            event_tables(),
            "exposures",
            "arm",
            ColumnType::Integer,
        ),
        (
            events(),
            event_tables(),
            "exposures",
            "user_id",
            ColumnType::Boolean,
        ),
        (
            events(),
            event_tables(),
            "events",
            "user_id",
            ColumnType::Text,
        ),
        (
            events(),
            event_tables(),
            "events",
            "amount",
            ColumnType::Text,
        ),
        (goals(), goal_tables(), "goals", "value", ColumnType::Date),
        (
            wide(),
            wide_tables(),
            "results",
            "click",
            ColumnType::Other("List(Int64)".to_owned()),
        ),
    ] {
        let tables = with_column(&tables, table, column, Some(kind));
        refusals.push(refusal(&experiment, &layout, &tables));
    }
    assert_snapshot!(refusals.join("\n\n"));
}

#[test]
fn dimensions_are_those_of_the_mapping_or_all_other_columns() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    experiment.filters = vec![exposure_filter("arm", &["a"])];
    let mapped = refusal(&experiment, &events(), &event_tables());
    experiment.filters = vec![trigger("view", Some(("prodct", &["a"])))];
    let misspelled = refusal(&experiment, &events(), &event_tables());
    experiment.filters = vec![exposure_filter("country", &["a"])];
    let unlisted = refusal(&experiment, &agg_goals(), &agg_goal_tables());
    let mut layout = events();
    if let Layout::Events { exposures, .. } = &mut layout {
        exposures.dimensions = Some(Vec::new());
    }
    let none = refusal(&experiment, &layout, &event_tables());
    assert_snapshot!([mapped, misspelled, unlisted, none].join("\n\n"));
}

#[test]
fn what_a_layout_cannot_answer_is_refused() {
    let mut refusals = Vec::new();
    let mut without_values = events();
    if let Layout::Events { events, .. } = &mut without_values {
        events.value = None;
    }
    refusals.push(refusal(
        &experiment(&CLICKS),
        &without_values,
        &event_tables(),
    ));
    let dimensional = experiment(&[("count(user.unit.click(product=p_1))", EXPOSURES)]);
    refusals.push(refusal(&dimensional, &wide(), &wide_tables()));
    let mut filtered = experiment(&[]);
    filtered.filters = vec![exposure_filter("country", &["CZ"])];
    refusals.push(refusal(&filtered, &wide(), &wide_tables()));
    refusals.push(refusal(&experiment(&[]), &events(), &Tables::default()));
    let mut plan = for_experiment(&experiment(&[]));
    plan.variants = None;
    let error = lower(&plan, &events(), &event_tables()).unwrap_err();
    assert_eq!(error.kind, LowerErrorKind::NotAnswerable);
    refusals.push(described(&error));
    assert_snapshot!(refusals.join("\n\n"));
}
