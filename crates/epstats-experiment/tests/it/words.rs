//! Choices and suggestions.

use epstats_experiment::{closest, one_of, shorten};

#[test]
fn near_words_are_suggested_and_far_ones_are_not() {
    let words = ["control", "express", "id"];
    assert_eq!(closest("contorl", words), Some("control"));
    assert_eq!(closest("EXPRESS", words), Some("express"));
    assert_eq!(closest("ix", words), Some("id"));
    assert_eq!(closest("metrics", words), None);
    assert_eq!(closest("", words), None);
}

#[test]
fn choices_are_listed_in_words() {
    assert_eq!(one_of([]), "nothing");
    assert_eq!(one_of(["a"]), "`a`");
    assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
    let many: Vec<String> = (0..23).map(|number| number.to_string()).collect();
    let listed = one_of(many.iter().map(String::as_str));
    assert!(listed.ends_with("`19` or one of 3 more"), "{listed}");
}

#[test]
fn long_texts_are_cut_and_control_characters_shown() {
    assert_eq!(shorten("a\tb"), "a\\tb");
    assert_eq!(shorten(&"x".repeat(81)), format!("{}…", "x".repeat(80)));
}
