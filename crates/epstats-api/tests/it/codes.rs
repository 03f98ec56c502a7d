//! Codes have messages and documentation.

use std::collections::BTreeSet;

use epstats_api::{CodeKind, codes};

use crate::{bad_definitions, bad_sources};

#[test]
fn every_code_of_definitions_has_a_message_among_the_snapshots() {
    let seen: BTreeSet<&str> = bad_definitions::cases()
        .into_iter()
        .chain(bad_sources::cases())
        .flat_map(|(_, problems)| problems)
        .map(|problem| problem.code.as_str())
        .collect();
    let silent: Vec<&str> = codes()
        .into_iter()
        .filter(|entry| entry.kind == CodeKind::Definition && !seen.contains(entry.code))
        .map(|entry| entry.code)
        .collect();
    assert!(silent.is_empty(), "without a message: {silent:?}");
}

#[test]
fn every_code_has_a_heading_on_its_page() {
    let page = |kind: CodeKind| {
        let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), kind.page());
        std::fs::read_to_string(path).unwrap()
    };
    let (definitions, formulas) = (page(CodeKind::Definition), page(CodeKind::Formula));
    for entry in codes() {
        let page = match entry.kind {
            CodeKind::Definition => &definitions,
            CodeKind::Formula => &formulas,
        };
        let heading = format!("### `{}`", entry.code);
        assert!(page.lines().any(|line| line == heading), "no {heading}");
    }
}

#[test]
fn no_two_kinds_of_problems_share_a_code() {
    let all = codes();
    let distinct: BTreeSet<&str> = all.iter().map(|entry| entry.code).collect();
    assert_eq!(distinct.len(), all.len());
}
