//! The test data are what makes them, and hold together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use epstats_demo::{make_test_tables, test_data};
use serde_json::Value;

#[test]
fn the_tables_are_those_that_the_generator_makes() {
    let (made, kept) = (make_test_tables(), test_data());
    let advice = "after a change: cargo run -p epstats-demo --example test-data";
    assert!(made.goals_agg == kept.goals_agg, "{advice}");
    assert!(made.goals_by_unit == kept.goals_by_unit, "{advice}");
    assert_eq!(read("goals_agg.csv"), kept.goals_agg);
    assert_eq!(read("goals_by_unit.csv"), kept.goals_by_unit);
}

#[test]
fn every_request_of_the_folder_is_listed_and_no_other() {
    let files = fs::read_dir(data().join("experiments")).unwrap();
    let files: BTreeMap<String, String> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    let listed = test_data().experiments.iter();
    let listed: Vec<(String, String)> = listed
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    assert_eq!(listed, files.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_experiment_is_asked_for_and_every_request_but_one_has_an_experiment() {
    let asked: BTreeSet<String> = test_data()
        .experiments
        .iter()
        .map(|(_, text)| {
            let request: Value = serde_json::from_str(text).unwrap();
            request["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let mut known: BTreeSet<String> = rows(test_data().goals_agg)
        .map(|row| row["exp_id"].to_owned())
        .collect();
    known.insert("unknown-experiment".to_owned());
    assert_eq!(asked, known);
}

#[test]
fn the_aggregated_table_is_the_sum_of_the_other() {
    let mut by_key: BTreeMap<Vec<&str>, BTreeMap<&str, (i128, i128)>> = BTreeMap::new();
    for row in rows(test_data().goals_by_unit) {
        let of_unit = by_key
            .entry(key(&row))
            .or_default()
            .entry(row["unit_id"])
            .or_default();
        of_unit.0 += scaled(row["count"], 0);
        of_unit.1 += scaled(row["sum_value"], 2);
    }
    let mut n_rows = 0;
    for row in rows(test_data().goals_agg) {
        let units = &by_key[&key(&row)];
        let sum = |of: fn(&(i128, i128)) -> i128| units.values().map(of).sum::<i128>();
        assert_eq!(scaled(row["count"], 0), sum(|unit| unit.0), "{row:?}");
        assert_eq!(scaled(row["sum_sqr_count"], 0), sum(|unit| unit.0 * unit.0));
        assert_eq!(scaled(row["sum_value"], 2), sum(|unit| unit.1));
        assert_eq!(scaled(row["sum_sqr_value"], 4), sum(|unit| unit.1 * unit.1));
        assert_eq!(row["count_unique"], units.len().to_string());
        n_rows += 1;
    }
    assert_eq!(n_rows, by_key.len());
}

#[test]
fn a_unit_has_all_of_a_goal_in_one_row_and_is_in_one_variant() {
    let mut variants = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in rows(test_data().goals_by_unit) {
        let unit = (row["exp_id"], row["unit_type"], row["unit_id"]);
        let variant = row["exp_variant_id"];
        assert_eq!(*variants.entry(unit).or_insert(variant), variant);
        assert!(seen.insert((unit, row["agg_type"], row["goal"])), "{row:?}");
    }
}

#[test]
fn the_test_data_stay_small() {
    let data = test_data();
    let requests = data.experiments.iter().map(|(_, text)| text.len());
    let size = data.goals_agg.len() + data.goals_by_unit.len() + requests.sum::<usize>();
    assert!(size < 400_000, "{size} bytes");
}

/// What a row of the aggregated table is about.
fn key<'t>(row: &BTreeMap<&str, &'t str>) -> Vec<&'t str> {
    let columns = [
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "date",
        "country",
        "product",
        "age",
    ];
    columns.iter().map(|column| row[column]).collect()
}

/// A decimal number in units of its last decimal.
fn scaled(text: &str, decimals: usize) -> i128 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{rest:0<decimals$}").parse().unwrap()
}

/// The rows of a table without quotes, by column.
fn rows(text: &str) -> impl Iterator<Item = BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(move |line| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        columns.iter().copied().zip(cells).collect()
    })
}

fn read(name: &str) -> String {
    fs::read_to_string(data().join(name)).unwrap()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}
