//! Bad input, as a user meets it: each kind has its own message, code and exit code.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use epstats_experiment::Experiment;
use epstats_plan::for_experiment;
use epstats_source::memory::{Cell, Column, Kind, Table};
use epstats_source::{FailureKind, Source};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource, Settings};
use tempfile::TempDir;

use epstats_source::contract::batch;

use crate::files::write_one;
use crate::run::{Ended, epstats};

const DEFINITION: &str = "
id: checkout
control_variant: a
variants: [a, b]
unit_type: user
date_from: 2026-09-01
date_to: 2026-09-14
metrics:
  - {id: 1, name: Clicks, nominator: value(user.unit.click), denominator: count(user.unit.exposure)}
checks:
  - {id: 1, name: SRM, denominator: count(user.global.exposure)}
";

/// A folder with a definition and a healthy table of unit goals, in which a test breaks one thing.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let case = Case { folder };
        case.define(DEFINITION);
        case.store(&goals(10), "goals.parquet");
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn define(&self, text: &str) {
        fs::write(self.path("experiment.yaml"), text).unwrap();
    }

    fn store(&self, table: &Table, name: &str) {
        write_one(
            &batch(table, &table.rows),
            &self.path(name),
            FileFormat::Parquet,
        );
    }

    fn evaluate(&self, source: &str) -> Ended {
        let definition = self.path("experiment.yaml").display().to_string();
        let source = self.path(source).display().to_string();
        epstats(&[
            "evaluate",
            &definition,
            "--layout",
            "unit-goals",
            "--source",
            &source,
        ])
    }

    /// What was printed to standard error, without the name of the temporary folder.
    fn errors(&self, ended: &Ended) -> String {
        ended
            .errors
            .replace(&self.folder.path().display().to_string(), "FOLDER")
    }
}

/// A healthy table of unit goals: `units` units in each of two variants, each with one click.
fn goals(units: i64) -> Table {
    let text = |name: &str| Column::new(name, Kind::Text);
    let mut table = Table {
        columns: vec![
            text("exp_id"),
            text("exp_variant_id"),
            text("unit_type"),
            text("agg_type"),
            text("goal"),
            text("unit_id"),
            Column::new("date", Kind::Date),
            Column::new("count", Kind::Integer),
            Column::new("sum_value", Kind::Number),
        ],
        rows: Vec::new(),
    };
    for unit in 0..2 * units {
        for (goal, value) in [("exposure", 0.0), ("click", (unit % 7) as f64)] {
            table.rows.push(vec![
                "checkout".into(),
                if unit % 2 == 0 { "a" } else { "b" }.into(),
                "user".into(),
                if goal == "exposure" { "global" } else { "unit" }.into(),
                goal.into(),
                Cell::Text(format!("unit-{unit}")),
                jiff::civil::date(2026, 9, 2).into(),
                1i64.into(),
                value.into(),
            ]);
        }
    }
    table
}

#[track_caller]
fn check(case: &Case, ended: &Ended, code: u8, expected: &[&str]) {
    let errors = case.errors(ended);
    assert_eq!(ended.code, code, "{errors}");
    assert_eq!(ended.output, "", "nothing is printed beside an error");
    for text in expected {
        assert!(errors.contains(text), "`{text}` is not in:\n{errors}");
    }
}

#[test]
fn the_healthy_case_is_evaluated() {
    let case = Case::new();
    let ended = case.evaluate("goals.parquet");
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(ended.output.contains("Clicks"), "{}", ended.output);
}

#[test]
fn a_definition_that_is_not_there() {
    let case = Case::new();
    fs::remove_file(case.path("experiment.yaml")).unwrap();
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        2,
        &["`FOLDER/experiment.yaml`", "[unreadable-definition]"],
    );
}

#[test]
fn a_definition_that_is_no_yaml() {
    let case = Case::new();
    case.define("id: [checkout\nmetrics: }");
    let ended = case.evaluate("goals.parquet");
    check(&case, &ended, 2, &["[unreadable-definition]"]);
}

#[test]
fn a_field_that_is_not_known() {
    let case = Case::new();
    case.define(&DEFINITION.replace("control_variant", "control_varient"));
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        2,
        &[
            "[unknown-field]",
            "`control_varient`",
            "did you mean `control_variant`?",
        ],
    );
}

#[test]
fn a_formula_that_cannot_be_parsed() {
    let case = Case::new();
    case.define(&DEFINITION.replace("value(user.unit.click)", "value(user.units.click)"));
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        2,
        &[
            "[unknown-aggregation]",
            "^^^^^",
            "did you mean `unit`?",
            "Clicks",
        ],
    );
}

#[test]
fn a_control_that_is_not_among_the_variants() {
    let case = Case::new();
    case.define(&DEFINITION.replace("control_variant: a", "control_variant: c"));
    let ended = case.evaluate("goals.parquet");
    check(&case, &ended, 2, &["`c`", "control_variant"]);
}

#[test]
fn dates_in_the_wrong_order() {
    let case = Case::new();
    case.define(&DEFINITION.replace("date_from: 2026-09-01", "date_from: 2026-09-20"));
    let ended = case.evaluate("goals.parquet");
    check(&case, &ended, 2, &["date_from", "2026-09-14", "2026-09-20"]);
}

#[test]
fn several_problems_are_told_at_once() {
    let case = Case::new();
    case.define(
        &DEFINITION
            .replace("control_variant: a", "control_variant: c")
            .replace("value(user.unit.click)", "value(user.units.click) +"),
    );
    let ended = case.evaluate("goals.parquet");
    check(&case, &ended, 2, &["[unknown-aggregation]", "problems in"]);
}

#[test]
fn a_file_that_is_not_there() {
    let case = Case::new();
    let ended = case.evaluate("gaols.parquet");
    check(
        &case,
        &ended,
        3,
        &["`FOLDER/gaols.parquet`", "[source-not-found]"],
    );
}

#[test]
fn a_pattern_that_nothing_matches() {
    let case = Case::new();
    let ended = case.evaluate("*.parq");
    check(&case, &ended, 3, &["`FOLDER/*.parq`", "[source-empty]"]);
}

#[test]
fn a_folder_without_data_files() {
    let case = Case::new();
    fs::create_dir(case.path("empty")).unwrap();
    fs::write(case.path("empty/_SUCCESS"), "").unwrap();
    let ended = case.evaluate("empty");
    check(&case, &ended, 3, &["`FOLDER/empty`", "[source-empty]"]);
}

#[test]
fn a_column_that_is_missing() {
    let case = Case::new();
    let mut table = goals(10);
    table.columns[8].name = "sum_values".to_owned();
    case.store(&table, "goals.parquet");
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        3,
        &[
            "[missing-column]",
            "`sum_value`",
            "did you mean `sum_values`?",
        ],
    );
}

#[test]
fn a_column_of_a_wrong_type() {
    let case = Case::new();
    let mut table = goals(10);
    table.columns[8].kind = Kind::Text;
    for row in &mut table.rows {
        row[8] = "many".into();
    }
    case.store(&table, "goals.parquet");
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        3,
        &["[wrong-column-type]", "`sum_value`", "text"],
    );
}

#[test]
fn values_that_are_not_finite() {
    let case = Case::new();
    let mut table = goals(10);
    for row in &mut table.rows[..4] {
        if row[4] == Cell::from("click") {
            row[8] = f64::NAN.into();
        }
    }
    case.store(&table, "goals.parquet");
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        3,
        &["[not-finite-values]", "`sum_value`", "2 rows"],
    );
}

#[test]
fn a_parquet_file_that_is_cut_short() {
    let case = Case::new();
    case.store(&goals(1000), "goals.parquet");
    let bytes = fs::read(case.path("goals.parquet")).unwrap();
    fs::write(case.path("goals.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    let ended = case.evaluate("goals.parquet");
    check(
        &case,
        &ended,
        3,
        &["`FOLDER/goals.parquet`", "[corrupt-file]"],
    );
}

#[test]
fn a_parquet_file_with_damaged_pages() {
    let case = Case::new();
    case.store(&goals(1000), "goals.parquet");
    let mut bytes = fs::read(case.path("goals.parquet")).unwrap();
    for byte in &mut bytes[4..400] {
        *byte = 0xFF;
    }
    fs::write(case.path("goals.parquet"), bytes).unwrap();
    let ended = case.evaluate("goals.parquet");
    check(&case, &ended, 3, &["[corrupt-file]"]);
}

#[test]
fn a_csv_file_with_a_broken_line() {
    let case = Case::new();
    let table = goals(10);
    write_one(
        &batch(&table, &table.rows),
        &case.path("goals.csv"),
        FileFormat::Csv,
    );
    let text = fs::read_to_string(case.path("goals.csv")).unwrap();
    fs::write(case.path("goals.csv"), text + "only,three,cells\n").unwrap();
    let ended = case.evaluate("goals.csv");
    check(&case, &ended, 3, &["[corrupt-file]"]);
}

#[test]
fn files_of_several_formats() {
    let case = Case::new();
    fs::create_dir(case.path("mixed")).unwrap();
    case.store(&goals(10), "mixed/a.parquet");
    fs::write(case.path("mixed/b.csv"), "exp_id\n").unwrap();
    let ended = case.evaluate("mixed");
    check(&case, &ended, 3, &["several formats", "csv"]);
}

/// A plan and a source of many files, small enough to be read one after the other.
fn many_files(folder: &Path, files: usize, units: i64, settings: Settings) -> FilesSource {
    let table = goals(units);
    let batch = batch(&table, &table.rows);
    for file in 0..files {
        write_one(
            &batch,
            &folder.join(format!("part-{file:03}.parquet")),
            FileFormat::Parquet,
        );
    }
    let definition = epstats_api::read_sources(
        "sources: {goals: {engine: files, layout: unit-goals, table: {path: x.parquet}}}",
        &|_| None,
    );
    let layout = definition.sources["goals"].layout.clone();
    let tables = [(
        "goals".to_owned(),
        FileTable {
            paths: vec![folder.display().to_string()],
            format: None,
        },
    )];
    FilesSource::new("goals", layout, tables.into()).with_settings(settings)
}

fn experiment() -> Experiment {
    epstats_api::read_definition(DEFINITION, epstats_api::DefinitionFormat::Yaml)
        .experiment
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_deleted_during_the_read() {
    let folder = tempfile::tempdir().unwrap();
    let last = folder.path().join("part-199.parquet");
    let deleted = Arc::new(AtomicBool::new(false));
    let settings = Settings {
        threads: Some(1),
        ..Settings::default()
    };
    let source = many_files(folder.path(), 200, 500, settings).with_progress(Arc::new({
        let deleted = Arc::clone(&deleted);
        move |_| {
            if !deleted.swap(true, Ordering::SeqCst) {
                fs::remove_file(&last).unwrap();
            }
        }
    }));
    let error = source
        .fetch(&for_experiment(&experiment()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FailureKind::Changed, "{error}");
    assert!(error.message.contains("part-199.parquet"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_when_spilling() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        memory_limit: Some(12 << 20),
        spill_limit: Some(100_000),
        ..Settings::default()
    };
    let source = many_files(folder.path(), 1, 200_000, settings);
    let error = source
        .fetch(&for_experiment(&experiment()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FailureKind::DiskFull, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_that_is_small_is_made_up_for_by_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let ample = many_files(folder.path(), 1, 200_000, Settings::default());
    let plan = for_experiment(&experiment());
    let expected = ample.fetch(&plan).await.unwrap();
    let settings = Settings {
        memory_limit: Some(30 << 20),
        ..Settings::default()
    };
    let tight = many_files(folder.path(), 1, 200_000, settings);
    let got = tight.fetch(&plan).await.unwrap();
    epstats_source::contract::assert_agree(&expected, &got, 1e-9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_takes_longer_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        time_limit: Some(std::time::Duration::from_millis(1)),
        ..Settings::default()
    };
    let source = many_files(folder.path(), 1, 50_000, settings);
    let error = source
        .fetch(&for_experiment(&experiment()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FailureKind::TimedOut, "{error}");
}

#[test]
fn a_result_that_cannot_be_written_leaves_nothing_behind() {
    let case = Case::new();
    let definition = case.path("experiment.yaml").display().to_string();
    let source = case.path("goals.parquet").display().to_string();
    let out = case
        .path("no/such/folder/scorecard.json")
        .display()
        .to_string();
    let ended = epstats(&[
        "evaluate",
        &definition,
        "--layout",
        "unit-goals",
        "--source",
        &source,
        "--format",
        "json",
        "--out",
        &out,
    ]);
    check(&case, &ended, 3, &["[cannot-write]"]);
}
