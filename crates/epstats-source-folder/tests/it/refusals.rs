//! Folders and files that are refused, each by its whole message.

use std::fs;
use std::path::Path;

use epstats_source::{FailureKind, SourceError};
use epstats_source_folder::{FolderFiles, FolderSource};

use crate::ask::{AGG_COLUMNS, agg_goals, unit_goals};

const ROW: &str = "exp,a,user,unit,buy,1,1,2,4,1";

#[test]
fn an_empty_file_has_no_columns() {
    for text in ["", "\n\r\n", "\u{feff}"] {
        check(text, FailureKind::Corrupt, "`goals_agg.csv` is empty");
    }
}

#[test]
fn a_first_line_without_names_is_missing_columns() {
    check(
        &format!("{ROW}\n{ROW}\n"),
        FailureKind::MissingColumn,
        "`goals_agg.csv` has no columns `exp_id`, `exp_variant_id`, `unit_type`, `agg_type`, `goal`, `count`, \
         `sum_sqr_count`, `sum_value`, `sum_sqr_value`, `count_unique`",
    );
    let error = agg_goals(&AGG_COLUMNS.replace(',', ";")).unwrap_err();
    assert_eq!(
        error.help.as_deref(),
        Some("columns are separated by commas, and the first line names them")
    );
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let error = agg_goals(&AGG_COLUMNS.replace("sum_sqr_value", "Sum_sqr_value")).unwrap_err();
    assert_eq!(error.kind, FailureKind::MissingColumn);
    assert_eq!(error.source_name, "mine");
    assert_eq!(
        error.message,
        "`goals_agg.csv` has no column `sum_sqr_value`"
    );
    assert_eq!(
        error.help.as_deref(),
        Some(
            "its first line names `exp_id`, `exp_variant_id`, `unit_type`, `agg_type`, `goal`, `count`, \
             `sum_sqr_count`, `sum_value`, `Sum_sqr_value`, `count_unique`"
        )
    );
    let error = unit_goals(AGG_COLUMNS).unwrap_err();
    assert_eq!(error.message, "`goals_by_unit.csv` has no column `unit_id`");
}

#[test]
fn two_columns_of_one_name_are_refused() {
    for name in ["count", "country"] {
        check(
            &format!("{AGG_COLUMNS},country,{name}\n"),
            FailureKind::Corrupt,
            &format!("`goals_agg.csv` has two columns `{name}`"),
        );
    }
}

#[test]
fn a_row_of_another_length_is_named_by_its_line() {
    check_rows(
        &format!("{ROW}\nexp,a,user,unit,buy,1,1\n"),
        FailureKind::Corrupt,
        "line 3 of `goals_agg.csv` has 7 values, expected 10 as in the first line",
    );
    check_rows(
        &format!("{ROW},7\n"),
        FailureKind::Corrupt,
        "line 2 of `goals_agg.csv` has 11 values, expected 10 as in the first line",
    );
    check_rows(
        "exp,\"a,user,unit,buy,1,1,2,4,1\n",
        FailureKind::Corrupt,
        "line 2 of `goals_agg.csv` has 2 values, expected 10 as in the first line",
    );
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let rows = format!("\n\n{}\n\n{ROW}\nexp\n", ROW.replace("buy", "\"b\nu\ny\""));
    for rows in [rows.clone(), rows.replace('\n', "\r\n")] {
        for mark in ["", "\u{feff}"] {
            check(
                &format!("{mark}{AGG_COLUMNS}\n{rows}"),
                FailureKind::Corrupt,
                "line 9 of `goals_agg.csv` has 1 values, expected 10 as in the first line",
            );
        }
    }
}

#[test]
fn a_sum_that_is_no_number_is_named_by_line_and_column() {
    check_rows(
        &format!("{ROW}\nexp,a,user,unit,buy,1,1,many,4,1\n"),
        FailureKind::WrongType,
        "line 3 of `goals_agg.csv` has `many` in column `sum_value`, expected a number",
    );
    check_rows(
        &format!("exp,a,user,unit,buy,{},1,2,4,1\n", "\u{1}x".repeat(80)),
        FailureKind::WrongType,
        &format!(
            "line 2 of `goals_agg.csv` has `{}…` in column `count`, expected a number",
            "\\u{1}x".repeat(40)
        ),
    );
}

#[test]
fn a_sum_that_is_not_finite_is_refused_whoever_asks() {
    for value in ["NaN", "inf", "-Infinity", "1e400"] {
        check_rows(
            &format!("other,a,user,unit,buy,1,1,2,{value},1\n"),
            FailureKind::BadValues,
            &format!(
                "line 2 of `goals_agg.csv` has `{value}` in column `sum_sqr_value`, expected a finite number"
            ),
        );
    }
}

#[test]
fn a_date_that_is_no_day_is_refused() {
    check(
        &format!("{AGG_COLUMNS},date\n{ROW},2020-02-30\n"),
        FailureKind::WrongType,
        "line 2 of `goals_agg.csv` has `2020-02-30` in column `date`, expected a day such as `2026-09-01`",
    );
}

#[test]
fn text_that_is_not_utf_8_is_named_by_its_line() {
    let mut bytes = format!("{AGG_COLUMNS}\n{ROW}\n").into_bytes();
    let good = bytes.len();
    bytes.extend(b"exp,\xe1,user,unit,buy,1,1,2,4,1\n");
    let error = from_bytes(&bytes).unwrap_err();
    assert_eq!(error.kind, FailureKind::Corrupt);
    assert_eq!(
        error.message,
        format!(
            "line 3 of `goals_agg.csv` is not UTF-8: byte {} of the file cannot be read",
            good + 5
        )
    );
    let utf_16: Vec<u8> = AGG_COLUMNS.bytes().flat_map(|byte| [byte, 0]).collect();
    let utf_16 = [b"\xff\xfe".to_vec(), utf_16].concat();
    let error = from_bytes(&utf_16).unwrap_err();
    assert_eq!(error.kind, FailureKind::Corrupt);
    assert!(error.message.starts_with("line 1"), "{error}");
}

#[test]
fn no_bytes_make_it_panic() {
    let good = format!("{AGG_COLUMNS},date,country\n{ROW},2020-01-05,\"CZ\"\n{ROW},,\n");
    for end in 0..good.len() {
        for other in [
            None,
            Some(b'"'),
            Some(b','),
            Some(b'\n'),
            Some(0),
            Some(0xff),
        ] {
            let mut bytes = good.as_bytes()[..end].to_vec();
            bytes.extend(other);
            bytes.extend(&good.as_bytes()[end + 1..]);
            let _ = from_bytes(&bytes);
            let _ = from_bytes(&bytes[..end]);
        }
    }
}

#[test]
fn a_folder_that_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = FolderSource::open("mine", &missing).unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound);
    let path = missing.display();
    assert_eq!(error.message, format!("there is no folder `{path}`"));

    fs::write(&missing, "a file").unwrap();
    for open in [open, open_all] {
        let error = open(&missing).unwrap_err();
        assert_eq!(error.kind, FailureKind::NotFound);
        assert_eq!(
            error.message,
            format!("`{path}` is a file, expected a folder")
        );
        let error = open(&missing.join("deeper")).unwrap_err();
        assert_eq!(error.kind, FailureKind::NotFound);
    }
}

#[test]
fn a_folder_without_either_file_has_no_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("goals.csv"), AGG_COLUMNS).unwrap();
    for open in [open, open_all] {
        let error = open(folder.path()).unwrap_err();
        assert_eq!(error.kind, FailureKind::NoFiles);
        assert_eq!(
            error.message,
            format!(
                "the folder `{}` has neither `goals_agg.csv` nor `goals_by_unit.csv`",
                folder.path().display()
            )
        );
    }
    let error = FolderSource::from_csv("mine", FolderFiles::default()).unwrap_err();
    assert_eq!(error.kind, FailureKind::NoFiles);
    assert_eq!(
        error.message,
        "there is neither `goals_agg.csv` nor `goals_by_unit.csv`"
    );
    let error = FolderSource::all_from_csv(FolderFiles::default()).unwrap_err();
    assert_eq!(error.kind, FailureKind::NoFiles);
}

#[test]
fn a_bad_file_of_a_folder_is_named_with_its_path_and_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("goals_by_unit.csv");
    fs::write(folder.path().join("goals_agg.csv"), AGG_COLUMNS).unwrap();
    fs::write(&path, "").unwrap();
    let error = open_all(folder.path()).unwrap_err();
    assert_eq!(error.source_name, "unit-goals");
    assert_eq!(error.message, format!("`{}` is empty", path.display()));
    assert!(open(folder.path()).is_ok());

    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let error = open_all(folder.path()).unwrap_err();
    assert_eq!(error.kind, FailureKind::Other);
}

fn open(folder: &Path) -> Result<(), SourceError> {
    FolderSource::open("mine", folder).map(drop)
}

fn open_all(folder: &Path) -> Result<(), SourceError> {
    FolderSource::open_all(folder).map(drop)
}

fn from_bytes(bytes: &[u8]) -> Result<FolderSource, SourceError> {
    let goals_agg = Some(bytes);
    FolderSource::from_csv(
        "mine",
        FolderFiles {
            goals_agg,
            ..FolderFiles::default()
        },
    )
}

fn check_rows(rows: &str, kind: FailureKind, message: &str) {
    check(&format!("{AGG_COLUMNS}\n{rows}"), kind, message);
}

fn check(text: &str, kind: FailureKind, message: &str) {
    let error = agg_goals(text).unwrap_err();
    assert_eq!(error.message, message);
    assert_eq!(error.kind, kind);
}
