//! Columns of ids, block by block.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Int64Array, StringArrayType};
use arrow_cast::cast;
use arrow_schema::DataType;
use pyo3::prelude::*;

use super::column::Column;
use super::interner::Interner;
use super::objects::with_text;
use super::texts::NULL;

/// The ids of a block.
pub(crate) enum Ids<'a> {
    Integers(&'a [i64]),
    Own(Int64Array),
    /// Codes of texts; [`NULL`] for NULL.
    Codes(Vec<u32>),
}

/// Reads a column of ids block by block; texts are numbered as they are met.
#[derive(Default)]
pub(crate) struct IdScanner {
    interner: Interner,
    /// The object that last had each text.
    addresses: Vec<usize>,
    /// The codes of the distinct texts of a column that has codes of its own.
    codes: Vec<u32>,
}

impl IdScanner {
    /// Makes ready for another column of the same name.
    pub(crate) fn begin(&mut self, column: &Column<'_>) {
        if let Column::Coded(texts) = column {
            let interner = &mut self.interner;
            let codes = texts.values.iter().map(|text| interner.code(text));
            self.codes = codes.collect();
        }
    }

    /// The ids of rows that lie in one array.
    pub(crate) fn scan<'a>(
        &mut self,
        column: &Column<'a>,
        rows: Range<usize>,
    ) -> PyResult<Ids<'a>> {
        Ok(match column {
            Column::Integers(integers) => Ids::Integers(&integers[rows]),
            Column::Objects(objects) => Ids::Codes(self.objects(&objects[rows])?),
            Column::Arrow(chunks) => {
                let (array, rows) = chunks.rows(&rows);
                self.arrow(&array.slice(rows.start, rows.len()))
            }
            Column::Coded(texts) => {
                let code = |&code: &u32| self.codes.get(code as usize).copied().unwrap_or(NULL);
                Ids::Codes(texts.codes[rows].iter().map(code).collect())
            }
            Column::Doubles(_) | Column::Unread => Ids::Codes(vec![NULL; rows.len()]),
        })
    }

    fn objects(&mut self, objects: &[Py<PyAny>]) -> PyResult<Vec<u32>> {
        Python::attach(|py| {
            objects
                .iter()
                .map(|object| self.object(py, object))
                .collect()
        })
    }

    /// A text that is the expected object is not looked at: the array keeps its objects alive, so an address stands for one of them.
    fn object(&mut self, py: Python<'_>, object: &Py<PyAny>) -> PyResult<u32> {
        let address = object.as_ptr() as usize;
        let expected = self.interner.expected();
        let last = expected.wrapping_sub(1);
        for code in [expected, last] {
            if self.addresses.get(code as usize) == Some(&address) {
                self.interner.expect_after(code);
                return Ok(code);
            }
        }
        let interner = &mut self.interner;
        let code = |text: Option<&str>| text.map_or(NULL, |text| interner.code(text));
        let code = with_text(object.bind(py), "unit_id", code)?;
        if code != NULL {
            if self.addresses.len() <= code as usize {
                self.addresses.resize(code as usize + 1, 0);
            }
            self.addresses[code as usize] = address;
        }
        Ok(code)
    }

    fn arrow(&mut self, array: &ArrayRef) -> Ids<'static> {
        match array.data_type() {
            DataType::Utf8 => self.strings(array.as_string::<i32>()),
            DataType::LargeUtf8 => self.strings(array.as_string::<i64>()),
            DataType::Utf8View => self.strings(array.as_string_view()),
            // An id is not counted with, so its bits will do.
            DataType::UInt64 => {
                let ids = array.as_primitive::<UInt64Type>();
                Ids::Own(ids.unary(u64::cast_signed))
            }
            DataType::Int64 => Ids::Own(array.as_primitive().clone()),
            _ => match cast(array, &DataType::Int64) {
                Ok(integers) => Ids::Own(integers.as_primitive::<Int64Type>().clone()),
                Err(_) => Ids::Codes(vec![NULL; array.len()]),
            },
        }
    }

    fn strings<'a>(&mut self, array: impl StringArrayType<'a>) -> Ids<'static> {
        let code = |text: Option<&str>| text.map_or(NULL, |text| self.interner.code(text));
        Ids::Codes(array.iter().map(code).collect())
    }
}
