//! What is read of the two files, and how it may be written.

use std::fs;

use epstats_source::Source;
use epstats_source_folder::{FolderFiles, FolderSource};

use crate::ask::{AGG_COLUMNS, agg_goals, ask, plan, told, unit_goals};

const UNIT_GOALS: &str = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,count,sum_value
exp,a,user,global,exposure,1,1,0
exp,a,user,global,exposure,2,1,0
exp,a,user,unit,buy,1,3,0.5
";
const BUY: &[&str] = &["count(user.unit.buy)", "value(user.unit.buy)"];

#[test]
fn a_line_may_end_as_on_any_system_and_the_last_one_not_at_all() {
    let text = agg("exp,a,user,unit,buy,1,1,2,4,1\nexp,b,user,unit,buy,3,9,0,0,1\n");
    let expected = "a: 0 0, 1 1, 2 4\nb: 0 0, 3 9, 0 0";
    check(&text, expected);
    check(text.trim_end(), expected);
    check(&text.replace('\n', "\r\n"), expected);
    check(&text.replace('\n', "\n\n"), expected);
}

#[test]
fn a_byte_order_mark_belongs_to_no_column() {
    let text = format!("\u{feff}{}", agg("exp,a,user,unit,buy,1,1,2,4,1\n"));
    check(&text, "a: 0 0, 1 1, 2 4");
}

#[test]
fn values_in_quotes_may_hold_anything() {
    let text = "exp_id,exp_variant_id,unit_type,agg_type,goal,\"a \"\"name\"\"\",count,sum_sqr_count,sum_value,\
                sum_sqr_value,count_unique\n\
                exp,\"a, or\nb\",user,unit,buy,\"\",\"1\",1,\"2.5\",4,1\n\
                \"exp\",\"\"\"\",user,unit,buy,x,1,1,2,4,1\n";
    check(text, "\": 0 0, 1 1, 2 4\na, or\nb: 0 0, 1 1, 2.5 4");
}

#[test]
fn columns_may_stand_in_any_order() {
    let text = "count_unique,sum_sqr_value,goal,sum_value,exp_id,agg_type,count,unit_type,exp_variant_id,sum_sqr_count\n\
                1,4,buy,2,exp,unit,1,user,a,7\n";
    check(text, "a: 0 0, 1 7, 2 4");
}

#[test]
fn the_row_numbers_of_pandas_are_no_columns() {
    for (name, other) in [("", "Unnamed: 0"), ("Unnamed: 0", ""), ("", "")] {
        let text = format!("{name},{AGG_COLUMNS},{other}\n0,exp,a,user,unit,buy,1,1,2,4,1,0.5\n");
        check(&text, "a: 0 0, 1 1, 2 4");
        let source = agg_goals(&text).unwrap();
        let error = ask(&source, &plan(&["count(user.unit.buy(country=CZ))"])).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("its dimensions are none"));
    }
}

#[test]
fn rows_of_one_goal_are_added() {
    let row = "exp,a,user,unit,buy,1,1,2,4,1\n";
    check(&agg(&row.repeat(3)), "a: 0 0, 3 3, 6 12");
}

#[test]
fn numbers_may_have_decimals_and_an_empty_one_is_null() {
    let text = agg("exp,a,user,unit,buy,1.50,2.25,-3e2,,1\n");
    check(&text, "a: 0 0, 1.5 2.25, -300 0");
    let answer = ask(&agg_goals(&text).unwrap(), &plan(BUY)).unwrap();
    assert_eq!(answer.observations.null_values, 1);
}

#[test]
fn a_row_without_an_experiment_a_variant_or_a_goal_is_not_seen() {
    let text = agg(",a,user,unit,buy,1,1,2,4,1\n\
                    exp,,user,unit,buy,1,1,2,4,1\n\
                    exp,a,user,unit,,1,1,2,4,1\n\
                    exp,a,user,unit,buy,5,5,5,5,1\n");
    check(&text, "a: 0 0, 5 5, 5 5");
    assert!(agg_goals(&text).unwrap().experiments().eq(["exp"]));
}

#[test]
fn names_are_texts_as_written() {
    let text = agg("007,01,user,unit,buy,1,1,2,4,1\n");
    let source = agg_goals(&text).unwrap();
    assert!(source.experiments().eq(["007"]));
    let mut plan = plan(BUY);
    plan.experiment = "007".to_owned();
    assert_eq!(told(&ask(&source, &plan).unwrap()), "01: 0 0, 1 1, 2 4");
    plan.experiment = "7".to_owned();
    assert_eq!(told(&ask(&source, &plan).unwrap()), "");
}

#[test]
fn a_day_may_have_a_time() {
    let text = "exp_id,exp_variant_id,unit_type,agg_type,goal,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique,date\n\
                exp,a,user,unit,buy,1,1,2,4,1,2020-01-05 00:00:00\n\
                exp,a,user,unit,buy,2,4,2,4,1,2020-01-05\n\
                exp,a,user,unit,buy,4,16,2,4,1,2020-01-06\n";
    let mut plan = plan(BUY);
    let day = jiff::civil::date(2020, 1, 5);
    plan.days = (Some(day), Some(day));
    let answer = ask(&agg_goals(text).unwrap(), &plan).unwrap();
    assert_eq!(told(&answer), "a: 0 0, 3 5, 4 8");
}

#[test]
fn sums_that_a_table_by_unit_has_besides_are_no_dimensions() {
    let text = "exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique\n\
                exp,a,user,global,exposure,1,1,x,0,NaN,\n";
    let source = unit_goals(text).unwrap();
    assert_eq!(told(&ask(&source, &plan(&[])).unwrap()), "a: 1");
    let error = ask(&source, &plan(&["count(user.unit.buy(count_unique=1))"])).unwrap_err();
    assert_eq!(error.help.as_deref(), Some("its dimensions are none"));
}

#[test]
fn experiments_are_listed_in_order() {
    let text = agg(
        "b,a,user,unit,buy,1,1,2,4,1\na,a,user,unit,buy,1,1,2,4,1\nb,a,user,unit,buy,1,1,2,4,1\n",
    );
    let source = agg_goals(&text).unwrap();
    assert_eq!(source.experiments().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(agg_goals(&agg("")).unwrap().experiments().count(), 0);
}

#[test]
fn a_folder_is_served_as_aggregated_goals_where_it_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("goals_by_unit.csv", UNIT_GOALS);
    write("notes.txt", "not ours");
    let source = FolderSource::open("mine", folder.path()).unwrap();
    assert_eq!(source.name(), "mine");
    assert_eq!(
        told(&ask(&source, &plan(BUY)).unwrap()),
        "a: 2, 1.5 4.5, 0.25 0.125"
    );

    write(
        "goals_agg.csv",
        &agg("exp,a,user,unit,buy,3,9,0.5,0.25,1\n"),
    );
    let source = FolderSource::open("mine", folder.path()).unwrap();
    assert_eq!(
        told(&ask(&source, &plan(BUY)).unwrap()),
        "a: 0 0, 3 9, 0.5 0.25"
    );
}

#[test]
fn both_files_of_a_folder_are_two_sources() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let names = || {
        let sources = FolderSource::open_all(folder.path()).unwrap();
        let names = sources.iter().map(|source| source.name().to_owned());
        names.collect::<Vec<_>>()
    };
    write("goals_by_unit.csv", UNIT_GOALS);
    assert_eq!(names(), ["unit-goals"]);
    write("goals_agg.csv", &agg(""));
    assert_eq!(names(), ["agg-goals", "unit-goals"]);
}

#[test]
fn files_in_memory_are_served_as_those_of_a_folder() {
    let agg = agg("exp,a,user,unit,buy,3,9,0.5,0.25,1\n");
    let files = FolderFiles {
        goals_agg: Some(agg.as_bytes()),
        goals_by_unit: Some(UNIT_GOALS.as_bytes()),
    };
    let source = FolderSource::from_csv("mine", files).unwrap();
    assert_eq!(
        told(&ask(&source, &plan(BUY)).unwrap()),
        "a: 0 0, 3 9, 0.5 0.25"
    );
    let sources = FolderSource::all_from_csv(files).unwrap();
    let names: Vec<&str> = sources.iter().map(Source::name).collect();
    assert_eq!(names, ["agg-goals", "unit-goals"]);
}

fn agg(rows: &str) -> String {
    format!("{AGG_COLUMNS}\n{rows}")
}

/// Asks an aggregated table for a count of exposures, and count and value of `buy`.
fn check(text: &str, expected: &str) {
    let answer = ask(&agg_goals(text).unwrap(), &plan(BUY)).unwrap();
    assert_eq!(told(&answer), expected);
}
