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
    let source = [
        include_str!("../../src/scorecard.rs"),
        include_str!("../../src/scorecard/belief.rs"),
        include_str!("../../src/scorecard/check.rs"),
        include_str!("../../src/scorecard/decision.rs"),
        include_str!("../../src/scorecard/effect.rs"),
    ];
    let missing: Vec<&str> = source
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "))
        .map(|(field, _)| field)
        .filter(|field| !page.contains(&format!("`{field}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?} are not in docs/scorecard.md"
    );
}
