//! Parquet, CSV and JSON lines as a source, through the embedded columnar engine.
//!
//! A [`FilesSource`] finds its files, tells the plan room what columns they have, and runs the text that the
//! plan room renders. It adds no meaning of its own: what a plan means is decided there, and the contract
//! suite of the source room holds this source to it.
//!
//! One file, one thought: [`locate`](crate::FileTable) finds files, `table` makes them a table of the engine,
//! `join` and `session` bound memory and disk, `run` executes and counts rows, `failure` translates refusals.
//! A cluster of the engine reads the same files: what finds and registers them, and translates refusals, is public for it.

mod failure;
mod files;
mod join;
mod locate;
mod run;
mod session;
mod table;

pub use failure::translate;
pub use files::{BatchTable, FilesSource, Progress, ProgressReport, Settings};
pub use locate::{FileFormat, FileTable, Located, locate};
pub use table::register;
