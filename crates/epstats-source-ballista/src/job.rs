//! One statement on the cluster.

use std::sync::Arc;
use std::time::Duration;

use ballista_core::execution_plans::DistributedQueryExec;
use datafusion::arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use datafusion_proto::protobuf::LogicalPlanNode;
use epstats_plan::Cell;
use epstats_source::Refusal;
use epstats_source::arrow::append;
use epstats_source_datafusion::SharedFiles;
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::task::TaskTracker;

use crate::failure::{stopped, translate};
use crate::scheduler::Scheduler;

/// How often a dropped statement looks whether the scheduler has told the name of its job.
const PACE: Duration = Duration::from_millis(20);

/// Longest time that a dropped statement waits for that name, and then for the end of its job: planning takes seconds at most.
const PLANNING: Duration = Duration::from_secs(60);

/// Runs one statement to its end. Dropping the future ends its job on the cluster, by a task that `ending` knows of.
pub(crate) async fn rows(
    session: &SessionContext,
    scheduler: &Scheduler,
    sql: &str,
    files: &SharedFiles,
    ending: &TaskTracker,
) -> Result<Vec<Vec<Cell>>, Refusal> {
    let refused = |error: DataFusionError| translate(error, scheduler, files);
    let frame = session.sql(sql).await.map_err(refused)?;
    let context = Arc::new(frame.task_ctx());
    let plan = frame.create_physical_plan().await.map_err(refused)?;
    let batches = Job::start(plan, context, scheduler, ending).finish().await;
    let batches = batches.map_err(|error| stopped(&error))?.map_err(refused)?;
    let mut rows = Vec::new();
    for batch in &batches {
        append(&mut rows, batch).map_err(|error| refused(error.into()))?;
    }
    Ok(rows)
}

/// A job of the cluster, whose answer a task of its own waits for: the scheduler tells a job's name only when it has planned it, so
/// somebody must still listen when the statement is dropped before.
struct Job {
    plan: Arc<dyn ExecutionPlan>,
    listener: JoinHandle<Result<Vec<RecordBatch>, DataFusionError>>,
    scheduler: Scheduler,
    runtime: Handle,
    ending: TaskTracker,
}

impl Job {
    fn start(
        plan: Arc<dyn ExecutionPlan>,
        context: Arc<TaskContext>,
        scheduler: &Scheduler,
        ending: &TaskTracker,
    ) -> Self {
        Job {
            listener: tokio::spawn(collect(Arc::clone(&plan), context)),
            plan,
            scheduler: scheduler.clone(),
            runtime: Handle::current(),
            ending: ending.clone(),
        }
    }

    async fn finish(mut self) -> Result<Result<Vec<RecordBatch>, DataFusionError>, JoinError> {
        (&mut self.listener).await
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if self.listener.is_finished() {
            return;
        }
        let plan = Arc::clone(&self.plan);
        let listener = self.listener.abort_handle();
        let scheduler = self.scheduler.clone();
        self.runtime.spawn(self.ending.track_future(async move {
            let name = async {
                loop {
                    if let Some(name) = name(&plan) {
                        return Some(name);
                    }
                    if listener.is_finished() {
                        return None;
                    }
                    tokio::time::sleep(PACE).await;
                }
            };
            let name = tokio::time::timeout(PLANNING, name).await;
            listener.abort();
            if let Ok(Some(name)) = name {
                // Nobody is left to hear of a failure; the cluster then ends the job by itself, only later.
                let _unheard = tokio::time::timeout(PLANNING, scheduler.end(name)).await;
            }
        }));
    }
}

/// The name that the scheduler has given to the job, once it has.
fn name(plan: &Arc<dyn ExecutionPlan>) -> Option<String> {
    let query = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>()?;
    Some(query.job_id()?.to_string())
}
