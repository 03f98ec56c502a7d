//! Columns of pandas: numpy arrays, categoricals, and whatever has `__arrow_c_stream__`.

use epstats_source::{FailureKind, Refusal};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyString, PyTuple};
use pyo3_arrow::input::AnyArray;

use super::arrow;
use super::texts::{Coder, NULL, Texts, text_of};
use crate::failure;

/// The texts of a column as the reader of pandas hands it over.
///
/// A tuple is a categorical: codes, then the categories as objects.
pub(super) fn texts(column: &Bound<'_, PyAny>, name: &str, n_rows: usize) -> PyResult<Texts> {
    if let Ok(categorical) = column.cast::<PyTuple>() {
        return of_categories(categorical, name);
    }
    if let Ok(objects) = column.extract::<PyReadonlyArray1<'_, Py<PyAny>>>() {
        return of_objects(column.py(), &objects, name);
    }
    if let Ok(integers) = column.extract::<PyReadonlyArray1<'_, i64>>() {
        return Ok(of_integers(integers.as_array().iter().copied(), n_rows));
    }
    if let Ok(numbers) = column.extract::<PyReadonlyArray1<'_, f64>>() {
        return Ok(of_numbers(numbers.as_array().iter().copied(), n_rows));
    }
    let array: AnyArray = column.extract()?;
    let (chunks, _) = array.into_chunked_array()?.into_inner();
    column
        .py()
        .detach(|| arrow::texts(&chunks, name, n_rows))
        .map_err(|refusal| failure::refused(column.py(), refusal))
}

fn of_categories(categorical: &Bound<'_, PyTuple>, name: &str) -> PyResult<Texts> {
    let codes: PyReadonlyArray1<'_, i64> = categorical.get_item(0)?.extract()?;
    let categories = texts(&categorical.get_item(1)?, name, 0)?;
    let code = |&place: &i64| usize::try_from(place).map_or(NULL, |place| categories.codes[place]);
    Ok(Texts {
        codes: codes.as_array().iter().map(code).collect(),
        values: categories.values,
    })
}

/// So many objects are remembered by their address: most columns repeat few of them.
const REMEMBERED: usize = 1 << 10;

fn of_objects(
    py: Python<'_>,
    objects: &PyReadonlyArray1<'_, Py<PyAny>>,
    name: &str,
) -> PyResult<Texts> {
    let objects = objects.as_array();
    let mut coder = Coder::with_capacity(objects.len());
    // The array keeps its objects alive, so an address stands for one object as long as we look at it.
    let mut remembered = vec![(0_usize, NULL); REMEMBERED];
    for object in objects {
        let address = object.as_ptr() as usize;
        let slot = &mut remembered[(address >> 4) % REMEMBERED];
        if slot.0 != address {
            *slot = (address, code(&mut coder, object.bind(py), name)?);
        }
        coder.push_code(slot.1);
    }
    Ok(coder.finish())
}

fn code(coder: &mut Coder, object: &Bound<'_, PyAny>, name: &str) -> PyResult<u32> {
    with_text(object, name, |text| {
        text.map_or(NULL, |text| coder.code(text))
    })
}

/// What `read` makes of the text of an object, which is `None` for one that stands for NULL.
pub(super) fn with_text<T>(
    object: &Bound<'_, PyAny>,
    name: &str,
    read: impl FnOnce(Option<&str>) -> T,
) -> PyResult<T> {
    if let Ok(text) = object.cast::<PyString>() {
        // A lone surrogate is no Unicode; Python says so.
        return Ok(read(Some(&text.to_cow()?)));
    }
    if is_missing(object)? {
        return Ok(read(None));
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        return Ok(read(Some(&text_of(number.value()))));
    }
    if object.is_instance_of::<PyBytes>() {
        let message = format!("column `{name}` of the frame holds bytes, expected text");
        let refusal = Refusal::new(FailureKind::WrongType, message).help("decode them first");
        return Err(failure::refused(object.py(), refusal));
    }
    Ok(read(Some(&object.str()?.to_cow()?)))
}

/// None, NaN, and what pandas has for missing values.
fn is_missing(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    if object.is_none() {
        return Ok(true);
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        return Ok(number.value().is_nan());
    }
    let type_name = object.get_type().name()?;
    Ok(matches!(&*type_name.to_cow()?, "NAType" | "NaTType"))
}

fn of_integers(integers: impl Iterator<Item = i64>, n_rows: usize) -> Texts {
    let mut coder = Coder::with_capacity(n_rows);
    for integer in integers {
        let code = coder.code(&integer.to_string());
        coder.push_code(code);
    }
    coder.finish()
}

fn of_numbers(numbers: impl Iterator<Item = f64>, n_rows: usize) -> Texts {
    let mut coder = Coder::with_capacity(n_rows);
    for number in numbers {
        if number.is_nan() {
            coder.push(None);
        } else {
            let code = coder.code(&text_of(number));
            coder.push_code(code);
        }
    }
    coder.finish()
}
