//! Parquet, CSV and JSON lines as a source, through the embedded columnar engine.
//!
//! A [`FilesSource`] finds its files, tells the plan room what columns they have, and runs the text that the
//! plan room renders. It adds no meaning of its own: what a plan means is decided there, and the contract
//! suite of the source room holds this source to it.
//!
//! One file, one thought: [`locate`](crate::FileTable) finds files, `table` makes them a table of the engine,
//! `parquet` reads numbers as they are, `schema` makes the columns of files those of one table, `join` and `session` bound memory and disk, `run` executes and counts rows, `failure` translates refusals.
//! [`SharedFiles`] does the same for a cluster of the engine, whose machines see the same files.

mod failure;
mod files;
mod join;
mod locate;
mod parquet;
mod place;
mod run;
mod schema;
mod session;
mod shared;
mod store;
mod table;

pub use files::{BatchTable, FilesSource, Progress, ProgressReport, Settings};
pub use locate::{FileFormat, FileTable};
pub use shared::SharedFiles;
