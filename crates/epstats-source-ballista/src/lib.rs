//! Parquet, CSV and JSON lines through a cluster of the columnar engine, Apache DataFusion Ballista.
//!
//! A [`BallistaSource`] registers its files as the source over files does, and sends the same text of the plan room to the scheduler of a
//! cluster. Scheduler and executors are the user's; they must see the files under the same paths. Nothing here schedules work, and nothing of
//! the scheduler or the executor is linked.
//!
//! One file, one thought: `session` tells the engine where its plans go, `scheduler` asks the coordinator over its wire, `job` runs one
//! statement and ends it on the cluster when nobody waits any more, `failure` translates what the cluster says.

mod failure;
mod job;
mod scheduler;
mod session;
mod source;

pub use source::{BallistaSource, Settings};
