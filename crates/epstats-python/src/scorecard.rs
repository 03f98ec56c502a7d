//! Scorecards, in every form that they are written in.

use epstats_api::{scorecard_csv, scorecard_json};
use epstats_report::{TerminalOptions, markdown, terminal};
use pyo3::prelude::*;

/// A scorecard; the Python side reads it from its JSON.
#[pyclass(frozen, module = "epstats._epstats")]
pub(crate) struct Scorecard(pub(crate) epstats_evaluate::Scorecard);

#[pymethods]
impl Scorecard {
    /// As JSON, in the form that `docs/scorecard-files.md` describes.
    fn json(&self) -> String {
        scorecard_json(&self.0)
    }

    /// As CSV, a row per metric and variant.
    fn csv(&self) -> String {
        scorecard_csv(&self.0)
    }

    /// As Markdown.
    fn markdown(&self) -> String {
        markdown(&self.0)
    }

    /// As text of at most so many columns.
    fn text(&self, width: usize, color: bool) -> String {
        let options = TerminalOptions {
            width,
            color,
            ..TerminalOptions::default()
        };
        terminal(&self.0, &options)
    }
}
