//! Rows, types and bytes of the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use epstats_demo::{Options, Progress, generate};

use crate::data::{DAY, Demo, END, START, batches};

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (Demo::new(3_000, 7), Demo::new(3_000, 7));
    assert_eq!(contents(one.folder.path()), contents(two.folder.path()));
}

#[test]
fn another_seed_gives_other_rows() {
    let (one, two) = (Demo::new(500, 1), Demo::new(500, 2));
    assert_ne!(one.events(), two.events());
}

#[test]
fn how_units_are_spread_over_files_changes_no_row() {
    let one = Demo::new(2_500, 3);
    let many = Demo::with(Options {
        units: 2_500,
        seed: 3,
        units_per_file: 1_000,
        ..Options::default()
    });
    assert_eq!((one.written.files, many.written.files), (1, 3));
    assert_eq!(sorted(one.exposures()), sorted(many.exposures()));
    assert_eq!(sorted(one.events()), sorted(many.events()));
}

#[test]
fn the_files_have_as_many_rows_as_reported() {
    let demo = Demo::with(Options {
        units: 2_500,
        units_per_file: 1_000,
        ..Options::default()
    });
    assert_eq!(demo.exposures().len() as u64, demo.written.exposure_rows);
    assert_eq!(demo.events().len() as u64, demo.written.event_rows);
}

#[test]
fn there_are_about_five_events_for_each_unit() {
    let units = 50_000;
    let demo = Demo::new(units, 1);
    // The two bots of so small a shop would weigh too much.
    let bots_events = 2.0 * 4_050.0;
    let per_unit = (demo.written.event_rows as f64 - bots_events) / units as f64;
    assert!((4.5..5.5).contains(&per_unit), "{per_unit}");
}

#[test]
fn progress_ends_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        units: 25_000,
        out: folder.path().join("shop"),
        units_per_file: 20_000,
        ..Options::default()
    };
    let mut reports: Vec<Progress> = Vec::new();
    let written = generate(&options, &mut |report| reports.push(report)).unwrap();
    let units: Vec<u64> = reports.iter().map(|report| report.units_done).collect();
    assert_eq!(units, [10_000, 20_000, 20_000, 25_000]);
    assert!(reports.is_sorted_by_key(|report| report.event_rows));
    assert_eq!(reports.last().unwrap().event_rows, written.event_rows);
}

#[test]
fn columns_have_the_documented_types() {
    let demo = Demo::new(200, 1);
    let schema = |folder: &Path| -> Vec<String> {
        let batch = batches(folder).remove(0);
        let fields = batch.schema().fields().clone();
        let field = |field: &std::sync::Arc<arrow_schema::Field>| {
            let null = if field.is_nullable() { "?" } else { "" };
            format!("{}: {}{null}", field.name(), field.data_type())
        };
        fields.iter().map(field).collect()
    };
    assert_eq!(
        schema(&demo.written.exposures),
        [
            "user_id: Int64",
            "experiment: Utf8",
            "variant: Utf8",
            "time: Timestamp(µs, \"UTC\")",
            "country: Utf8",
            "browser: Utf8",
        ]
    );
    assert_eq!(
        schema(&demo.written.events),
        [
            "user_id: Int64",
            "name: Utf8",
            "amount: Float64?",
            "time: Timestamp(µs, \"UTC\")",
            "product: Utf8?",
        ]
    );
}

#[test]
fn rows_are_ordered_by_time_and_mix_units() {
    let demo = Demo::new(1_000, 1);
    let (exposures, events) = (demo.exposures(), demo.events());
    assert!(exposures.is_sorted_by_key(|row| row.time));
    assert!(events.is_sorted_by_key(|row| row.time));
    assert!(!exposures.is_sorted_by_key(|row| row.user));
}

#[test]
fn the_log_begins_a_week_before_the_experiment_and_ends_three_days_after() {
    let demo = Demo::new(20_000, 1);
    let events = demo.events();
    let log = START - 7 * DAY..END + 3 * DAY;
    assert!(events.iter().all(|event| log.contains(&event.time)));
    assert!(events[0].time < START - 6 * DAY);
    assert!(events.last().unwrap().time >= END + 2 * DAY);
}

#[test]
fn amounts_are_missing_only_where_an_event_has_none() {
    let demo = Demo::new(20_000, 1);
    let mut seen: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for event in demo.events() {
        let has_amount = event.amount.is_some();
        assert!(
            event
                .amount
                .is_none_or(|amount| amount.is_finite() && amount >= 0.0)
        );
        seen.entry(event.name).or_default()[usize::from(has_amount)] = true;
    }
    let (never, always) = ([true, false], [false, true]);
    let expected = [
        ("cart", never),
        ("click", never),
        ("error", never),
        ("login", never),
        ("purchase", always),
        ("refund", always),
        ("session", always),
        ("view", never),
    ];
    let expected: BTreeMap<String, [bool; 2]> = expected
        .into_iter()
        .map(|(name, has)| (name.to_owned(), has))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_definition_and_the_truth_have_the_same_metrics() {
    let demo = Demo::new(200, 1);
    let definition = fs::read_to_string(&demo.written.definition).unwrap();
    let metrics = definition.split("\nchecks:\n").next().unwrap();
    let values = |field: &str| -> Vec<String> {
        let lines = metrics
            .lines()
            .map(|line| line.trim_start_matches([' ', '-']));
        lines
            .filter_map(|line| line.strip_prefix(field).map(str::to_owned))
            .collect()
    };
    let truth = demo.truth();
    let truths = truth["metrics"].as_array().unwrap();
    let ids: Vec<String> = truths
        .iter()
        .map(|metric| metric["id"].to_string())
        .collect();
    let names: Vec<&str> = truths
        .iter()
        .map(|metric| metric["name"].as_str().unwrap())
        .collect();
    // The first `id` is that of the experiment.
    assert_eq!(values("id: ")[1..], ids);
    assert_eq!(values("name: "), names);
    assert!(ids.len() >= 12);
    assert_eq!(truth["experiment"], "checkout");
    assert_eq!(truth["control"], "control");
}

fn sorted<T: PartialOrd>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort_by(|a, b| a.partial_cmp(b).unwrap());
    rows
}

/// All files below a folder, with their bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}
