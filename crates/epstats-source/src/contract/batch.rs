//! Tables in memory as Arrow batches, to be written wherever a source reads.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampNanosecondArray,
};
use arrow_schema::{Field, Schema};
use jiff::civil::date;

use crate::memory::{Cell, Kind, Table};

/// Rows of a table as a batch. Days are days, moments have no zone.
///
/// # Panics
///
/// Where a cell is not of its column's kind.
#[must_use]
pub fn batch(table: &Table, rows: &[Vec<Cell>]) -> RecordBatch {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        let cells: Vec<&Cell> = rows.iter().map(|row| &row[position]).collect();
        let array = array(column.kind, &cells);
        fields.push(Field::new(&column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .expect("columns of one table are equally long")
}

fn array(kind: Kind, cells: &[&Cell]) -> ArrayRef {
    fn typed<'c, T>(cells: &[&'c Cell], value: impl Fn(&'c Cell) -> Option<T>) -> Vec<Option<T>> {
        cells
            .iter()
            .map(|&cell| match cell {
                Cell::Null => None,
                cell => Some(value(cell).expect("a cell is of its column's kind")),
            })
            .collect()
    }
    match kind {
        Kind::Integer => Arc::new(Int64Array::from(typed(cells, |cell| match cell {
            Cell::Integer(value) => Some(*value),
            _ => None,
        }))),
        Kind::Number => Arc::new(Float64Array::from(typed(cells, |cell| match cell {
            Cell::Number(value) => Some(*value),
            _ => None,
        }))),
        Kind::Text => Arc::new(StringArray::from(typed(cells, |cell| match cell {
            Cell::Text(value) => Some(value.as_str()),
            _ => None,
        }))),
        Kind::Boolean => Arc::new(BooleanArray::from(typed(cells, |cell| match cell {
            Cell::Boolean(value) => Some(*value),
            _ => None,
        }))),
        Kind::Date => Arc::new(Date32Array::from(typed(cells, |cell| match cell {
            Cell::Date(value) => Some((*value - date(1970, 1, 1)).get_days()),
            _ => None,
        }))),
        Kind::Timestamp => Arc::new(TimestampNanosecondArray::from(typed(
            cells,
            |cell| match cell {
                Cell::Timestamp(value) => i64::try_from(value.as_nanosecond()).ok(),
                _ => None,
            },
        ))),
    }
}
