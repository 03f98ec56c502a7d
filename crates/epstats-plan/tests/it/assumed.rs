//! Tables as they usually are, where no database can be asked.

use epstats_plan::{Layout, Tables, for_experiment, lower};

use crate::support::{
    EXPOSURES, agg_goals, events, experiment, exposure_filter, goal_filter, goals, trigger, wide,
};

fn told(layout: &Layout) -> String {
    let mut experiment = experiment(&[(
        "value(user.unit.purchase(product=a, quantity>3, delivery<2026-09-01))",
        "count(user.unit.exposure(browser=^F))",
    )]);
    if !matches!(layout, Layout::Wide(_)) {
        experiment.filters = vec![
            exposure_filter("country", &["CZ"]),
            goal_filter("element", &["a"]),
            trigger("view", Some(("page", &["b"]))),
        ];
    }
    let plan = for_experiment(&experiment);
    let tables = Tables::assumed(layout, &plan);
    if !matches!(layout, Layout::Wide(_) | Layout::AggGoals(_)) {
        assert!(lower(&plan, layout, &tables).is_ok(), "{tables:?}");
    }
    let told = tables.iter().map(|(table, columns)| {
        let columns = columns.iter().map(|(name, kind)| format!("{name} {kind}"));
        format!("{table}: {}", columns.collect::<Vec<_>>().join(", "))
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn columns_have_the_types_that_they_usually_have() {
    insta::assert_snapshot!(
        [events(), goals(), agg_goals(), wide()]
            .map(|layout| told(&layout))
            .join("\n\n")
    );
}

#[test]
fn one_table_may_hold_exposures_and_events() {
    let mut layout = events();
    if let Layout::Events {
        exposures, events, ..
    } = &mut layout
    {
        events.table = exposures.table.clone();
    }
    let plan = for_experiment(&experiment(&[("count(user.unit.click)", EXPOSURES)]));
    assert!(lower(&plan, &layout, &Tables::assumed(&layout, &plan)).is_ok());
}
