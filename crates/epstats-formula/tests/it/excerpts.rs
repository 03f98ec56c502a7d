//! The excerpt of a text under a diagnostic.

use epstats_formula::{Span, render_excerpt};

fn check(text: &str, place: &str, label: &str, expected: [&str; 2]) {
    let start = text.find(place).unwrap();
    let span = Span {
        start,
        end: start + place.len(),
    };
    let rendered = render_excerpt(text, span, label);
    assert_eq!(rendered.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_short_line_is_shown_whole() {
    check(
        "count(user.units.click)",
        "units",
        "expected `unit` or `global`",
        [
            "| count(user.units.click)",
            "|            ^^^^^ expected `unit` or `global`",
        ],
    );
    check("a + b", "b", "", ["| a + b", "|     ^"]);
}

#[test]
fn the_end_of_a_text_has_one_caret() {
    let end = Span { start: 3, end: 3 };
    assert_eq!(render_excerpt("a +", end, "here"), "| a +\n|    ^ here");
    assert_eq!(render_excerpt("", Span::default(), "here"), "| \n| ^ here");
}

#[test]
fn only_the_line_of_the_place_is_shown() {
    check("a +\nb +\r\nc", "b", "x", ["| b +", "| ^ x"]);
    check("a + (b\n+ c)", "(b\n+ c)", "x", ["| a + (b", "|     ^^ x"]);
}

#[test]
fn tabs_wide_and_combining_characters_are_counted_as_drawn() {
    check("\ta b", "b", "", ["|     a b", "|       ^"]);
    check("日本 b", "b", "", ["| 日本 b", "|      ^"]);
    check("日本 b", "本", "", ["| 日本 b", "|   ^^"]);
    check("e\u{301} b", "b", "", ["| e\u{301} b", "|   ^"]);
    check("😀 b", "b", "", ["| 😀 b", "|    ^"]);
}

#[test]
fn characters_that_steer_a_terminal_are_replaced() {
    check("\u{1b}[31m b", "b", "", ["| \u{fffd}[31m b", "|       ^"]);
    check("\u{202e} b", "b", "", ["| \u{fffd} b", "|   ^"]);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("{}BAD{}", "left ".repeat(40), " right".repeat(40));
    let rendered = render_excerpt(
        &text,
        Span {
            start: 200,
            end: 203,
        },
        "expected something good",
    );
    let lines = rendered.lines().collect::<Vec<_>>();
    assert!(
        lines[0].starts_with("| …") && lines[0].ends_with('…'),
        "{rendered}"
    );
    assert_eq!(lines[0].chars().count(), 78);
    assert!(lines[1].chars().count() <= 78);
    let column = lines[0]
        .chars()
        .position(|character| character == 'B')
        .unwrap();
    assert_eq!(
        lines[1]
            .chars()
            .position(|character| character == '^')
            .unwrap(),
        column
    );
}

#[test]
fn a_label_that_does_not_fit_beside_a_late_place_moves_the_window() {
    let text = format!("{}BAD", "left ".repeat(14));
    let rendered = render_excerpt(&text, Span { start: 70, end: 73 }, &"label ".repeat(8));
    let lines = rendered.lines().collect::<Vec<_>>();
    assert!(
        lines.iter().all(|line| line.chars().count() <= 78),
        "{rendered}"
    );
    assert_eq!(
        lines[0].find("BAD").map(|at| at - "…".len() + 1),
        lines[1].find("^^^")
    );
}

#[test]
fn spans_outside_the_text_do_no_harm() {
    for (start, end) in [(1, 2), (5, 99), (99, 5), (usize::MAX, usize::MAX)] {
        let _ = render_excerpt("日\n本", Span { start, end }, "x");
    }
}
