//! Progress of long work on standard error; nothing where that is not a terminal.

use std::sync::Arc;
use std::time::Duration;

use epstats_sources::{Progress, ProgressReport};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts rows read.
pub(crate) fn rows() -> (ProgressBar, ProgressReport) {
    let bar = spinner("reading");
    let told = bar.clone();
    let report = move |progress: Progress| {
        if let (Some(total), None) = (progress.rows_total, told.length()) {
            told.set_length(total);
            told.set_style(style(
                "{spinner} reading [{wide_bar}] {human_pos} of {human_len} rows, {elapsed}, {eta} left",
            ));
        }
        told.set_position(progress.rows_read);
    };
    (bar, Arc::new(report))
}

/// A bar that counts units written.
pub(crate) fn units(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    bar.set_style(style(
        "{spinner} writing [{wide_bar}] {human_pos} of {human_len} units, {elapsed}, {eta} left",
    ));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::no_length();
    bar.set_style(style(&format!(
        "{{spinner}} {what} {{human_pos}} rows, {{elapsed}}"
    )));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
