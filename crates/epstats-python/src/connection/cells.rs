//! What a driver of Python answers, as rows and columns.

use epstats_plan::{Cell, ColumnType, Columns, Dialect};
use epstats_source::arrow;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};
use pyo3_arrow::PyRecordBatchReader;

use super::types::column_type;

/// The rows of an answer: sequences of values, or a stream of Arrow.
pub(super) fn rows(answer: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    if answer.hasattr("__arrow_c_stream__")? {
        let reader = answer.extract::<PyRecordBatchReader>()?.into_reader()?;
        let read = answer.py().detach(|| {
            for batch in reader {
                arrow::append(&mut rows, &batch?)?;
            }
            Ok::<_, arrow_schema::ArrowError>(rows)
        });
        return read.map_err(|error| PyRuntimeError::new_err(error.to_string()));
    }
    for row in answer.try_iter()? {
        let cells = row?.try_iter()?.map(|value| cell(&value?));
        rows.push(cells.collect::<PyResult<_>>()?);
    }
    Ok(rows)
}

/// The columns of an answer: pairs of name and type, or the schema of a stream.
pub(super) fn columns(answer: &Bound<'_, PyAny>, dialect: Dialect) -> PyResult<Columns> {
    if answer.hasattr("__arrow_c_stream__")? {
        let reader = answer.extract::<PyRecordBatchReader>()?.into_reader()?;
        return Ok(arrow::columns(&reader.schema()));
    }
    let pairs: Vec<(String, String)> = answer.extract()?;
    let pair = |(name, word): (String, String)| -> (String, ColumnType) {
        (name, column_type(&word, dialect))
    };
    Ok(pairs.into_iter().map(pair).collect())
}

fn cell(value: &Bound<'_, PyAny>) -> PyResult<Cell> {
    if value.is_none() {
        return Ok(Cell::Null);
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(Cell::Integer(i64::from(value.extract::<bool>()?)));
    }
    if value.is_instance_of::<PyInt>() {
        // Sums of whole numbers may be wider.
        return match value.extract::<i64>() {
            Ok(number) => Ok(Cell::Integer(number)),
            Err(_) => Ok(Cell::Number(value.extract()?)),
        };
    }
    if value.is_instance_of::<PyFloat>() || value.hasattr("as_integer_ratio")? {
        return Ok(Cell::Number(value.call_method0("__float__")?.extract()?));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Cell::Text(text.to_str()?.to_owned()));
    }
    Ok(Cell::Text(value.str()?.to_str()?.to_owned()))
}
