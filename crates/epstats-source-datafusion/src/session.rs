//! One session of the engine per evaluation, bounded in memory and disk.

use std::path::Path;
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use epstats_source::{FailureKind, Refusal};

use crate::failure::translate;
use crate::files::Settings;
use crate::join::Join;

/// Share of the memory limit that the operators get to keep; the rest is for decoding and for batches on their
/// way between them, which the engine does not count.
const POOL_SHARE: f64 = 0.6;

/// Taken where the system does not tell how much memory there is.
const UNKNOWN_MEMORY: u64 = 4 << 30;

/// Opens a session.
pub(crate) fn open(settings: &Settings, join: Join) -> Result<SessionContext, Refusal> {
    let partitions = settings
        .threads
        .or_else(|| std::thread::available_parallelism().map(Into::into).ok())
        .unwrap_or(1);
    let mut config = SessionConfig::new()
        .with_target_partitions(partitions)
        .with_batch_size(join.batch_rows())
        .with_information_schema(false);
    let options = config.options_mut();
    options.optimizer.prefer_hash_join = join == Join::Hash;
    // A folder means all folders below it; the engine's default silently reads the uppermost only.
    options.execution.listing_table_ignore_subdirectory = false;
    let pool = pool_size(settings);
    options.execution.sort_spill_reservation_bytes = sort_reservation(pool, partitions);
    let consumers_named = std::num::NonZeroUsize::new(3).unwrap_or(std::num::NonZeroUsize::MIN);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(TrackConsumersPool::new(
            FairSpillPool::new(pool),
            consumers_named,
        )))
        .with_disk_manager_builder(disk(settings)?)
        .build_arc()
        .map_err(|error| translate(error, &[]))?;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// The memory that operators may keep together, in bytes.
pub(crate) fn pool_size(settings: &Settings) -> usize {
    let limit = settings.memory_limit.unwrap_or_else(|| {
        let Ok(mut system) = sysinfo::System::new() else {
            return UNKNOWN_MEMORY;
        };
        system.refresh_memory();
        let machine = system.total_memory();
        system
            .cgroup_limits()
            .map_or(machine, |group| group.total_memory.min(machine))
    });
    (limit as f64 * POOL_SHARE) as usize
}

/// What a sort keeps back for merging its runs: the engine's 10 MB, or less where memory is small.
fn sort_reservation(pool: usize, partitions: usize) -> usize {
    (pool / (16 * partitions.max(1))).min(10 << 20)
}

fn disk(settings: &Settings) -> Result<DiskManagerBuilder, Refusal> {
    let mode = match &settings.spill_folder {
        None => DiskManagerMode::OsTmpDirectory,
        Some(folder) => {
            let usable = folder.is_dir();
            if !usable {
                return Err(no_spill_folder(folder));
            }
            DiskManagerMode::Directories(vec![folder.clone()])
        }
    };
    Ok(DiskManagerBuilder::default()
        .with_mode(mode)
        .with_max_temp_directory_size(settings.spill_limit.unwrap_or(u64::MAX)))
}

fn no_spill_folder(folder: &Path) -> Refusal {
    Refusal::new(
        FailureKind::NotFound,
        format!("the spill folder `{}` is not a folder", folder.display()),
    )
    .help("name an existing folder on a disk with room")
}
