//! Markdown: complete, and safe against names.

use epstats_evaluate::experiment::Inference;
use epstats_report::markdown;

use crate::scorecards::{empty, hostile, shop};

#[test]
fn of_a_shop() {
    insta::assert_snapshot!(markdown(&shop(Inference::Standard)));
}

#[test]
fn of_a_shop_in_profile_ep_stats() {
    insta::assert_snapshot!(markdown(&shop(Inference::EpStats)));
}

#[test]
fn without_metrics_and_checks() {
    insta::assert_snapshot!(markdown(&empty()));
}

#[test]
fn every_row_of_a_table_has_the_columns_of_its_head() {
    let text = markdown(&hostile("a|b\n| c `*_<b>", 2, 2, 1.2));
    let mut columns = None;
    for line in text.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        if line.starts_with('|') {
            assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
        } else {
            columns = None;
        }
    }
    assert!(text.contains(r"a\|b \| c \`\*\_\<b\>"), "{text}");
}
