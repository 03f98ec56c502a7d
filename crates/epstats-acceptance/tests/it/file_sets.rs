//! A table of files: one file, several, a pattern, a folder, a partitioned folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use epstats_api::{DefinitionFormat, read_definition, read_sources};
use epstats_experiment::{Statistics, Sums};
use epstats_plan::for_experiment;
use epstats_source::memory::{Cell, Column, Kind, Table};
use epstats_source::{FailureKind, Source, SourceError};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource};

use epstats_source::contract::batch;

use crate::files::{write, write_one};

const DEFINITION: &str = "
id: checkout
control_variant: a
variants: [a, b]
unit_type: user
metrics:
  - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.unit.exposure)}
  - {id: 2, name: Czech, nominator: count(user.unit.click(country=CZ)), denominator: count(user.unit.exposure)}
checks: []
";

/// Clicks of forty users; the country is a column, or left to the folders.
fn goals(countries: &[&str], with_column: bool) -> Table {
    let mut columns: Vec<Column> = [
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "unit_id",
    ]
    .map(|name| Column::new(name, Kind::Text))
    .into();
    columns.push(Column::new("count", Kind::Integer));
    columns.push(Column::new("sum_value", Kind::Number));
    if with_column {
        columns.push(Column::new("country", Kind::Text));
    }
    let mut rows = Vec::new();
    for country in countries {
        for unit in 0..20i64 {
            let variant = if unit % 2 == 0 { "a" } else { "b" };
            for (goal, count) in [("exposure", 1), ("click", unit % 5)] {
                let mut row = vec![
                    Cell::from("checkout"),
                    variant.into(),
                    "user".into(),
                    "unit".into(),
                    goal.into(),
                    Cell::Text(format!("{country}-{unit}")),
                    count.into(),
                    0.0.into(),
                ];
                if with_column {
                    row.push((*country).into());
                }
                rows.push(row);
            }
        }
    }
    Table { columns, rows }
}

fn ask(paths: &[String]) -> Result<Statistics, SourceError> {
    let sources = read_sources(
        "sources: {goals: {engine: files, layout: unit-goals, table: {path: x.parquet, date: null}}}",
        &|_| None,
    );
    assert!(sources.diagnostics.is_empty(), "{:?}", sources.diagnostics);
    let layout = sources.sources["goals"].layout.clone();
    let table = FileTable {
        paths: paths.to_vec(),
        format: None,
    };
    let source = FilesSource::new(
        "goals",
        layout,
        BTreeMap::from([("goals".to_owned(), table)]),
    );
    let experiment = read_definition(DEFINITION, DefinitionFormat::Yaml)
        .experiment
        .unwrap();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(source.fetch(&for_experiment(&experiment)))
}

fn name(folder: &Path, path: &str) -> String {
    folder.join(path).display().to_string()
}

/// Each variant has 20 users, 10 of each country, with 20 clicks: 0 + 2 + 4 + 1 + 3, twice, for each country.
#[track_caller]
fn check(answer: Result<Statistics, SourceError>) {
    let statistics = answer.unwrap();
    let Sums::Exact { variants, .. } = &statistics.sums else {
        panic!("units are exact");
    };
    let goal = |text: &str| {
        statistics
            .goals
            .iter()
            .position(|goal| goal.to_string() == text)
            .unwrap()
    };
    for moments in variants.values() {
        assert_eq!(moments.n_units, 20);
        assert_eq!(moments.means[goal("count(user.unit.click)")], 2.0);
        assert_eq!(
            moments.means[goal("count(user.unit.click(country=CZ))")],
            1.0
        );
    }
    assert_eq!(variants.len(), 2);
}

#[test]
fn a_file_several_files_a_pattern_and_a_folder_are_the_same_table() {
    let folder = tempfile::tempdir().unwrap();
    let table = goals(&["CZ", "DE"], true);
    fs::create_dir_all(folder.path().join("parts/below")).unwrap();
    write(&table, &folder.path().join("parts"), FileFormat::Parquet);
    write_one(
        &batch(&table, &table.rows),
        &folder.path().join("one.parquet"),
        FileFormat::Parquet,
    );
    // Files that begin with `_` or `.` are drafts of whoever writes the folder.
    write_one(
        &batch(&table, &table.rows),
        &folder.path().join("parts/_draft.parquet"),
        FileFormat::Parquet,
    );
    let name = |path| name(folder.path(), path);
    check(ask(&[name("one.parquet")]));
    check(ask(&[
        name("parts/part-0.parquet"),
        name("parts/part-1.parquet"),
        name("parts/part-2.parquet"),
    ]));
    check(ask(&[name("parts/p*.parquet")]));
    check(ask(&[name("parts")]));
    check(ask(&[
        name("parts"),
        name("parts/part-0.parquet"),
        name("parts"),
    ]));
    fs::rename(
        folder.path().join("parts/part-1.parquet"),
        folder.path().join("parts/below/part-1.parquet"),
    )
    .unwrap();
    check(ask(&[name("parts")]));
}

#[test]
fn folders_named_column_and_value_are_a_dimension() {
    for format in [FileFormat::Parquet, FileFormat::Csv, FileFormat::Json] {
        let folder = tempfile::tempdir().unwrap();
        for country in ["CZ", "DE"] {
            let below = folder.path().join(format!("goals/country={country}"));
            fs::create_dir_all(&below).unwrap();
            write(&goals(&[country], false), &below, format);
        }
        check(ask(&[name(folder.path(), "goals")]));
    }
}

#[test]
fn folders_that_are_partitioned_in_different_ways_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for below in ["goals/country=CZ", "goals"] {
        let below = folder.path().join(below);
        fs::create_dir_all(&below).unwrap();
        write(&goals(&["CZ"], false), &below, FileFormat::Parquet);
    }
    let error = ask(&[name(folder.path(), "goals")]).unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound);
    assert!(
        error.message.contains("partitioned in different ways"),
        "{error}"
    );
}
