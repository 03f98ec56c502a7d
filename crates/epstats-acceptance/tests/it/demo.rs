//! The main job, from generated events to a scorecard, held to the effects that were put in.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::epstats;

const UNITS: &str = "60000";

/// Six standard errors: about one false alarm in a billion per comparison.
const STANDARD_ERRORS: f64 = 6.0;

fn demo(folder: &Path) -> String {
    let out = folder.join("demo").display().to_string();
    let ended = epstats(&["demo", "--units", UNITS, "--seed", "11", "--out", &out]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    out
}

fn scorecard(demo: &str, more: &[&str]) -> Value {
    let definition = format!("{demo}/experiment.yaml");
    let config = format!("{demo}/epstats.yaml");
    let mut arguments = vec![
        "evaluate",
        &definition,
        "--config",
        &config,
        "--source",
        "demo",
        "--format",
        "json",
    ];
    arguments.extend(more);
    let ended = epstats(&arguments);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    serde_json::from_str(&ended.output).unwrap()
}

#[test]
fn the_scorecard_of_the_demo_finds_the_effects_that_were_put_in() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo(folder.path());
    let scorecard = scorecard(&demo, &[]);
    let truth: Value =
        serde_json::from_str(&fs::read_to_string(format!("{demo}/truth.json")).unwrap()).unwrap();
    let mut compared = 0;
    for metric in truth["metrics"].as_array().unwrap() {
        let Some(effects) = metric["relative_effects"].as_object() else {
            continue;
        };
        let evaluated = scorecard["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .find(|other| other["id"] == metric["id"])
            .unwrap();
        for (variant, effect) in effects {
            let row = evaluated["variants"]
                .as_array()
                .unwrap()
                .iter()
                .find(|row| row["variant"] == variant.as_str())
                .unwrap();
            let number = |field: &str| row[field].as_f64().unwrap();
            let estimate = number("relative_effect");
            let half_width = (number("relative_upper") - number("relative_lower")) / 2.0;
            let standard_error = half_width / 1.96;
            let truth = effect.as_f64().unwrap();
            assert!(
                (estimate - truth).abs() <= STANDARD_ERRORS * standard_error,
                "{} of {variant}: {estimate} instead of {truth}, standard error {standard_error}",
                metric["name"],
            );
            compared += 1;
        }
    }
    assert!(compared >= 20, "only {compared} effects were compared");
}

#[test]
fn the_checks_of_the_demo_know_its_allocation() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo(folder.path());
    let with = scorecard(&demo, &["--strict"]);
    assert_eq!(with["checks"][0]["outcome"], "passed");
    let definition = fs::read_to_string(format!("{demo}/experiment.yaml")).unwrap();
    let without: String = definition
        .lines()
        .filter(|line| !line.starts_with("allocation:"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_ne!(
        definition.trim_end(),
        without,
        "the allocation is one line of the definition"
    );
    fs::write(format!("{demo}/experiment.yaml"), without).unwrap();
    let definition = format!("{demo}/experiment.yaml");
    let config = format!("{demo}/epstats.yaml");
    let ended = epstats(&[
        "evaluate",
        &definition,
        "--config",
        &config,
        "--source",
        "demo",
        "--strict",
    ]);
    assert_eq!(ended.code, 1, "equal shares are not what was designed");
}

#[test]
fn the_same_seed_gives_the_same_scorecard() {
    let folder = tempfile::tempdir().unwrap();
    let first = scorecard(&demo(folder.path()), &["--threads", "1"]);
    let other = tempfile::tempdir().unwrap();
    let second = scorecard(&demo(other.path()), &["--threads", "1"]);
    assert_eq!(first, second);
}
