//! Columns of few texts, as codes.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayAccessor, ArrayRef, GenericStringArray, OffsetSizeTrait, StringViewArray,
};
use arrow_schema::DataType;
use pyo3::prelude::*;

use super::NULL;
use super::column::Column;
use super::names::Names;
use super::objects::with_text;

/// Reads a column of texts block by block, and numbers its distinct texts.
pub(crate) struct TextScanner {
    name: String,
    pub(crate) names: Names,
    /// Objects met lately, by their address.
    remembered: Vec<(usize, u32)>,
    /// The codes of the distinct texts of a column that has codes of its own.
    codes: Vec<u32>,
}

/// What the rows of a block say.
pub(crate) enum Part {
    /// All the same.
    Same(u32),
    /// Not all the same; the code of each row.
    Each(Vec<u32>),
}

/// So many objects are remembered by their address: most columns repeat few of them.
const REMEMBERED: usize = 1 << 10;

impl TextScanner {
    pub(crate) fn new(name: &str) -> Self {
        TextScanner {
            name: name.to_owned(),
            names: Names::default(),
            remembered: vec![(0, NULL); REMEMBERED],
            codes: Vec::new(),
        }
    }

    /// Makes ready for another column of the same name.
    pub(crate) fn begin(&mut self, column: &Column<'_>) {
        if let Column::Coded(texts) = column {
            let names = &mut self.names;
            self.codes = texts.values.iter().map(|text| names.code(text)).collect();
        }
    }

    /// The codes of rows that lie in one array; [`NULL`] for NULL.
    pub(crate) fn scan(&mut self, column: &Column<'_>, rows: Range<usize>) -> PyResult<Part> {
        match column {
            Column::Objects(objects) => self.objects(&objects[rows]),
            Column::Arrow(chunks) => {
                let (array, rows) = chunks.rows(&rows);
                Ok(self.arrow(array, rows))
            }
            Column::Coded(texts) => Ok(self.coded(&texts.codes[rows])),
            Column::Integers(_) | Column::Doubles(_) | Column::Unread => Ok(Part::Same(NULL)),
        }
    }

    fn objects(&mut self, objects: &[Py<PyAny>]) -> PyResult<Part> {
        let address = |object: &Py<PyAny>| object.as_ptr() as usize;
        let first = objects.first().map_or(0, address);
        let differing = |all: usize, object| all | (address(object) ^ first);
        let is_same = objects.iter().fold(0, differing) == 0;
        Python::attach(|py| {
            // The array keeps its objects alive, so an address stands for one object as long as we look at it.
            let mut code = |object: &Py<PyAny>| {
                let address = address(object);
                let slot = &mut self.remembered[(address >> 4) % REMEMBERED];
                if slot.0 != address {
                    let names = &mut self.names;
                    let code = |text: Option<&str>| text.map_or(NULL, |text| names.code(text));
                    *slot = (address, with_text(object.bind(py), &self.name, code)?);
                }
                Ok(slot.1)
            };
            match objects {
                [first, ..] if is_same => Ok(Part::Same(code(first)?)),
                _ => Ok(Part::Each(
                    objects.iter().map(code).collect::<PyResult<_>>()?,
                )),
            }
        })
    }

    fn coded(&self, codes: &[u32]) -> Part {
        // NULL has no place among the texts.
        let code = |&code: &u32| self.codes.get(code as usize).copied().unwrap_or(NULL);
        match codes {
            [first, rest @ ..] if rest.iter().fold(0, |all, code| all | (code ^ first)) == 0 => {
                Part::Same(code(first))
            }
            _ => Part::Each(codes.iter().map(code).collect()),
        }
    }

    fn arrow(&mut self, array: &ArrayRef, rows: Range<usize>) -> Part {
        match array.data_type() {
            DataType::Utf8 => self.strings(array.as_string::<i32>(), rows),
            DataType::LargeUtf8 => self.strings(array.as_string::<i64>(), rows),
            _ => self.views(array.as_string_view(), rows),
        }
    }

    fn strings<O: OffsetSizeTrait>(
        &mut self,
        array: &GenericStringArray<O>,
        rows: Range<usize>,
    ) -> Part {
        if array.null_count() == 0 && are_same(array, &rows) {
            return Part::Same(self.names.code(array.value(rows.start)));
        }
        self.each(array, rows)
    }

    fn views(&mut self, array: &StringViewArray, rows: Range<usize>) -> Part {
        let views = &array.views()[rows.clone()];
        let first = views.first().copied().unwrap_or_default();
        // Equal views of one array are equal texts.
        if array.null_count() == 0 && views.iter().fold(0, |all, view| all | (view ^ first)) == 0 {
            return Part::Same(self.names.code(array.value(rows.start)));
        }
        self.each(array, rows)
    }

    fn each<'a>(&mut self, array: impl ArrayAccessor<Item = &'a str>, rows: Range<usize>) -> Part {
        if array.null_count() == 0 {
            return Part::Each(rows.map(|row| self.names.code(array.value(row))).collect());
        }
        let code = |row| match array.is_null(row) {
            true => NULL,
            false => self.names.code(array.value(row)),
        };
        let codes: Vec<u32> = rows.map(code).collect();
        match codes[..] {
            [first, ref rest @ ..] if rest.iter().all(|&code| code == first) => Part::Same(first),
            _ => Part::Each(codes),
        }
    }
}

/// Are the texts of rows all the same? Told by their lengths, and by comparing their bytes with themselves, one text further.
fn are_same<O: OffsetSizeTrait>(array: &GenericStringArray<O>, rows: &Range<usize>) -> bool {
    if rows.is_empty() || array.value(rows.start) != array.value(rows.end - 1) {
        return false;
    }
    let offsets = &array.value_offsets()[rows.start..=rows.end];
    let length = offsets[1] - offsets[0];
    let lengths = offsets.windows(2).map(|ends| ends[1] - ends[0]);
    let differing = lengths.fold(false, |all, found| all | (found != length));
    let (begin, end) = (offsets[0].as_usize(), offsets[rows.len()].as_usize());
    let bytes = &array.value_data()[begin..end];
    let length = length.as_usize();
    !differing && bytes[length..] == bytes[..bytes.len() - length]
}
