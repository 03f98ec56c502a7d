//! Planning at the command: the examples of its page, and mistakes.

use crate::run::epstats;

const PAGE: &str = include_str!("../../../../docs/planning.md");

/// The commands of the page, each with the answer that the page shows, where it shows one.
fn examples() -> Vec<(&'static str, Option<&'static str>)> {
    let mut blocks = PAGE.split("```").skip(1).step_by(2).peekable();
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
    let examples = examples();
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
