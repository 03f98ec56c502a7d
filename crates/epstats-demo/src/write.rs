//! Rows into Parquet files.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::DemoError;
use crate::log::{Event, Exposure};

/// Rows that are turned into columns at a time.
const BATCH: usize = 65_536;
/// Rows of a row group: a file has several, so that readers can share it and skip by time.
const ROW_GROUP: usize = 4 * BATCH;

/// Writes one file of exposures.
pub(crate) fn exposures(path: &Path, rows: &[Exposure]) -> Result<(), DemoError> {
    let schema = schema(vec![
        Field::new("user_id", DataType::Int64, false),
        Field::new("experiment", DataType::Utf8, false),
        Field::new("variant", DataType::Utf8, false),
        time(),
        Field::new("country", DataType::Utf8, false),
        Field::new("browser", DataType::Utf8, false),
    ]);
    write(path, &schema, rows, |rows| {
        vec![
            Arc::new(Int64Array::from_iter_values(
                rows.iter().map(|row| row.user),
            )),
            texts(rows.iter().map(|row| row.experiment)),
            texts(rows.iter().map(|row| row.variant)),
            times(rows.iter().map(|row| row.time)),
            texts(rows.iter().map(|row| row.country)),
            texts(rows.iter().map(|row| row.browser)),
        ]
    })
}

/// Writes one file of events.
pub(crate) fn events(path: &Path, rows: &[Event]) -> Result<(), DemoError> {
    let schema = schema(vec![
        Field::new("user_id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, false),
        Field::new("amount", DataType::Float64, true),
        time(),
        Field::new("product", DataType::Utf8, true),
    ]);
    write(path, &schema, rows, |rows| {
        vec![
            Arc::new(Int64Array::from_iter_values(
                rows.iter().map(|row| row.user),
            )),
            texts(rows.iter().map(|row| row.goal.as_str())),
            Arc::new(rows.iter().map(|row| row.amount).collect::<Float64Array>()),
            times(rows.iter().map(|row| row.time)),
            Arc::new(rows.iter().map(|row| row.product).collect::<StringArray>()),
        ]
    })
}

fn write<R>(
    path: &Path,
    schema: &SchemaRef,
    rows: &[R],
    columns: impl Fn(&[R]) -> Vec<ArrayRef>,
) -> Result<(), DemoError> {
    let file = File::create(path).map_err(DemoError::write(path))?;
    let write = || -> Result<(), ParquetError> {
        let mut writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties()))?;
        for rows in rows.chunks(BATCH) {
            writer.write(&RecordBatch::try_new(Arc::clone(schema), columns(rows))?)?;
        }
        writer.close()?;
        Ok(())
    };
    write().map_err(|cause| DemoError::Parquet {
        path: path.to_owned(),
        cause,
    })
}

/// Ids and times differ from row to row: no dictionary. Times ascend, so their differences are short.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_column_dictionary_enabled("user_id".into(), false)
        .set_column_dictionary_enabled("amount".into(), false)
        .set_column_dictionary_enabled("time".into(), false)
        .set_column_encoding("time".into(), Encoding::DELTA_BINARY_PACKED)
        .build()
}

fn schema(fields: Vec<Field>) -> SchemaRef {
    Arc::new(Schema::new(fields))
}

fn time() -> Field {
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Field::new("time", utc, false)
}

fn times(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone("UTC"))
}

fn texts(values: impl Iterator<Item = &'static str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}
