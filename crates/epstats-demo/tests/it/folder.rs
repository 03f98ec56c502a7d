//! Where a demo is put, what it replaces, and what a failure leaves behind: nothing.

use std::fs;
use std::path::{Path, PathBuf};

use epstats_demo::{DemoError, Options, Written, generate};

#[test]
fn parents_that_do_not_exist_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a/b/shop");
    write(&out, 1).unwrap();
    assert_eq!(entries(folder.path()), ["a"]);
    assert_eq!(
        entries(&out),
        [
            "epstats.yaml",
            "events",
            "experiment.yaml",
            "exposures",
            "truth.json"
        ]
    );
}

#[test]
fn an_empty_folder_is_filled() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1).unwrap();
    assert_eq!(entries(folder.path()).len(), 5);
}

#[test]
fn an_earlier_demo_is_replaced_and_what_lies_beside_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shop");
    let many_files = Options {
        units_per_file: 50,
        ..options(&out, 1)
    };
    generate(&many_files, &mut |_| {}).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let written = write(&out, 2).unwrap();
    assert_eq!(entries(&written.events), ["part-0.parquet"]);
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(entries(&out).len(), 6);
    assert_eq!(entries(folder.path()), ["shop"]);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
    fs::write(folder.path().join("truth.json"), r#"{"made_by": "me"}"#).unwrap();
    let error = write(folder.path(), 1).unwrap_err();
    assert_eq!(error.code(), "not-a-demo");
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` is neither new, nor empty, nor an earlier demo, and is left as it is; name another folder",
            folder.path().display()
        )
    );
    assert_eq!(entries(folder.path()), ["thesis.tex", "truth.json"]);
}

#[test]
fn a_file_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shop");
    fs::write(&out, "mine").unwrap();
    assert_eq!(write(&out, 1).unwrap_err().code(), "not-a-demo");
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
}

#[test]
fn a_path_below_a_file_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.join("shop"), file.join("a/b/shop")] {
        let error = write(&out, 1).unwrap_err();
        assert_eq!(error.code(), "cannot-write");
        assert!(
            error.to_string().contains(&*out.to_string_lossy()),
            "{error}"
        );
    }
    assert_eq!(entries(folder.path()), ["file"]);
}

#[test]
fn a_failure_in_the_middle_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a/shop");
    let error = fail_in_the_middle(&out, folder.path());
    assert_eq!(error.code(), "cannot-write");
    assert_eq!(entries(folder.path()), Vec::<String>::new());
}

#[test]
fn a_failure_in_the_middle_leaves_an_earlier_demo_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shop");
    let written = write(&out, 1).unwrap();
    let before = fs::read(written.events.join("part-0.parquet")).unwrap();
    fail_in_the_middle(&out, &out);
    assert_eq!(entries(&out).len(), 5);
    assert_eq!(
        fs::read(written.events.join("part-0.parquet")).unwrap(),
        before
    );
}

#[test]
fn options_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shop");
    let refused = |options: Options| generate(&options, &mut |_| {}).unwrap_err().to_string();
    let few = Options {
        units: 99,
        ..options(&out, 1)
    };
    assert_eq!(refused(few), "`units` is 99, expected 100 to 1000000000");
    let short = Options {
        days: 0,
        ..options(&out, 1)
    };
    assert_eq!(refused(short), "`days` is 0, expected 1 to 365");
    assert_eq!(entries(folder.path()), Vec::<String>::new());
}

#[test]
fn an_experiment_of_one_day_and_one_of_a_year_work() {
    let folder = tempfile::tempdir().unwrap();
    for days in [1, 365] {
        let out = folder.path().join(days.to_string());
        let written = generate(
            &Options {
                days,
                ..options(&out, 1)
            },
            &mut |_| {},
        );
        assert!(written.unwrap().event_rows > 0);
    }
}

/// Removes the files being written, wherever they are below `near`, after the first of two parts.
fn fail_in_the_middle(out: &Path, near: &Path) -> DemoError {
    let two_parts = Options {
        units_per_file: 50,
        ..options(out, 2)
    };
    let mut sabotage = |_| {
        for entry in fs::read_dir(near).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with(".epstats-demo-") {
                fs::remove_dir_all(path.join("new/events")).unwrap();
            }
        }
    };
    generate(&two_parts, &mut sabotage).unwrap_err()
}

fn write(out: &Path, seed: u64) -> Result<Written, DemoError> {
    generate(&options(out, seed), &mut |_| {})
}

fn options(out: &Path, seed: u64) -> Options {
    Options {
        units: 100,
        seed,
        out: PathBuf::from(out),
        ..Options::default()
    }
}

/// Names in a folder, hidden ones too.
fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
