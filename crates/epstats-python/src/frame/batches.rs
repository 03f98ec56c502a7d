//! Whole frames as record batches, for the engine.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampNanosecondArray, UInt32Array,
};
use arrow_schema::{Field, Schema};
use epstats_source::{FailureKind, Refusal};
use epstats_sources::BatchTable;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;

use super::texts::NULL;
use super::{Frame, Texts};
use crate::failure;

/// All columns of a frame; what is missing is NULL.
pub(crate) fn read(frame: &Bound<'_, PyAny>) -> PyResult<BatchTable> {
    let py = frame.py();
    let unreadable = |error: arrow_schema::ArrowError| {
        let message = format!("the frame cannot be read: {error}");
        failure::refused(py, Refusal::new(FailureKind::Other, message).because(error))
    };
    if frame.hasattr("__arrow_c_stream__")? {
        let reader: PyRecordBatchReader = frame.extract()?;
        let reader = reader.into_reader()?;
        let schema = reader.schema();
        let batches = py.detach(|| reader.collect::<Result<Vec<_>, _>>());
        return Ok(BatchTable {
            schema,
            batches: batches.map_err(unreadable)?,
        });
    }
    let columns = Frame::read(frame, |_| true)?;
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for name in columns.names() {
        let kind: String = frame.call_method1("kind", (name,))?.extract()?;
        let array: ArrayRef = match kind.as_str() {
            "integer" => Arc::new(integers(&frame.call_method1("column", (name,))?)?),
            "number" => Arc::new(numbers(columns.numbers(py, name)?)),
            "moment" => Arc::new(moments(&frame.call_method1("moments", (name,))?)?),
            _ => Arc::new(texts(&columns.texts(py, name)?).map_err(unreadable)?),
        };
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(unreadable)?;
    Ok(BatchTable {
        schema,
        batches: vec![batch],
    })
}

fn integers(column: &Bound<'_, PyAny>) -> PyResult<Int64Array> {
    let integers: PyReadonlyArray1<'_, i64> = column.extract()?;
    Ok(integers.as_array().iter().copied().collect())
}

fn numbers(numbers: Vec<f64>) -> Float64Array {
    let number = |number: f64| (!number.is_nan()).then_some(number);
    numbers.into_iter().map(number).collect()
}

/// Nanoseconds since 1970; the least number is a moment that is missing.
fn moments(column: &Bound<'_, PyAny>) -> PyResult<TimestampNanosecondArray> {
    let moments: PyReadonlyArray1<'_, i64> = column.extract()?;
    let moment = |&moment: &i64| (moment != i64::MIN).then_some(moment);
    Ok(moments.as_array().iter().map(moment).collect())
}

fn texts(texts: &Texts) -> Result<DictionaryArray<UInt32Type>, arrow_schema::ArrowError> {
    let key = |&code: &u32| (code != NULL).then_some(code);
    let keys: UInt32Array = texts.codes.iter().map(key).collect();
    let values: StringArray = texts.values.iter().map(|text| Some(&**text)).collect();
    DictionaryArray::try_new(keys, Arc::new(values))
}
