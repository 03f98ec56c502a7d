//! A session of the engine whose plans go to the scheduler.

use std::num::NonZeroUsize;

use ballista_core::config::{
    BALLISTA_ADAPTIVE_PLANNER_ENABLED, BALLISTA_CLIENT_PULL,
    BALLISTA_SCHEDULER_SHARE_FILE_STATISTICS_CACHE,
};
use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::scheduler::Scheduler;

/// Rows that operators hand on at a time; as for the embedded engine.
const BATCH_ROWS: usize = 32_768;

/// Opens a session.
pub(crate) fn open(
    scheduler: &Scheduler,
    partitions: usize,
) -> Result<SessionContext, DataFusionError> {
    let partitions = NonZeroUsize::new(partitions).map_or(1, Into::into);
    let mut config = SessionConfig::new()
        .upgrade_for_ballista()
        .with_target_partitions(partitions)
        .with_batch_size(BATCH_ROWS)
        .with_information_schema(false)
        // A column of a file would be taken for one constant where its smallest number is its largest, and NaN is neither (seen in DataFusion 55.2).
        .with_collect_statistics(false)
        // Told of a job only when it ends, as is the default, nobody could end it before.
        .set_bool(BALLISTA_CLIENT_PULL, true)
        // The planner that changes a plan while it runs makes stages without end where one side of a join is empty (seen in Ballista 55).
        .set_bool(BALLISTA_ADAPTIVE_PLANNER_ENABLED, false)
        // The scheduler's cache takes a file for unchanged if its size and time are; numbers must not hang on that.
        .set_bool(BALLISTA_SCHEDULER_SHARE_FILE_STATISTICS_CACHE, false);
    // A folder means all folders below it; the engine's default silently reads the uppermost only.
    config
        .options_mut()
        .execution
        .listing_table_ignore_subdirectory = false;
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .build()
        .upgrade_for_ballista(scheduler.url())?;
    Ok(SessionContext::new_with_state(state))
}
