//! Executes a statement, counts the rows that it reads, and hands its few result rows on.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use epstats_plan::Cell;

use crate::files::{Progress, ProgressReport};

/// Runs one statement to its end.
pub(crate) async fn rows(
    session: &SessionContext,
    sql: &str,
    progress: Option<&ProgressReport>,
) -> Result<Vec<Vec<Cell>>, DataFusionError> {
    let frame = session.sql(sql).await?;
    let context = frame.task_ctx();
    let plan = frame.create_physical_plan().await?;
    let work = collect(Arc::clone(&plan), Arc::new(context));
    let batches = match progress {
        None => work.await?,
        Some(report) => watched(work, &plan, report).await?,
    };
    let mut rows = Vec::new();
    for batch in &batches {
        append(&mut rows, batch)?;
    }
    Ok(rows)
}

/// Awaits the work and reports a few times a second how many rows were read.
async fn watched<T>(
    work: impl Future<Output = T>,
    plan: &Arc<dyn ExecutionPlan>,
    report: &ProgressReport,
) -> T {
    let mut scans = Vec::new();
    find_scans(plan, &mut scans);
    let total = scans
        .iter()
        .map(|scan| {
            let statistics = StatisticsContext::new()
                .compute(scan.as_ref(), &StatisticsArgs::new())
                .ok()?;
            Some(*statistics.num_rows.get_value()? as u64)
        })
        .sum();
    let tell = || {
        report(Progress {
            rows_read: scans.iter().map(rows_read).sum(),
            rows_total: total,
        });
    };
    let mut clock = tokio::time::interval(Duration::from_millis(100));
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            _ = clock.tick() => tell(),
            answer = &mut work => {
                tell();
                return answer;
            }
        }
    }
}

fn find_scans(plan: &Arc<dyn ExecutionPlan>, scans: &mut Vec<Arc<dyn ExecutionPlan>>) {
    if plan.is::<DataSourceExec>() {
        scans.push(Arc::clone(plan));
    }
    for child in plan.children() {
        find_scans(child, scans);
    }
}

fn rows_read(scan: &Arc<dyn ExecutionPlan>) -> u64 {
    scan.metrics()
        .and_then(|metrics| metrics.output_rows())
        .unwrap_or(0) as u64
}

fn append(rows: &mut Vec<Vec<Cell>>, batch: &RecordBatch) -> Result<(), DataFusionError> {
    let columns = batch
        .columns()
        .iter()
        .map(cells)
        .collect::<Result<Vec<_>, _>>()?;
    rows.extend((0..batch.num_rows()).map(|row| {
        columns
            .iter()
            .map(|column| column[row].clone())
            .collect::<Vec<Cell>>()
    }));
    Ok(())
}

fn cells(column: &ArrayRef) -> Result<Vec<Cell>, DataFusionError> {
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
