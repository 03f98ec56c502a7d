//! Collects the fields of a row.

use epstats_evaluate::Value;
use epstats_evaluate::experiment::stats::Undefined;

use super::{Cell, Row};
use crate::scorecard::number::{Count, Reasons};

/// The fields so far; every method adds one.
#[derive(Default)]
pub(super) struct Fields {
    fields: Vec<(&'static str, Cell)>,
    reasons: Reasons,
}

impl Fields {
    pub(super) fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.add(name, Cell::Text(text.map(str::to_owned)));
    }

    /// A word, or the reason why there is none.
    pub(super) fn word(
        &mut self,
        name: &'static str,
        word: Option<Result<&'static str, Undefined>>,
    ) {
        let word = word.and_then(|word| self.reasons.word(name, word));
        self.text(name, word);
    }

    pub(super) fn boolean(&mut self, name: &'static str, value: Option<bool>) {
        self.add(name, Cell::Boolean(value));
    }

    pub(super) fn count(&mut self, name: &'static str, count: f64) {
        self.add(name, Cell::Count(Count(count)));
    }

    pub(super) fn counts(&mut self, name: &'static str, counts: Vec<u64>) {
        self.add(name, Cell::Counts(counts));
    }

    pub(super) fn number(&mut self, name: &'static str, value: impl Into<Option<Value>>) {
        let number = self.reasons.number(name, value);
        self.add(name, Cell::Number(number));
    }

    pub(super) fn finish(self) -> Row {
        Row {
            fields: self.fields,
            reasons: self.reasons,
        }
    }

    fn add(&mut self, name: &'static str, cell: Cell) {
        self.fields.push((name, cell));
    }
}
