//! How exposures and events are joined: in memory, or sorted on disk.

use epstats_plan::Layout;

use crate::files::LocatedTables;
use crate::locate::FileFormat;

/// How the two tables of the layout `events` are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// In memory: fast, but every exposed unit must fit.
    Hash,
    /// By sorting both sides, which may spill to disk.
    Sorted,
}

impl Join {
    /// Rows per batch. Large batches are 10 to 20% faster; merging spilled runs holds a batch of each run, so
    /// where spilling is likely they are small.
    pub(crate) fn batch_rows(self) -> usize {
        match self {
            Join::Hash => 32_768,
            Join::Sorted => 8_192,
        }
    }

    /// Joins in memory unless the exposed units alone would fill much of the pool.
    pub(crate) fn choose(layout: &Layout, files: &LocatedTables, pool: usize) -> Join {
        let Layout::Events { exposures, .. } = layout else {
            return Join::Hash;
        };
        let Some(located) = files.get(&exposures.table) else {
            return Join::Hash;
        };
        let on_disk: u64 = located.files.iter().map(|file| file.bytes).sum();
        let bytes_per_byte = match (located.format, located.compression) {
            (FileFormat::Parquet, _) | (_, Some(_)) => PARQUET_EXPANSION,
            (_, None) => 1,
        };
        if on_disk.saturating_mul(bytes_per_byte) > pool as u64 / 2 {
            Join::Sorted
        } else {
            Join::Hash
        }
    }
}

/// Bytes that the join holds per byte of a Parquet file of exposures: an exposure takes about 7 bytes there, and
/// its unit 37 in the table of a join.
const PARQUET_EXPANSION: u64 = 6;
