//! The trait over data, the failures of the world, and the in-memory source that is the referee of all others.

#[cfg(feature = "arrow")]
pub mod arrow;
#[cfg(feature = "contract")]
pub mod contract;
mod failure;
pub mod memory;
mod refusal;
mod secret;
mod source;
pub mod sql;

pub use failure::{FailureKind, SourceError};
pub use refusal::Refusal;
pub use secret::Secret;
pub use source::{Fetch, FetchMany, Probe, Source};

/// The plan room, for sources.
pub use epstats_plan as plan;
