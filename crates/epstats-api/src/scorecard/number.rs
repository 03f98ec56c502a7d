//! Numbers, ids and reasons on the wire.

use std::collections::BTreeMap;

use epstats_evaluate::Value;
use epstats_evaluate::experiment::stats::Undefined;
use serde::{Serialize, Serializer};

/// A finite number, or null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Number(Option<f64>);

impl Number {
    /// No number, for one that does not apply.
    pub(crate) const NONE: Number = Number(None);

    /// A number that has no reasons beside it.
    pub(crate) fn plain(number: f64) -> Number {
        Number(number.is_finite().then_some(number))
    }
}

/// Why numbers are null, by their names.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Reasons(BTreeMap<&'static str, &'static str>);

impl Reasons {
    /// Notes the reason where a value is undefined or infinite; one that does not apply has none.
    pub(crate) fn number(&mut self, name: &'static str, value: impl Into<Option<Value>>) -> Number {
        let reason = match value.into() {
            None => return Number(None),
            Some(Ok(number)) if number.is_finite() => return Number(Some(number)),
            Some(Ok(f64::INFINITY)) => "infinity",
            Some(Ok(f64::NEG_INFINITY)) => "negative-infinity",
            Some(Ok(_)) => Undefined::InvalidInput.code(),
            Some(Err(reason)) => reason.code(),
        };
        self.0.insert(name, reason);
        Number(None)
    }

    /// Notes the reason where there is no word.
    pub(crate) fn word<W>(&mut self, name: &'static str, word: Result<W, Undefined>) -> Option<W> {
        word.map_err(|reason| self.0.insert(name, reason.code()))
            .ok()
    }

    /// `mean=too-few-units power=zero-variance`
    pub(crate) fn in_one_cell(&self) -> String {
        let reasons: Vec<String> = self
            .0
            .iter()
            .map(|(name, reason)| format!("{name}={reason}"))
            .collect();
        reasons.join(" ")
    }
}

/// Numbers by name, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named(pub(crate) Vec<(&'static str, Number)>);

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// A number of units: an integer where it is whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Count(pub(crate) f64);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
        let count = self.0;
        if count.fract() == 0.0 && (0.0..=LARGEST_EXACT).contains(&count) {
            serializer.serialize_u64(count as u64)
        } else {
            Number::plain(count).serialize(serializer)
        }
    }
}

/// The id of a metric or check as the definition has it: a number with all its digits, or a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Id {
    Number(serde_json::Number),
    Text(String),
}

impl Id {
    pub(crate) fn new(id: &str) -> Id {
        match id.parse() {
            Ok(number) => Id::Number(number),
            Err(_) => Id::Text(id.to_owned()),
        }
    }
}
