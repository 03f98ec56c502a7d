//! Diagnostics as people see them.

use epstats_experiment::formula::parse;
use epstats_experiment::{Code, Diagnostic, Place, Step};

fn check(problem: &Diagnostic, expected: &str) {
    assert_eq!(problem.render(), expected);
}

fn path(steps: &[&str]) -> Vec<Step> {
    let step = |step: &&str| match step.parse::<usize>() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::from(*step),
    };
    steps.iter().map(step).collect()
}

#[test]
fn a_problem_in_a_formula_shows_the_place_underlined() {
    let text = "count(user.units.click)";
    let place = Place {
        path: path(&["metrics", "2", "nominator"]),
        name: Some("Click-through rate".to_owned()),
        ..Place::default()
    };
    let problem = parse(text).diagnostics.remove(0);
    check(
        &Diagnostic::in_formula(problem, text, place),
        "\
error: unknown aggregation `units` [unknown-aggregation]
  metrics[2] \"Click-through rate\", numerator
  | count(user.units.click)
  |            ^^^^^ expected `unit` or `global`
  help: did you mean `unit`?",
    );
}

#[test]
fn a_problem_elsewhere_shows_what_was_expected_and_found() {
    let mut problem =
        Diagnostic::error(Code::UnknownChoice, path(&["inference"]), "no such profile")
            .expected("`standard` or `ep-stats`")
            .found("`bayes`")
            .help("read the page of definitions");
    problem.place.line_column = Some((3, 12));
    check(
        &problem,
        "\
error: no such profile [unknown-choice]
  inference, line 3, column 12
  expected `standard` or `ep-stats`, found `bayes`
  help: read the page of definitions",
    );
}

#[test]
fn a_problem_of_the_whole_document_is_one_line() {
    let problem = Diagnostic::error(
        Code::UnreadableDefinition,
        Vec::new(),
        "the document is empty",
    );
    check(
        &problem,
        "error: the document is empty [unreadable-definition]",
    );
}

#[test]
fn a_name_cannot_break_the_lines() {
    let problem = Diagnostic::error(Code::DuplicateId, path(&["metrics", "0", "id"]), "twice")
        .named("two\nlines\u{1b}[31m");
    check(
        &problem,
        "error: twice [duplicate-id]\n  metrics[0] \"two\\nlines\\u{1b}[31m\", id",
    );
}
