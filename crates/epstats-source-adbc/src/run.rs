//! One statement: asked, watched, and its rows read.

use std::sync::Arc;

use adbc_core::error::Error;
use adbc_core::{CancelHandle, Connection as _, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedStatement};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use epstats_plan::Cell;
use epstats_source::arrow::append;
use epstats_source::{FailureKind, Refusal};

use crate::Settings;
use crate::call::Watch;
use crate::connect::statement;
use crate::failure::{Phase, cancelled, refusal, stream_refusal};
use crate::pool::Lease;

/// Runs one statement to its end.
pub(crate) fn rows(lease: &mut Lease<'_>, sql: &str) -> Result<Vec<Vec<Cell>>, Refusal> {
    let settings = lease.settings;
    let failed = |error: Error| refusal(settings, Phase::Asking, &error);
    let broken = |error: ArrowError| stream_refusal(settings, &error);
    let mut statement = begin(settings, &mut lease.connection, lease.watch, sql).map_err(failed)?;
    // It may have been cancelled while there was nothing to cancel yet.
    if lease.watch.is_cancelled() {
        return Err(cancelled());
    }
    let reader = statement.execute().map_err(failed)?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(broken)?;
        if rows.len() as u64 + batch.num_rows() as u64 > settings.row_limit {
            return Err(too_many_rows(settings.row_limit));
        }
        append(&mut rows, &with_decimals(batch).map_err(broken)?).map_err(broken)?;
        if lease.watch.is_cancelled() {
            return Err(cancelled());
        }
    }
    Ok(rows)
}

/// The schema of the rows that a statement would answer, which answers none.
pub(crate) fn schema(lease: &mut Lease<'_>, sql: &str) -> Result<SchemaRef, Refusal> {
    let settings = lease.settings;
    let failed = |error: Error| refusal(settings, Phase::Asking, &error);
    let mut statement = begin(settings, &mut lease.connection, lease.watch, sql).map_err(failed)?;
    let reader = statement.execute().map_err(failed)?;
    let schema = reader.schema();
    for batch in reader {
        batch.map_err(|error| stream_refusal(settings, &error))?;
    }
    Ok(schema)
}

/// Does a connection that was idle still answer?
pub(crate) fn stands(
    settings: &Settings,
    connection: &mut ManagedConnection,
    watch: &Watch,
) -> bool {
    let Ok(mut statement) = begin(settings, connection, watch, "SELECT 1") else {
        return false;
    };
    statement
        .execute()
        .is_ok_and(|mut batches| batches.all(|batch| batch.is_ok()))
}

/// A statement that is cancelled when nobody waits any more: by itself, or by its connection where the driver can only do that.
fn begin(
    settings: &Settings,
    connection: &mut ManagedConnection,
    watch: &Watch,
    sql: &str,
) -> Result<ManagedStatement, Error> {
    let statement = statement(settings, connection, sql)?;
    let handles: [Arc<dyn CancelHandle>; 2] = [
        statement.get_cancel_handle().into(),
        connection.get_cancel_handle().into(),
    ];
    watch.begin(handles.to_vec());
    Ok(statement)
}

/// Decimal numbers that arrive as text (PostgreSQL's NUMERIC) as numbers.
fn with_decimals(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    if !schema.fields().iter().any(|field| is_decimal_text(field)) {
        return Ok(batch);
    }
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let column: ArrayRef = if is_decimal_text(field) {
            cast(column, &DataType::Float64)?
        } else {
            Arc::clone(column)
        };
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Drivers mark such a text with the type that it stands for.
fn is_decimal_text(field: &Field) -> bool {
    let says_numeric = |name: &str| {
        field
            .metadata()
            .get(name)
            .is_some_and(|kind| kind == "numeric")
    };
    field.data_type() == &DataType::Utf8
        && (says_numeric("ADBC:postgresql:typname") || says_numeric("POSTGRESQL:type"))
}

fn too_many_rows(limit: u64) -> Refusal {
    Refusal::new(
        FailureKind::TooManyRows,
        format!("the answer has more rows than the {limit} that are allowed"),
    )
    .help("ask for fewer segments, or raise the row limit of the source")
}
