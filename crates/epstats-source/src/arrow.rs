//! Arrow schemas and batches as columns and cells; for sources whose engine answers in Arrow.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Schema};
use epstats_plan::{Cell, ColumnType, Columns};

/// The columns of a table with this schema.
#[must_use]
pub fn columns(schema: &Schema) -> Columns {
    let fields = schema.fields().iter();
    fields
        .map(|field| (field.name().clone(), column_type(field.data_type())))
        .collect()
}

/// What a type of Arrow is to questions.
#[must_use]
pub fn column_type(kind: &DataType) -> ColumnType {
    match kind {
        kind if kind.is_integer() => ColumnType::Integer,
        kind if kind.is_floating() => ColumnType::Number,
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => ColumnType::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ColumnType::Text,
        DataType::Dictionary(_, values) => column_type(values),
        DataType::Boolean => ColumnType::Boolean,
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Timestamp(_, zone) => ColumnType::Timestamp {
            zoned: zone.is_some(),
        },
        other => ColumnType::Other(other.to_string()),
    }
}

/// Appends the rows of a batch.
///
/// # Errors
///
/// [`ArrowError`] for a type that is neither a number nor can be told as text.
pub fn append(rows: &mut Vec<Vec<Cell>>, batch: &RecordBatch) -> Result<(), ArrowError> {
    let columns = batch.columns().iter().map(cells);
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    rows.extend((0..batch.num_rows()).map(|row| {
        let cells = columns.iter().map(|column| column[row].clone());
        cells.collect::<Vec<Cell>>()
    }));
    Ok(())
}

fn cells(column: &ArrayRef) -> Result<Vec<Cell>, ArrowError> {
    let of = |cell: &dyn Fn(usize) -> Cell| {
        (0..column.len())
            .map(|row| {
                if column.is_null(row) {
                    Cell::Null
                } else {
                    cell(row)
                }
            })
            .collect()
    };
    Ok(match column.data_type() {
        DataType::Null => vec![Cell::Null; column.len()],
        kind if kind.is_integer() => {
            let column = cast(column, &DataType::Int64)?;
            let integers = column.as_primitive::<Int64Type>();
            of(&|row| Cell::Integer(integers.value(row)))
        }
        kind if kind.is_numeric() => {
            let column = cast(column, &DataType::Float64)?;
            let numbers = column.as_primitive::<Float64Type>();
            of(&|row| Cell::Number(numbers.value(row)))
        }
        _ => {
            let column = cast(column, &DataType::Utf8)?;
            let texts = column.as_string::<i32>();
            of(&|row| Cell::Text(texts.value(row).to_owned()))
        }
    })
}
