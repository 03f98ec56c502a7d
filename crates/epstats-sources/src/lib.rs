//! Opens the source that a definition describes, whatever its engine. The faces know sources by this room alone.

mod any;
mod open;
mod variables;

pub use any::AnySource;
pub use open::{Bounds, open};
pub use variables::variable;

/// The embedded engine's own: progress, and tables in memory beside files.
pub use epstats_source_datafusion::{BatchTable, FilesSource, Progress, ProgressReport};
