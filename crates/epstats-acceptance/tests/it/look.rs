//! `epstats source check` and `epstats source init`: what is found in data, and what will not work.

use std::fs;

use tempfile::TempDir;

use crate::run::{Ended, epstats};

const EXPOSURES: &str = "\
user_id,exp,arm,ts,country
1,checkout,a,2026-09-01T10:00:00,CZ
2,checkout,b,2026-09-02T11:00:00,SK
3,checkout,b,2026-09-03T12:00:00,
3,checkout,a,2026-09-03T12:30:00,CZ
4,,b,2026-09-04T00:00:00,CZ
";

const EVENTS: &str = "\
user_id,name,amount,ts
1,click,,2026-09-01T10:00:10
1,purchase,9.5,2026-09-01T10:01:00
3,click,,2026-09-03T12:00:05
,click,,2026-09-03T12:00:06
";

/// A folder with exposures, events and a configuration.
struct Data(TempDir);

impl Data {
    fn new(exposures: &str, events: &str, config: &str) -> Data {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("exposures.csv", exposures),
            ("events.csv", events),
            ("epstats.yaml", config),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Data(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn check(&self, more: &[&str]) -> Ended {
        let config = self.path("epstats.yaml");
        let arguments = ["source", "check", "shop", "--config", &config];
        epstats(&[&arguments, more].concat())
    }
}

const CONFIG: &str = "
sources:
  shop:
    layout: events
    unit_type: user
    exposures: {path: exposures.csv, unit_id: user_id, experiment: exp, variant: arm, time: ts, dimensions: [country]}
    events: {path: events.csv, unit_id: user_id, goal: name, value: amount, time: ts}
";

#[test]
fn a_source_is_described_for_people() {
    let ended = Data::new(EXPOSURES, EVENTS, CONFIG).check(&[]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    insta::assert_snapshot!("look_for_people", ended.output);
}

#[test]
fn a_source_is_described_for_programs() {
    let ended = Data::new(EXPOSURES, EVENTS, CONFIG).check(&["--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    let look: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(look["dialect"], "datafusion");
    assert_eq!(look["tables"][0]["n_rows"], 5);
    assert_eq!(look["n_goals"], 2);
    assert_eq!(look["goals"][0]["goal"], "click");
    assert_eq!(look["goals"][0]["n_rows"], 3);
    let variants = look["variants"].as_array().unwrap();
    let of_b = variants
        .iter()
        .find(|variant| variant["experiment"] == "checkout" && variant["variant"] == "b");
    assert_eq!(of_b.unwrap()["n_units"], 2);
    let findings = look["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .all(|finding| finding["severity"] == "warning")
    );
}

#[test]
fn everything_that_will_not_work_is_told_at_once() {
    let config = CONFIG
        .replace("unit_id: user_id, experiment", "unit_id: uid, experiment")
        .replace("goal: name", "goal: amount")
        .replace("value: amount", "value: name");
    let ended = Data::new(EXPOSURES, EVENTS, &config).check(&[]);
    assert_eq!(ended.code, 3);
    insta::assert_snapshot!("look_at_what_will_not_work", ended.output);
}

#[test]
fn empty_tables_and_events_of_another_time_are_errors() {
    let head = |text: &str| text.lines().next().unwrap().to_owned() + "\n";
    let empty = Data::new(&head(EXPOSURES), EVENTS, CONFIG).check(&[]);
    assert_eq!(empty.code, 3, "{}", empty.output);
    assert!(empty.output.contains("has no rows"), "{}", empty.output);
    let earlier = EVENTS.replace("2026-09", "2025-09");
    let earlier = Data::new(EXPOSURES, &earlier, CONFIG).check(&[]);
    assert_eq!(earlier.code, 3, "{}", earlier.output);
    assert!(
        earlier.output.contains("was before the first exposure"),
        "{}",
        earlier.output
    );
}

#[test]
fn values_that_are_no_numbers_are_found_before_an_evaluation_fails() {
    let events = EVENTS.replace("9.5", "NaN");
    let ended = Data::new(EXPOSURES, &events, CONFIG).check(&[]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.output.contains("NaN or infinite in 1 row of 4"),
        "{}",
        ended.output
    );
}

#[test]
fn a_new_definition_maps_the_columns_and_passes_its_check() {
    let data = Data::new(EXPOSURES, EVENTS, "");
    let (exposures, events) = (data.path("exposures.csv"), data.path("events.csv"));
    let config = data.path("new.yaml");
    let arguments = ["--table", &events, "--table", &exposures, "--out", &config];
    let ended = epstats(&[&["source", "init", "shop"], &arguments[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.errors);
    let written = fs::read_to_string(&config).unwrap();
    let folder = data.0.path().display().to_string();
    insta::assert_snapshot!("new_definition", written.replace(&folder, "FOLDER"));
    let checked = epstats(&["source", "check", "shop", "--config", &config]);
    assert_eq!(checked.code, 0, "{}{}", checked.output, checked.errors);
}

#[test]
fn what_no_column_looks_like_is_left_to_the_writer() {
    let events = EVENTS.replace("name", "what");
    let data = Data::new(EXPOSURES, &events, "");
    let (exposures, events) = (data.path("exposures.csv"), data.path("events.csv"));
    let arguments = ["--table", &events, "--table", &exposures];
    let ended = epstats(&[&["source", "init", "shop"], &arguments[..]].concat());
    assert_eq!(ended.code, 0);
    assert!(
        ended.output.contains("goal: null  # choose one of: what"),
        "{}",
        ended.output
    );
    assert!(
        ended.errors.contains("no column looks like `events.goal`"),
        "{}",
        ended.errors
    );
}
