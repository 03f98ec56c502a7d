//! Columns of numbers, block by block.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, Float64Array};
use epstats_source::Refusal;

use super::arrow;
use super::column::Column;
use super::numbers::not_finite;

/// The numbers of a block.
pub(crate) enum Amounts<'a> {
    Integers(&'a [i64]),
    /// NaN is NULL.
    Doubles(&'a [f64]),
    /// Likewise.
    Own(Float64Array),
    /// Nobody asks for them.
    Unread,
}

impl Amounts<'_> {
    /// The number of a row; NaN for NULL.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> f64 {
        match self {
            Amounts::Integers(integers) => integers[row] as f64,
            Amounts::Doubles(numbers) => numbers[row],
            Amounts::Own(numbers) => numbers.values()[row],
            Amounts::Unread => f64::NAN,
        }
    }
}

/// Reads a column of numbers block by block, and counts those that have no place in sums.
pub(crate) struct NumberScanner {
    name: &'static str,
    n_not_finite: usize,
}

impl NumberScanner {
    pub(crate) fn new(name: &'static str) -> Self {
        NumberScanner {
            name,
            n_not_finite: 0,
        }
    }

    /// The numbers of rows that lie in one array.
    ///
    /// # Errors
    ///
    /// They are none.
    pub(crate) fn scan<'a>(
        &mut self,
        column: &Column<'a>,
        rows: Range<usize>,
    ) -> Result<Amounts<'a>, Refusal> {
        Ok(match column {
            Column::Integers(integers) => Amounts::Integers(&integers[rows]),
            Column::Doubles(numbers) => {
                let numbers = &numbers[rows];
                self.n_not_finite += count(numbers, f64::is_infinite);
                Amounts::Doubles(numbers)
            }
            Column::Arrow(chunks) => {
                let (array, rows) = chunks.rows(&rows);
                let array = array.slice(rows.start, rows.len());
                let doubles = arrow::doubles(&array, self.name)?;
                Amounts::Own(self.own(doubles.as_primitive::<Float64Type>()))
            }
            Column::Objects(_) | Column::Coded(_) | Column::Unread => Amounts::Unread,
        })
    }

    /// NULL becomes NaN; NaN itself is refused.
    fn own(&mut self, numbers: &Float64Array) -> Float64Array {
        if numbers.null_count() == 0 {
            self.n_not_finite += count(numbers.values(), |number| !number.is_finite());
            return numbers.clone();
        }
        let not_finite = |number: &f64| !number.is_finite();
        self.n_not_finite += numbers.iter().flatten().filter(not_finite).count();
        let number = |number: Option<f64>| number.unwrap_or(f64::NAN);
        numbers.iter().map(number).collect::<Vec<f64>>().into()
    }

    /// # Errors
    ///
    /// Some numbers were infinite, or NaN that is not NULL.
    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        match self.n_not_finite {
            0 => Ok(()),
            count => Err(not_finite(self.name, count)),
        }
    }
}

fn count(numbers: &[f64], is_met: impl Fn(f64) -> bool) -> usize {
    numbers
        .iter()
        .map(|&number| usize::from(is_met(number)))
        .sum()
}
