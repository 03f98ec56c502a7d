//! What dates and filters mean on aggregated goals, sentence by sentence, and where goals by unit mean another thing.

use epstats_plan::experiment::{Dates, Filter, Statistics};
use epstats_plan::{Plan, for_experiment};
use epstats_source::FailureKind;
use jiff::civil::{Date, date};

use crate::ask::{AGG_COLUMNS, agg_goals, ask, experiment, filter, plan, told, unit_goals};

const DATED: &str = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,date,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
exp,a,user,global,exposure,2026-09-01,1,1,0,0,1
exp,a,user,global,exposure,2026-09-02,2,2,0,0,2
exp,a,user,global,exposure,2026-09-03,4,4,0,0,4
exp,a,user,global,exposure,2026-09-04,8,8,0,0,8
exp,a,user,global,exposure,,16,16,0,0,16
exp,a,user,unit,buy,2026-09-02,1,1,2.5,6.25,1
exp,a,user,unit,buy,2026-09-04,2,4,0.5,0.25,1
exp,a,user,unit,buy,,4,16,1,1,1
other,a,user,global,exposure,2026-09-02,32,32,0,0,32
other,a,user,unit,view,2026-09-02,64,64,0,0,64
";

#[test]
fn rows_of_the_experiment_s_id_count() {
    let mut other = experiment(&["count(user.unit.buy)"]);
    check_agg(DATED, &for_experiment(&other), "a: 31 31, 7 21");
    other.id = "other".to_owned();
    check_agg(DATED, &for_experiment(&other), "a: 32 32, 0 0");
    other.id = "OTHER".to_owned();
    check_agg(DATED, &for_experiment(&other), "");
}

#[test]
fn with_both_dates_both_days_and_those_between_count() {
    let (second, third) = (date(2026, 9, 2), date(2026, 9, 3));
    check_days(Some(second), Some(third), None, "a: 6 6, 1 1, 2.5 6.25");
    check_days(Some(second), Some(second), None, "a: 2 2, 1 1, 2.5 6.25");
    check_days(Some(third), Some(second), None, "");
}

#[test]
fn the_day_of_evaluation_ends_the_range_where_it_is_earlier() {
    let day = |day| Some(date(2026, 9, day));
    check_days(day(1), day(4), day(3), "a: 7 7, 1 1, 2.5 6.25");
    check_days(day(1), day(3), day(4), "a: 7 7, 1 1, 2.5 6.25");
    check_days(day(3), day(4), day(2), "");
}

#[test]
fn one_date_bounds_one_side() {
    let day = |day| Some(date(2026, 9, day));
    check_days(day(3), None, None, "a: 12 12, 2 4, 0.5 0.25");
    check_days(None, day(2), None, "a: 3 3, 1 1, 2.5 6.25");
}

#[test]
fn a_row_without_a_date_is_outside_any_bounded_range() {
    let day = |day| Some(date(2026, 9, day));
    check_days(None, None, None, "a: 31 31, 7 21, 4 7.5");
    check_days(day(1), None, None, "a: 15 15, 3 5, 3 6.5");
    check_days(None, day(4), None, "a: 15 15, 3 5, 3 6.5");
}

#[test]
fn without_a_column_of_dates_the_days_of_the_experiment_do_not_matter() {
    let text = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
exp,a,user,global,exposure,3,3,0,0,3
";
    let mut experiment = experiment(&[]);
    experiment.dates.from = Some(date(2026, 9, 1));
    check_agg(text, &for_experiment(&experiment), "a: 3 3");
}

const DIMENSIONS: &str = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,country,product,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
exp,a,user,global,exposure,CZ,,10,10,0,0,10
exp,a,user,global,exposure,DE,,20,20,0,0,20
exp,a,user,global,exposure,,,40,40,0,0,40
exp,a,user,unit,buy,CZ,lamp,1,1,0,0,1
exp,a,user,unit,buy,CZ,desk,2,4,0,0,1
exp,a,user,unit,buy,DE,lamp,4,16,0,0,1
exp,a,user,unit,buy,,lamp,8,64,0,0,1
exp,a,user,unit,view,CZ,,16,256,0,0,1
exp,a,user,unit,view,DE,desk,32,1024,0,0,1
exp,b,user,global,exposure,CZ,,5,5,0,0,5
";
const BUY_AND_VIEW: &[&str] = &["count(user.unit.buy)", "count(user.unit.view)"];

#[test]
fn a_filter_of_scope_exposure_drops_exposure_rows_of_other_values() {
    check_filters(
        &[filter("exposure", "", "country", &["CZ"])],
        "a: 10 10, 15 85, 48 1280\nb: 5 5, 0 0, 0 0",
    );
    check_filters(
        &[filter("exposure", "", "country", &["DE", "PL"])],
        "a: 20 20, 15 85, 48 1280",
    );
}

#[test]
fn a_filter_of_scope_goal_drops_all_other_rows_of_other_values() {
    check_filters(
        &[filter("goal", "", "product", &["lamp"])],
        "a: 70 70, 13 81, 0 0\nb: 5 5, 0 0, 0 0",
    );
    check_filters(
        &[filter("goal", "", "country", &["CZ", "DE"])],
        "a: 70 70, 7 21, 48 1280\nb: 5 5, 0 0, 0 0",
    );
}

#[test]
fn a_filter_of_scope_trigger_keeps_exposures_and_the_rows_of_its_goal() {
    check_filters(
        &[filter("trigger", "buy", "", &[])],
        "a: 70 70, 15 85, 0 0\nb: 5 5, 0 0, 0 0",
    );
    check_filters(
        &[filter("trigger", "nothing", "", &[])],
        "a: 70 70, 0 0, 0 0\nb: 5 5, 0 0, 0 0",
    );
}

#[test]
fn a_filter_of_scope_trigger_may_ask_for_its_dimension() {
    check_filters(
        &[filter("trigger", "buy", "product", &["desk"])],
        "a: 70 70, 2 4, 0 0\nb: 5 5, 0 0, 0 0",
    );
    check_filters(
        &[filter("trigger", "exposure", "country", &["CZ"])],
        "a: 70 70, 0 0, 0 0\nb: 5 5, 0 0, 0 0",
    );
}

#[test]
fn all_filters_hold_together() {
    check_filters(
        &[
            filter("exposure", "", "country", &["CZ"]),
            filter("goal", "", "country", &["CZ"]),
            filter("trigger", "buy", "product", &["lamp"]),
        ],
        "a: 10 10, 1 1, 0 0\nb: 5 5, 0 0, 0 0",
    );
}

#[test]
fn rows_are_summed_over_everything_but_variant_goal_and_dimensions_of_formulas() {
    check_agg(
        DIMENSIONS,
        &plan(&[
            "count(user.unit.buy)",
            "count(user.unit.buy(product=lamp))",
            "count(user.unit.buy(country=CZ))",
            "count(user.unit.buy(country=CZ, product=desk))",
            "unique(user.unit.view)",
        ]),
        "a: 70 70, 15 85, 13 81, 3 5, 2 4, 2 2\nb: 5 5, 0 0, 0 0, 0 0, 0 0, 0 0",
    );
}

#[test]
fn operators_are_part_of_the_text_that_is_looked_for() {
    let text = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,age,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
exp,a,user,unit,buy,>18,1,1,0,0,1
exp,a,user,unit,buy,20,2,4,0,0,1
exp,a,user,unit,buy,=^2,4,16,0,0,1
exp,a,user,unit,buy,2%|3,8,64,0,0,1
exp,a,user,unit,buy, 20,16,256,0,0,1
";
    check_agg(
        text,
        &plan(&[
            "count(user.unit.buy(age>18))",
            "count(user.unit.buy(age=20))",
            "count(user.unit.buy(age=^2))",
            "count(user.unit.buy(age=2%|3))",
            "count(user.unit.buy(age>=18))",
        ]),
        "a: 0 0, 1 1, 2 4, 4 16, 8 64, 0 0",
    );
}

#[test]
fn what_formulas_need_and_the_data_lack_is_zero_and_never_seen() {
    let plan = plan(&[
        "count(user.unit.gift)",
        "value(device.unit.buy)",
        "count(user.global.buy)",
        "count(user.unit.buy(product=bed))",
    ]);
    let answer = check_agg(
        DIMENSIONS,
        &plan,
        "a: 70 70, 0 0, 0 0, 0 0, 0 0\nb: 5 5, 0 0, 0 0, 0 0, 0 0",
    );
    assert_eq!(answer.observations.goals_never_seen, [1, 2, 3]);
}

#[test]
fn an_experiment_without_rows_has_nothing_and_never_saw_a_goal() {
    let plan = Plan {
        experiment: "unknown".to_owned(),
        ..plan(BUY_AND_VIEW)
    };
    let answer = check_agg(DIMENSIONS, &plan, "");
    assert_eq!(answer.observations.goals_never_seen, [0, 1, 2]);
}

#[test]
fn rows_of_variants_that_are_not_asked_for_are_dropped() {
    let mut experiment = experiment(BUY_AND_VIEW);
    experiment.variants = Some(vec!["a".to_owned(), "c".to_owned()]);
    check_agg(
        DIMENSIONS,
        &for_experiment(&experiment),
        "a: 70 70, 15 85, 48 1280",
    );
}

#[test]
fn a_dimension_that_no_column_has_is_a_failure() {
    let source = agg_goals(DIMENSIONS).unwrap();
    let mut by_filter = plan(BUY_AND_VIEW);
    by_filter.filters = vec![filter("goal", "", "colour", &["red"])];
    let unknown = Plan {
        experiment: "unknown".to_owned(),
        ..by_filter.clone()
    };
    for plan in [
        plan(&["count(user.unit.buy(colour=red))"]),
        by_filter,
        unknown,
    ] {
        let error = ask(&source, &plan).unwrap_err();
        assert_eq!(error.kind, FailureKind::MissingColumn);
        assert_eq!(error.source_name, "mine");
        assert_eq!(
            error.message,
            "table `goals_agg.csv` has no dimension `colour`"
        );
        assert_eq!(
            error.help.as_deref(),
            Some("its dimensions are `country`, `product`")
        );
    }
}

#[test]
fn a_column_that_means_something_else_is_no_dimension() {
    let source = agg_goals(DATED).unwrap();
    for column in ["goal", "exp_variant_id", "date", "count"] {
        let plan = plan(&[format!("count(user.unit.buy({column}=x))").as_str()]);
        let error = ask(&source, &plan).unwrap_err();
        assert_eq!(error.kind, FailureKind::MissingColumn, "{column}");
    }
}

const BY_UNIT: &str = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,date,country,count,sum_value
exp,a,user,global,exposure,u1,2026-09-01,CZ,1,0
exp,a,user,global,exposure,u2,2026-09-02,DE,1,0
exp,b,user,global,exposure,u3,2026-09-01,CZ,1,0
exp,a,user,unit,buy,u1,2026-09-01,CZ,1,2.5
exp,a,user,unit,buy,u1,2026-09-02,CZ,2,1.5
exp,a,user,unit,view,u2,2026-09-02,DE,4,0
exp,a,user,unit,buy,u9,2026-09-01,CZ,100,100
";

#[test]
fn by_unit_the_rows_of_a_unit_are_added_before_anything_is_squared() {
    let plan = plan(&["count(user.unit.buy)", "value(user.unit.buy)"]);
    check_by_unit(&plan, "a: 2, 1.5 4.5, 2 8\nb: 1, 0 0, 0 0");
}

#[test]
fn by_unit_a_unit_that_was_exposed_outside_the_days_is_not_there() {
    let mut experiment = experiment(&["count(user.unit.buy)"]);
    experiment.dates.from = Some(date(2026, 9, 2));
    check_by_unit(&for_experiment(&experiment), "a: 1, 0 0");
}

#[test]
fn by_unit_a_trigger_keeps_units_and_a_filter_of_exposures_drops_them() {
    let mut plan = plan(&["count(user.unit.buy)"]);
    plan.filters = vec![filter("trigger", "buy", "", &[])];
    check_by_unit(&plan, "a: 1, 3 0");
    plan.filters = vec![filter("exposure", "", "country", &["DE"])];
    check_by_unit(&plan, "a: 1, 0 0");
}

/// Asks an aggregated table for a count of exposures and two goals on `buy`.
fn check_days(from: Option<Date>, to: Option<Date>, evaluated_for: Option<Date>, expected: &str) {
    let mut experiment = experiment(&["count(user.unit.buy)", "value(user.unit.buy)"]);
    experiment.dates = Dates {
        from,
        to,
        evaluated_for,
    };
    check_agg(DATED, &for_experiment(&experiment), expected);
}

fn check_filters(filters: &[Filter], expected: &str) {
    let plan = Plan {
        filters: filters.to_vec(),
        ..plan(BUY_AND_VIEW)
    };
    check_agg(DIMENSIONS, &plan, expected);
}

fn check_agg(text: &str, plan: &Plan, expected: &str) -> Statistics {
    let answer = ask(&agg_goals(text).unwrap(), plan).unwrap();
    assert_eq!(told(&answer), expected);
    answer
}

fn check_by_unit(plan: &Plan, expected: &str) {
    let answer = ask(&unit_goals(BY_UNIT).unwrap(), plan).unwrap();
    assert_eq!(told(&answer), expected);
}

#[test]
fn what_needs_units_is_refused_by_sums_and_answered_by_units() {
    let mut plan = plan(&["value(user.unit.buy)"]);
    plan.strata = vec!["country".to_owned()];
    let sums = agg_goals(&format!("{AGG_COLUMNS},country\n")).unwrap();
    let refused = ask(&sums, &plan).unwrap_err();
    assert_eq!(refused.kind, FailureKind::NotAnswerable);
    assert!(refused.message.contains("need data by unit"), "{refused}");
    let units = unit_goals(
        "exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,count,sum_value,country\n\
         exp,a,user,global,exposure,1,1,0,CZ\n\
         exp,a,user,unit,buy,1,1,7,SK\n",
    )
    .unwrap();
    let answer = ask(&units, &plan).unwrap();
    let [stratum] = &answer.strata["country"][..] else {
        panic!("there is one unit")
    };
    assert_eq!(stratum.value.as_deref(), Some("CZ"));
    assert_eq!(stratum.variants["a"].means, [1.0, 7.0]);
}
