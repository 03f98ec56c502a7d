//! Past experiments at the command: the examples of their page, and mistakes.

use std::fs;

use crate::command::Shop;
use crate::planning::examples;
use crate::run::{Ended, epstats, epstats_with_input};

const PAGE: &str = include_str!("../../../../docs/bayes.md");

/// The file of the page.
fn file() -> &'static str {
    let (_, rest) = PAGE.split_once("```csv\n").unwrap();
    rest.split("```").next().unwrap()
}

/// Expected values by exact fractions in Python.
#[test]
fn examples_of_the_page_print_what_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("past.csv").display().to_string();
    fs::write(&path, file()).unwrap();
    let examples = examples(PAGE);
    let shown = examples
        .iter()
        .filter_map(|(command, answer)| Some((command, (*answer)?)));
    let mut n_shown = 0;
    for (command, answer) in shown {
        let arguments: Vec<&str> = command
            .split(' ')
            .map(|argument| {
                if argument == "past.csv" {
                    &path
                } else {
                    argument
                }
            })
            .collect();
        let ended = epstats(&arguments);
        assert_eq!(ended.code, 0, "{command}: {}", ended.errors);
        assert_eq!(ended.output, answer, "{command}");
        n_shown += 1;
    }
    assert!(n_shown > 0);
}

fn evaluated(more: &str) -> Ended {
    let shop = Shop::new();
    let path = shop.path("past.csv");
    fs::write(&path, file()).unwrap();
    let definition = fs::read_to_string(shop.path("experiment.yaml")).unwrap();
    fs::write(shop.path("experiment.yaml"), definition + more).unwrap();
    let arguments = shop.arguments(&["--past", &path, "--format", "json"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    epstats(&arguments)
}

#[test]
fn past_experiments_are_the_prior_of_an_evaluation() {
    let ended = evaluated("");
    assert_eq!(ended.code, 0, "{}", ended.errors);
    let scorecard: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    let prior = &scorecard["prior"];
    assert_eq!(prior["past_experiments"], 5);
    let mean = prior["mean"].as_f64().unwrap();
    assert!((mean - 0.015_672_024_928_665_99).abs() < 1e-15, "{mean}");
}

#[test]
fn there_is_one_prior() {
    let ended = evaluated("bayes: {}\n");
    assert_eq!(ended.code, 2);
    assert!(
        ended.errors.contains("[conflicting-fields]"),
        "{}",
        ended.errors
    );
}

#[test]
fn mistakes_of_a_file_name_the_line() {
    let text = "experiment,effect,standard_error\na,0.1,0.1\nb,x,0\n";
    let ended = epstats_with_input(&["shrink", "-"], text);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .errors
            .contains("`effect` is not a number [wrong-type]"),
        "{}",
        ended.errors
    );
    assert!(ended.errors.contains("line 3"), "{}", ended.errors);
    assert!(
        ended.errors.contains("2 problems in `standard input`"),
        "{}",
        ended.errors
    );
}
