//! Executes a statement, counts the rows that it reads, and hands its few result rows on.

use std::sync::Arc;
use std::time::Duration;

use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use epstats_plan::Cell;
use epstats_source::arrow::append;

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
