//! The statement for the layout `events`.

use epstats_plan::experiment::{Dates, Inference};
use epstats_plan::{Attribution, ColumnType, InconsistentUnits, Layout, Plan, for_experiment};
use insta::assert_snapshot;
use jiff::tz::TimeZone;

use crate::support::{
    EXPOSURES, event_tables, events, experiment, exposure_filter, goal_filter, lowered, september,
    sql, text, trigger, with_column,
};

#[test]
fn exposures_alone_need_no_events() {
    let experiment = experiment(&[]);
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn every_measure_is_computed_once() {
    let experiment = experiment(&[
        ("count(user.unit.click)", EXPOSURES),
        ("unique(user.unit.click)", EXPOSURES),
        ("count(user.global.click)", EXPOSURES),
        (
            "value(user.unit.purchase) - value(user.unit.refund)",
            EXPOSURES,
        ),
        ("value(user.unit.purchase)", "count(user.unit.purchase)"),
    ]);
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn days_window_and_zone_bound_the_events() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    experiment.dates = september();
    let mut layout = events();
    if let Layout::Events {
        attribution,
        time_zone,
        ..
    } = &mut layout
    {
        *attribution = Attribution {
            window_seconds: Some(14 * 86_400),
            ..Attribution::default()
        };
        *time_zone = TimeZone::get("Europe/Prague").unwrap();
    }
    assert_snapshot!(sql(&experiment, &layout, &event_tables()));
}

#[test]
fn a_window_of_centuries_has_no_end() {
    let experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    let mut layout = events();
    if let Layout::Events { attribution, .. } = &mut layout {
        attribution.window_seconds = Some(u64::MAX);
    }
    assert_eq!(
        sql(&experiment, &layout, &event_tables()),
        sql(&experiment, &events(), &event_tables())
    );
}

#[test]
fn days_beyond_what_engines_hold_are_no_bounds() {
    let unbounded = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    let mut bounded = unbounded.clone();
    bounded.dates = Dates {
        from: Some("0001-01-01".parse().unwrap()),
        to: Some("9999-12-31".parse().unwrap()),
        evaluated_for: None,
    };
    assert_eq!(
        sql(&bounded, &events(), &event_tables()),
        sql(&unbounded, &events(), &event_tables())
    );
}

#[test]
fn all_filter_scopes_hold_together() {
    let mut experiment = experiment(&[("value(user.unit.purchase)", EXPOSURES)]);
    experiment.filters = vec![
        exposure_filter("country", &["CZ", "SK"]),
        goal_filter("product", &["vpn"]),
        trigger("view", Some(("product", &["vpn", "cleaner"]))),
        trigger("exposure", Some(("is_new", &["true"]))),
    ];
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn goal_filters_drop_events_before_the_join_where_nothing_triggers() {
    let mut experiment = experiment(&[("value(user.unit.purchase)", EXPOSURES)]);
    experiment.filters = vec![goal_filter("product", &["vpn"])];
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn exposures_with_a_dimension_are_judged_at_the_first_moment() {
    let experiment = experiment(&[
        (
            "count(user.global.exposure(country=CZ, is_new=true))",
            EXPOSURES,
        ),
        ("count(user.unit.click)", EXPOSURES),
    ]);
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn exposures_of_another_unit_type_and_their_values_are_zero() {
    let experiment = experiment(&[
        ("count(device.global.exposure)", EXPOSURES),
        ("value(user.global.exposure)", EXPOSURES),
        ("count(device.unit.click)", EXPOSURES),
    ]);
    let plain = crate::support::experiment(&[]);
    assert_eq!(
        sql(&experiment, &events(), &event_tables()),
        sql(&plain, &events(), &event_tables())
    );
}

#[test]
fn inconsistent_units_may_be_kept() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    let by_plan = Plan {
        inconsistent_units: InconsistentUnits::Keep,
        ..for_experiment(&experiment)
    };
    let by_plan = text(&lowered(&by_plan, &events(), &event_tables()).query);
    let mut layout = events();
    if let Layout::Events {
        inconsistent_units, ..
    } = &mut layout
    {
        *inconsistent_units = Some(InconsistentUnits::Keep);
    }
    experiment.inference = Inference::Standard;
    let by_source = sql(&experiment, &layout, &event_tables());
    assert_eq!(by_plan, by_source);
    assert_snapshot!(by_source);
}

#[test]
fn known_to_be_complete_variants_leave_no_gaps() {
    let plan = for_experiment(&experiment(&[("count(user.unit.click)", EXPOSURES)]));
    let variants = ["c", "a", "b", "a"].map(str::to_owned).to_vec();
    let plan = plan.with_variants_of_data(variants);
    assert_snapshot!(text(&lowered(&plan, &events(), &event_tables()).query));
}

#[test]
fn no_variants_at_all_give_no_units() {
    let plan = for_experiment(&experiment(&[])).with_variants_of_data(Vec::new());
    assert_snapshot!(text(&lowered(&plan, &events(), &event_tables()).query));
}

#[test]
fn zones_and_days_are_compared_as_moments() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    experiment.dates = september();
    let zoned = ColumnType::Timestamp { zoned: true };
    let tables = with_column(&event_tables(), "exposures", "ts", Some(ColumnType::Date));
    let tables = with_column(&tables, "events", "ts", Some(zoned));
    assert_snapshot!(sql(&experiment, &events(), &tables));
}

#[test]
fn days_in_a_zone_bound_a_column_of_days_by_midnights_in_utc() {
    let mut experiment = experiment(&[]);
    experiment.dates = september();
    let tables = with_column(&event_tables(), "exposures", "ts", Some(ColumnType::Date));
    let bounds = |zone: &str| {
        let mut layout = events();
        if let Layout::Events { time_zone, .. } = &mut layout {
            *time_zone = TimeZone::get(zone).unwrap();
        }
        let text = sql(&experiment, &layout, &tables);
        text.lines()
            .filter(|line| line.contains("DATE"))
            .map(|line| line.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let september = [
        r#"AND "ts" >= DATE '2026-09-01'"#,
        r#"AND "ts" < DATE '2026-09-15'"#,
    ];
    assert_eq!(bounds("UTC"), september);
    // 1 September in Prague begins at 22:00 UTC the day before: the next midnight in UTC is that of the 1st.
    assert_eq!(bounds("Europe/Prague"), september);
    // In New York it begins at 4:00 UTC: the next midnight in UTC is that of the 2nd.
    assert_eq!(
        bounds("America/New_York"),
        [
            r#"AND "ts" >= DATE '2026-09-02'"#,
            r#"AND "ts" < DATE '2026-09-16'"#,
        ]
    );
}

#[test]
fn steps_keep_clear_of_the_names_of_tables() {
    let experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    let mut layout = events();
    if let Layout::Events {
        exposures, events, ..
    } = &mut layout
    {
        exposures.table = "exposed".to_owned();
        events.table = "Assigned".to_owned();
    }
    let tables = event_tables();
    let tables = crate::support::tables(&[
        ("exposed", &columns(&tables, "exposures")),
        ("Assigned", &columns(&tables, "events")),
    ]);
    let text = sql(&experiment, &layout, &tables);
    assert!(text.contains(r#"WITH "exposed_" AS ("#), "{text}");
    assert!(text.contains(r#""assigned_" AS ("#), "{text}");
}

fn columns<'a>(tables: &'a epstats_plan::Tables, table: &str) -> Vec<(&'a str, ColumnType)> {
    tables
        .columns(table)
        .unwrap()
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.clone()))
        .collect()
}
