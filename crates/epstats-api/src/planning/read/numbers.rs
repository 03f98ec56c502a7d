//! Numbers and choices of a plan, each in its range.

use crate::document::Value;
use crate::walk::{Object, Problems};

/// A number that may be left out.
pub(super) fn number(
    object: &Object<'_>,
    name: &str,
    range: &str,
    is_sound: fn(f64) -> bool,
    problems: &mut Problems,
) -> Option<f64> {
    object.optional(name)?.number_in(range, is_sound, problems)
}

/// A choice of yes or no; no where it is left out.
pub(super) fn boolean(object: &Object<'_>, name: &str, problems: &mut Problems) -> bool {
    match object.optional(name) {
        None => false,
        Some(field) => match &field.node.value {
            Value::Boolean(value) => *value,
            _ => {
                problems.push(field.wrong_type("`true` or `false`"));
                false
            }
        },
    }
}

pub(super) const SIZES: &str = "a number other than 0";
pub(super) const ABOVE_ZERO: &str = "a number above 0";
/// Numbers beyond have squares that are not finite.
pub(super) const LARGEST: f64 = 1e150;

pub(super) fn is_inside(value: f64) -> bool {
    value > 0.0 && value < 1.0
}

pub(super) fn is_above_zero(value: f64) -> bool {
    value > 0.0 && value <= LARGEST
}

pub(super) fn is_size(value: f64) -> bool {
    value != 0.0 && value.abs() <= LARGEST
}
