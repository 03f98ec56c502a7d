//! Columns that are read where they lie, block by block.

use std::ops::Range;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use epstats_source::Refusal;
use pyo3::prelude::*;

use super::arrow;
use super::texts::Texts;

/// A column of some rows.
pub(crate) enum Column<'a> {
    Objects(&'a [Py<PyAny>]),
    Integers(&'a [i64]),
    /// NaN is NULL.
    Doubles(&'a [f64]),
    Arrow(Chunks),
    Coded(Texts),
    /// Of a column that nobody asks for.
    Unread,
}

/// The arrays of a column of Arrow, and where each of them ends.
pub(crate) struct Chunks {
    arrays: Vec<ArrayRef>,
    ends: Vec<usize>,
}

impl Column<'static> {
    /// A column of texts.
    pub(crate) fn of_texts(arrays: Vec<ArrayRef>, name: &str) -> Result<Self, Refusal> {
        let is_plain = |array: &ArrayRef| {
            matches!(
                array.data_type(),
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            )
        };
        if arrays.iter().all(is_plain) {
            return Ok(Column::Arrow(Chunks::new(arrays)));
        }
        let n_rows = arrays.iter().map(Array::len).sum();
        Ok(Column::Coded(arrow::texts(&arrays, name, n_rows)?))
    }

    /// A column of ids, which are integers or texts.
    pub(crate) fn of_ids(arrays: Vec<ArrayRef>, name: &str) -> Result<Self, Refusal> {
        if arrays.iter().all(|array| array.data_type().is_integer()) {
            return Ok(Column::Arrow(Chunks::new(arrays)));
        }
        Column::of_texts(arrays, name)
    }

    /// A column of numbers.
    pub(crate) fn of_numbers(arrays: Vec<ArrayRef>, name: &str) -> Result<Self, Refusal> {
        for array in &arrays {
            arrow::expect_numbers(array, name)?;
        }
        Ok(Column::Arrow(Chunks::new(arrays)))
    }
}

impl Column<'_> {
    /// Up to which row a block may go that begins at a row: no block has rows of two arrays.
    pub(crate) fn end_of_array(&self, row: usize) -> usize {
        match self {
            Column::Arrow(chunks) => chunks.ends[chunks.place(row)],
            _ => usize::MAX,
        }
    }

    /// Is it made of objects of Python, which are looked at with the lock held only?
    pub(crate) fn is_of_objects(&self) -> bool {
        matches!(self, Column::Objects(_))
    }
}

impl Chunks {
    fn new(arrays: Vec<ArrayRef>) -> Self {
        let mut end = 0;
        let end_of = |array: &ArrayRef| {
            end += array.len();
            end
        };
        let ends = arrays.iter().map(end_of).collect();
        Chunks { arrays, ends }
    }

    /// The array that has a row.
    fn place(&self, row: usize) -> usize {
        self.ends.partition_point(|&end| end <= row)
    }

    /// Rows of one array, and that array.
    pub(super) fn rows(&self, rows: &Range<usize>) -> (&ArrayRef, Range<usize>) {
        let place = self.place(rows.start);
        let begin = self.ends[place] - self.arrays[place].len();
        (&self.arrays[place], rows.start - begin..rows.end - begin)
    }
}
