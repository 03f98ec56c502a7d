//! The terminal at several widths, and what holds at any.

use epstats_evaluate::experiment::Inference;
use epstats_report::{TerminalOptions, terminal};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use crate::rich::{one_sided, rich};
use crate::scorecards::{empty, hostile, shop};

fn at(width: usize) -> TerminalOptions {
    TerminalOptions {
        width,
        ..TerminalOptions::default()
    }
}

#[test]
fn at_80_columns() {
    insta::assert_snapshot!(terminal(&shop(Inference::Standard), &at(80)));
}

#[test]
fn at_60_columns() {
    insta::assert_snapshot!(terminal(&shop(Inference::Standard), &at(60)));
}

#[test]
fn at_120_columns() {
    insta::assert_snapshot!(terminal(&shop(Inference::Standard), &at(120)));
}

#[test]
fn in_profile_ep_stats() {
    insta::assert_snapshot!(terminal(&shop(Inference::EpStats), &at(80)));
}

#[test]
fn with_one_treatment_that_has_a_long_name() {
    let name = "the new checkout with a very long name 結帳";
    insta::assert_snapshot!(terminal(&hostile(name, 1, 1, 1.2), &at(80)));
}

#[test]
fn without_metrics_and_checks() {
    insta::assert_snapshot!(terminal(&empty(), &at(80)));
}

#[test]
fn in_ascii() {
    let options = TerminalOptions {
        unicode: false,
        ..at(80)
    };
    let text = terminal(&shop(Inference::Standard), &options);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn with_everything_that_a_definition_can_ask_for() {
    insta::assert_snapshot!(terminal(&rich("express"), &at(100)));
}

#[test]
fn with_everything_at_60_columns() {
    insta::assert_snapshot!(terminal(&rich("express"), &at(60)));
}

#[test]
fn with_a_one_sided_alternative() {
    insta::assert_snapshot!(terminal(&one_sided(), &at(80)));
}

#[test]
fn what_everything_adds_is_ascii_where_it_must() {
    let options = TerminalOptions {
        unicode: false,
        ..at(80)
    };
    let text = terminal(&rich("express"), &options);
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn colours_change_no_letter() {
    let colored = TerminalOptions {
        color: true,
        ..at(80)
    };
    let scorecard = shop(Inference::Standard);
    let text = terminal(&scorecard, &colored);
    assert!(text.contains("\x1b[1;31m"));
    assert_eq!(without_colors(&text), terminal(&scorecard, &at(80)));
}

#[test]
fn a_name_cannot_move_the_cursor() {
    let name = "a\x1b[2J\r\nb\u{202e}c\t";
    for scorecard in [hostile(name, 1, 1, 1.2), rich(name)] {
        let text = terminal(&scorecard, &at(80));
        assert!(!text.contains(['\x1b', '\r', '\t', '\u{202e}']));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_line_is_wider_than_the_terminal(
        name in "\\PC{0,60}|[a-z ]{0,120}|[結帳é\u{301}👩‍👩‍👧a]{0,40}",
        n_metrics in 0..3_usize,
        n_treatments in 0..4_usize,
        effect in prop_oneof![0.5..2.0_f64, Just(1e12), Just(-1e-12), Just(0.0), Just(1e300)],
        width in 1..160_usize,
        unicode: bool,
        color: bool,
    ) {
        let options = TerminalOptions { width, color, unicode };
        for scorecard in [hostile(&name, n_metrics, n_treatments, effect), rich(&name)] {
            let text = terminal(&scorecard, &options);
            for line in without_colors(&text).lines() {
                prop_assert!(line.width() <= width, "{} > {width}: {line:?}", line.width());
            }
        }
    }
}

fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split("\x1b[");
    plain.push_str(parts.next().unwrap());
    for part in parts {
        plain.push_str(part.split_once('m').unwrap().1);
    }
    plain
}
