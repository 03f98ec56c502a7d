//! Planning at the command: the examples of its page, and mistakes.

use crate::command::Shop;
use crate::run::epstats;

const PAGE: &str = include_str!("../../../../docs/planning.md");

/// The commands of a page, each with the answer that the page shows, where it shows one.
pub(crate) fn examples(page: &str) -> Vec<(&str, Option<&str>)> {
    let mut blocks = page.split("```").skip(1).step_by(2).peekable();
    let mut examples = Vec::new();
    while let Some(block) = blocks.next() {
        let Some(command) = block.strip_prefix("sh\nepstats ") else {
            continue;
        };
        let answer = blocks.peek().and_then(|next| next.strip_prefix("text\n"));
        examples.push((command.trim(), answer));
    }
    examples
}

#[test]
fn examples_of_the_page_print_what_it_shows() {
    let examples = examples(PAGE);
    assert!(examples.iter().any(|(_, answer)| answer.is_some()));
    for (command, answer) in examples {
        let arguments: Vec<&str> = command.split(' ').collect();
        let ended = epstats(&arguments);
        assert_eq!(ended.code, 0, "{command}: {}", ended.errors);
        if let Some(answer) = answer {
            assert_eq!(ended.output, answer, "{command}");
        }
    }
}

#[test]
fn json_has_the_fields_of_the_service() {
    let ended = epstats(&["power", "--mean", "0.1", "--units", "20000", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(answer["n_units_control"], 10_000);
    assert!(answer["power"].is_null(), "{answer}");
}

#[test]
fn mistakes_name_the_flag() {
    let ended = epstats(&["power", "--mean", "12.5", "--std", "40"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.errors.contains("`--units-control` is missing"),
        "{}",
        ended.errors
    );
    let ended = epstats(&["sample-size", "--mean", "0.5", "--minimum-effect", "inf"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.errors.contains("it is not a finite number"),
        "{}",
        ended.errors
    );
}

/// Runs `sample-size` or `power` on aggregated goals: 1000 units of control with 250 clicks whose squares sum to 400.
fn planned(command: &str, more: &[&str]) -> crate::run::Ended {
    let shop = Shop::new();
    let mut arguments = shop.arguments(more);
    arguments[0] = command.to_owned();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    epstats(&arguments)
}

/// 2 (z_0.975 + z_0.8)² v/(0.05 · 0.25)² = 33941.1 with v = (400 − 62.5)/999, by Python's `statistics.NormalDist`.
#[test]
fn a_definition_with_data_gives_a_line_for_each_metric() {
    let ended = planned(
        "sample-size",
        &["--minimum-effect", "0.05", "--daily-units", "10000"],
    );
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert_eq!(
        ended.output,
        "metric  mean  deviation  to show    units per variant  in all  days\n\
         Clicks  0.25     0.5812  effect 5%              33942   67884     7\n"
    );
}

#[test]
fn a_definition_with_data_gives_json_for_programs() {
    let ended = planned("power", &["--json", "--metric", "1"]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    let answer: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(answer[0]["answer"]["n_units_control"], 1000);
}

#[test]
fn metrics_without_an_aim_say_what_to_give() {
    let ended = planned("sample-size", &[]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(
        ended
            .output
            .contains("give `--minimum-effect` or `--margin`"),
        "{}",
        ended.output
    );
}

#[test]
fn mistakes_of_plans_from_data_have_codes() {
    let unknown = planned("power", &["--metric", "99"]);
    assert!(
        unknown.errors.contains("[unknown-metric]"),
        "{}",
        unknown.errors
    );
    let wrong = planned("power", &["--power", "2"]);
    assert!(
        wrong.errors.contains("`--power` is out of range"),
        "{}",
        wrong.errors
    );
    let without = epstats(&["power", "--source", "goals.csv"]);
    assert!(
        without.errors.contains("[no-definition]"),
        "{}",
        without.errors
    );
    for ended in [unknown, wrong, without] {
        assert_eq!((ended.code, &ended.output[..]), (2, ""));
    }
}
