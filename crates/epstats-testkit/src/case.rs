//! One case of a reference file.

use std::fmt;

use serde_json::Value;

use crate::json::number;

/// Inputs, and what an independent method gives for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Name of the case within its file.
    pub id: String,
    /// What is computed.
    pub kind: String,
    /// The inputs, by name.
    pub input: Value,
    /// The expected values, by name.
    pub expected: Value,
    /// Relative tolerance of this case, where it has its own.
    pub rel_tol: Option<f64>,
}

impl Case {
    /// A number among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn number(&self, name: &str) -> Result<f64, CaseError> {
        number(self.value(name)?).ok_or_else(|| CaseError::new(name, "a number"))
    }

    /// A number among the inputs that may be missing (`null`).
    ///
    /// # Errors
    ///
    /// Where there is neither.
    pub fn optional_number(&self, name: &str) -> Result<Option<f64>, CaseError> {
        match self.value(name)? {
            Value::Null => Ok(None),
            value => number(value)
                .map(Some)
                .ok_or_else(|| CaseError::new(name, "a number or null")),
        }
    }

    /// A whole number among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name, or it does not fit.
    pub fn count<T: TryFrom<u64>>(&self, name: &str) -> Result<T, CaseError> {
        let value = self.value(name)?.as_u64().map(T::try_from);
        match value {
            Some(Ok(count)) => Ok(count),
            _ => Err(CaseError::new(name, "a whole number")),
        }
    }

    /// A text among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn text(&self, name: &str) -> Result<&str, CaseError> {
        self.value(name)?
            .as_str()
            .ok_or_else(|| CaseError::new(name, "a text"))
    }

    /// A list of numbers among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, CaseError> {
        numbers(self.value(name)?).ok_or_else(|| CaseError::new(name, "a list of numbers"))
    }

    /// A list of numbers of which some may be missing.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn optional_numbers(&self, name: &str) -> Result<Vec<Option<f64>>, CaseError> {
        list(self.value(name)?, optional)
            .ok_or_else(|| CaseError::new(name, "a list of numbers and nulls"))
    }

    /// A list of lists of numbers among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn rows(&self, name: &str) -> Result<Vec<Vec<f64>>, CaseError> {
        list(self.value(name)?, numbers)
            .ok_or_else(|| CaseError::new(name, "a list of lists of numbers"))
    }

    /// A list of lists of lists of numbers among the inputs.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn tables(&self, name: &str) -> Result<Vec<Vec<Vec<f64>>>, CaseError> {
        list(self.value(name)?, |table| list(table, numbers))
            .ok_or_else(|| CaseError::new(name, "a list of tables of numbers"))
    }

    /// A list of tables of numbers of which some may be missing.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn optional_tables(&self, name: &str) -> Result<Vec<Vec<Vec<Option<f64>>>>, CaseError> {
        let row = |row: &Value| list(row, optional);
        list(self.value(name)?, |table| list(table, row))
            .ok_or_else(|| CaseError::new(name, "a list of tables of numbers and nulls"))
    }

    /// The inputs under a name, each item of a list as a case of its own.
    ///
    /// # Errors
    ///
    /// Where there is no list of that name.
    pub fn items(&self, name: &str) -> Result<Vec<Case>, CaseError> {
        let items = self.value(name)?.as_array();
        let items = items.ok_or_else(|| CaseError::new(name, "a list"))?;
        let case = |input: &Value| Case {
            input: input.clone(),
            ..self.clone()
        };
        Ok(items.iter().map(case).collect())
    }

    /// The inputs under a name as a case of their own.
    ///
    /// # Errors
    ///
    /// Where there are none of that name.
    pub fn within(&self, name: &str) -> Result<Case, CaseError> {
        let input = self.value(name)?.clone();
        Ok(Case {
            input,
            ..self.clone()
        })
    }

    /// Any input.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn value(&self, name: &str) -> Result<&Value, CaseError> {
        self.input
            .get(name)
            .ok_or_else(|| CaseError::new(name, "a value"))
    }
}

/// A case without what its kind needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseError {
    /// Name of the input.
    pub input: String,
    /// What was expected there.
    pub expected: &'static str,
}

impl CaseError {
    /// The input of this name should be something else.
    #[must_use]
    pub fn new(input: &str, expected: &'static str) -> Self {
        Self {
            input: input.to_owned(),
            expected,
        }
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "input `{}`: expected {}", self.input, self.expected)
    }
}

impl std::error::Error for CaseError {}

/// A number or null.
fn optional(value: &Value) -> Option<Option<f64>> {
    match value {
        Value::Null => Some(None),
        value => number(value).map(Some),
    }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    list(value, number)
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}
