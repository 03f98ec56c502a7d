//! What the product says to the inputs of one case.

use epstats_stats::Undefined;

/// Values by the name of the expected field, with what their comparison needs.
#[derive(Debug, Default)]
pub(super) struct Answers(pub(super) Vec<Answer>);

/// One value.
#[derive(Debug)]
pub(super) struct Answer {
    /// Path of the expected field: names and places, separated by `/`.
    pub(super) field: String,
    pub(super) value: Got,
    /// Size below which the tolerance is absolute.
    pub(super) scale: f64,
    /// Absolute tolerance besides the relative one.
    pub(super) absolute: f64,
    /// Whether no tolerance applies.
    pub(super) exact: bool,
}

/// A value of the product.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Got {
    Number(f64),
    /// There is no number.
    Missing,
    Flag(bool),
    Text(String),
}

impl From<f64> for Got {
    fn from(value: f64) -> Self {
        Got::Number(value)
    }
}

impl From<Option<f64>> for Got {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Got::Missing, Got::Number)
    }
}

impl From<Result<f64, Undefined>> for Got {
    fn from(value: Result<f64, Undefined>) -> Self {
        value.ok().into()
    }
}

impl From<bool> for Got {
    fn from(value: bool) -> Self {
        Got::Flag(value)
    }
}

impl From<Option<bool>> for Got {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Got::Missing, Got::Flag)
    }
}

impl From<&str> for Got {
    fn from(value: &str) -> Self {
        Got::Text(value.to_owned())
    }
}

impl Answers {
    /// A number to be equal in relative terms: a probability, a variance, a quantile, a standard error.
    pub(super) fn add(&mut self, field: &str, value: impl Into<Got>) {
        self.add_scaled(field, value, 0.0);
    }

    /// A difference or an end of an interval, with the standard error as its size.
    pub(super) fn add_scaled(&mut self, field: &str, value: impl Into<Got>, scale: f64) {
        self.0.push(Answer {
            field: field.to_owned(),
            value: value.into(),
            scale: if scale.is_finite() { scale.abs() } else { 0.0 },
            absolute: 0.0,
            exact: false,
        });
    }

    /// A test statistic or a logarithm.
    pub(super) fn add_statistic(&mut self, field: &str, value: impl Into<Got>) {
        self.add_scaled(field, value, 1.0);
    }

    /// A number that may also be off by an absolute amount.
    pub(super) fn add_within(&mut self, field: &str, value: impl Into<Got>, absolute: f64) {
        self.add(field, value);
        if let Some(last) = self.0.last_mut() {
            last.absolute = absolute;
        }
    }

    /// A whole number, a flag or a text, to be equal without any tolerance.
    pub(super) fn add_exact(&mut self, field: &str, value: impl Into<Got>) {
        self.add(field, value);
        if let Some(last) = self.0.last_mut() {
            last.exact = true;
        }
    }

    /// A list of numbers, equal in relative terms.
    pub(super) fn add_list<T: Into<Got>>(
        &mut self,
        field: &str,
        values: impl IntoIterator<Item = T>,
    ) {
        for (at, value) in values.into_iter().enumerate() {
            self.add(&format!("{field}/{at}"), value);
        }
    }

    /// A reason, as the files write it.
    pub(super) fn add_reason(&mut self, field: &str, reason: Option<Undefined>) {
        let value = reason.map_or(Got::Missing, |reason| {
            Got::Text(reason.code().replace('-', "_"))
        });
        self.add_exact(field, value);
    }
}
