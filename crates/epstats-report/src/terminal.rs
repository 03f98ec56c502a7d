//! A scorecard for the terminal.

mod bar;
mod columns;
mod decisions;
mod details;
mod metrics;
mod page;
mod parts;
mod summary;
mod warnings;

use epstats_evaluate::Scorecard;

use page::Page;
pub(crate) use warnings::grouped as grouped_warnings;

/// How a scorecard is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Columns of the terminal; no line is wider. From 60 on nothing is cut but long names.
    pub width: usize,
    /// May colours be used? They never carry anything alone.
    pub color: bool,
    /// May lines and signs beyond ASCII be used? Names stay as they are.
    pub unicode: bool,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        TerminalOptions {
            width: 80,
            color: false,
            unicode: true,
        }
    }
}

/// The scorecard as text: decisions, variants, checks, a block for each metric with its intervals drawn, and warnings.
///
/// No line is wider than the options say. Intervals of one metric share an axis, whose ends stand above it and whose zero is marked.
/// A number that is undefined is a dash, with its reason below the row.
#[must_use]
pub fn terminal(scorecard: &Scorecard, options: &TerminalOptions) -> String {
    let mut page = Page::new(options);
    summary::head(scorecard, &mut page);
    decisions::list(scorecard, &mut page);
    summary::variants(scorecard, &mut page);
    summary::checks(scorecard, &mut page);
    metrics::blocks(scorecard, &mut page);
    warnings::list(scorecard, &mut page);
    page.finish()
}
