//! Every code has its page.

use std::path::Path;

use epstats_evaluate::WarningCode;

#[test]
fn every_warning_has_a_heading_in_the_manual_and_every_heading_a_warning() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/warnings.md");
    let page = std::fs::read_to_string(path).unwrap();
    let headings: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let mut codes: Vec<&str> = WarningCode::ALL.iter().map(|code| code.as_str()).collect();
    codes.sort_unstable();
    let mut sorted = headings.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, codes);
}

#[test]
fn every_field_of_the_scorecard_is_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scorecard.md");
    let page = std::fs::read_to_string(path).unwrap();
    let source = include_str!("../../src/scorecard.rs");
    for line in source.lines() {
        let field = line
            .trim()
            .strip_prefix("pub ")
            .and_then(|line| line.split_once(": "));
        if let Some((field, _)) = field {
            assert!(
                page.contains(&format!("`{field}`")),
                "`{field}` is not in docs/scorecard.md"
            );
        }
    }
}
