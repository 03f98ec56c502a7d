//! Columns of pandas, kept alive while they are read.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3_arrow::input::AnyArray;

use super::column::Column;
use super::objects;
use crate::failure;

/// A column of pandas, and what keeps it alive.
pub(crate) enum Held<'py> {
    Objects(PyReadonlyArray1<'py, Py<PyAny>>),
    Integers(PyReadonlyArray1<'py, i64>),
    Doubles(PyReadonlyArray1<'py, f64>),
    Own(Column<'static>),
}

impl<'py> Held<'py> {
    /// A column of texts, as the reader of pandas hands it over.
    pub(super) fn texts(column: &Bound<'py, PyAny>, name: &str, n_rows: usize) -> PyResult<Self> {
        let py = column.py();
        if let Ok(objects) = column.extract() {
            return Ok(Held::Objects(objects));
        }
        if let Some(arrays) = arrays(column)? {
            let texts = py.detach(|| Column::of_texts(arrays, name));
            let texts = texts.map_err(|refusal| failure::refused(py, refusal))?;
            return Ok(Held::Own(texts));
        }
        let texts = objects::texts(column, name, n_rows)?;
        Ok(Held::Own(Column::Coded(texts)))
    }

    /// A column of ids: whole numbers or texts.
    pub(super) fn ids(column: &Bound<'py, PyAny>, name: &str, n_rows: usize) -> PyResult<Self> {
        let py = column.py();
        if let Ok(integers) = column.extract() {
            return Ok(Held::Integers(integers));
        }
        if let Ok(numbers) = column.extract::<PyReadonlyArray1<'_, f64>>()
            && let Some(integers) = whole(numbers.as_slice()?)
        {
            let arrays: Vec<ArrayRef> = vec![Arc::new(integers)];
            return match Column::of_ids(arrays, name) {
                Ok(ids) => Ok(Held::Own(ids)),
                Err(refusal) => Err(failure::refused(py, refusal)),
            };
        }
        if let Some(arrays) = arrays(column)? {
            let ids = py.detach(|| Column::of_ids(arrays, name));
            let ids = ids.map_err(|refusal| failure::refused(py, refusal))?;
            return Ok(Held::Own(ids));
        }
        Held::texts(column, name, n_rows)
    }

    /// A column of numbers.
    pub(super) fn numbers(column: &Bound<'py, PyAny>) -> PyResult<Self> {
        match column.extract() {
            Ok(integers) => Ok(Held::Integers(integers)),
            Err(_) => Ok(Held::Doubles(column.extract()?)),
        }
    }

    /// The column; one that is not of numpy is given away.
    pub(crate) fn column(&mut self) -> PyResult<Column<'_>> {
        Ok(match self {
            Held::Objects(array) => Column::Objects(array.as_slice()?),
            Held::Integers(array) => Column::Integers(array.as_slice()?),
            Held::Doubles(array) => Column::Doubles(array.as_slice()?),
            Held::Own(column) => std::mem::replace(column, Column::Unread),
        })
    }
}

/// The arrays of a column of Arrow; `None` for anything else.
fn arrays(column: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    if column.is_instance_of::<PyTuple>() {
        return Ok(None);
    }
    match column.extract::<AnyArray>() {
        Ok(array) => Ok(Some(array.into_chunked_array()?.into_inner().0)),
        Err(_) => Ok(None),
    }
}

/// Whole numbers, such as ids beside missing ones; `None` where one of them is not whole, or so large that doubles leave some out.
fn whole(numbers: &[f64]) -> Option<Int64Array> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    let is_whole = |number: &f64| number.is_nan() || number.fract() == 0.0 && number.abs() < MOST;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it is whole and within 2⁵³"
    )]
    let integer = |&number: &f64| (!number.is_nan()).then_some(number as i64);
    numbers
        .iter()
        .all(is_whole)
        .then(|| numbers.iter().map(integer).collect())
}
