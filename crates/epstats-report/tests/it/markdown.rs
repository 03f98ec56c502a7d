//! Markdown: complete, and safe against names.

use epstats_evaluate::experiment::Inference;
use epstats_report::markdown;

use crate::rich::rich;
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
fn with_everything_that_a_definition_can_ask_for() {
    insta::assert_snapshot!(markdown(&rich("express")));
}

#[test]
fn without_metrics_and_checks() {
    insta::assert_snapshot!(markdown(&empty()));
}

#[test]
fn every_row_of_a_table_has_the_columns_of_its_head() {
    let name = "a|b\n| c `*_<b>";
    rows_have_the_columns_of_their_head(&markdown(&rich(name)));
    let text = markdown(&hostile(name, 2, 2, 1.2));
    rows_have_the_columns_of_their_head(&text);
    assert!(text.contains(r"a\|b \| c \`\*\_\<b\>"), "{text}");
}

fn rows_have_the_columns_of_their_head(text: &str) {
    let mut columns = None;
    for line in text.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        if line.starts_with('|') {
            assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
        } else {
            columns = None;
        }
    }
}
