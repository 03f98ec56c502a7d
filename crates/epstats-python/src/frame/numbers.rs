//! Columns of numbers.

use epstats_source::{FailureKind, Refusal};
use numpy::{PyReadonlyArray1, PyReadonlyArrayDyn};
use pyo3::prelude::*;

/// The numbers of a numpy array of doubles.
pub(super) fn of_numpy(column: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    if let Ok(array) = column.extract::<PyReadonlyArray1<'_, f64>>() {
        return Ok(match array.as_slice() {
            Ok(slice) => slice.to_vec(),
            Err(_) => array.as_array().iter().copied().collect(),
        });
    }
    let array: PyReadonlyArrayDyn<'_, f64> = column.extract()?;
    Ok(array.as_array().iter().copied().collect())
}

/// Infinite numbers have no place in sums.
pub(super) fn refuse_infinite(numbers: &[f64], name: &str) -> Result<(), Refusal> {
    let n_infinite = numbers.iter().filter(|number| number.is_infinite()).count();
    if n_infinite == 0 {
        return Ok(());
    }
    Err(not_finite(name, n_infinite))
}

/// The refusal of a column with so many values that are NaN or infinite.
pub(super) fn not_finite(name: &str, count: usize) -> Refusal {
    let rows = if count == 1 { "row" } else { "rows" };
    let message = format!("column `{name}` of the frame is NaN or infinite in {count} {rows}");
    Refusal::new(FailureKind::BadValues, message).help("repair these rows or leave them out")
}
