//! A folder of aggregated goals as CSV, held in memory, as it is.
//!
//! This is how somebody tries Ep-Stats with data of their own: `goals_agg.csv`, and `goals_by_unit.csv` where there is one,
//! are put into a folder, and every experiment in them can be asked for. Nothing is summed or attributed on the way in; what
//! a plan means on these rows is what the in-memory source of the source room says.
//!
//! The rows are split by experiment when they are read, so that an answer costs as much as the rows of its experiment,
//! however many others there are. Everything is read once and kept: these are files for trying and for tests, of
//! megabytes. Larger ones are for a source with an engine.
//!
//! One file, one thought: `shape` knows what the two files look like, `header` and `cell` read them, `rows` splits them,
//! `place` finds them, `folder` serves them, `refusal` says what was wrong.

mod cell;
mod folder;
mod header;
mod place;
mod rows;
mod shape;

pub use folder::{FolderFiles, FolderSource};
