//! Numbers as reference files write them.

use std::fmt;

use serde_json::Value;

/// A number, or one of the texts `nan`, `inf`, `-inf`.
///
/// The digits are read as the nearest `f64`.
#[must_use]
pub fn number(value: &Value) -> Option<f64> {
    match value {
        // By its text: the digits decide, not a detour over another type.
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => match text.as_str() {
            "nan" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// A text that is no JSON.
#[derive(Debug)]
pub struct JsonError(serde_json::Error);

impl JsonError {
    /// Reads JSON.
    ///
    /// # Errors
    ///
    /// Where the text is none.
    pub fn read(text: &str) -> Result<Value, Self> {
        serde_json::from_str(text).map_err(Self)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no valid JSON: {}", self.0)
    }
}

impl std::error::Error for JsonError {}
