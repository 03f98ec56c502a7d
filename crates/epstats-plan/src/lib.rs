//! The needs of all metrics and checks of an experiment as one [`Plan`], and the plan as SQL text.
//!
//! ```text
//! Experiment ──for_experiment──▶ Plan ──lower(layout)──▶ queries ──dialect──▶ SQL text
//!                                                                  rows ──decode──▶ Statistics
//! ```
//!
//! A [`Plan`] says what must be known, whatever the data look like. A [`Layout`] says what a row of a source
//! is and how its columns are called. Lowering joins the two into query trees, nearly always a single one; a dialect prints them.
//! Everything here is pure.

mod assumed;
mod cell;
mod columns;
pub mod dialect;
mod layout;
pub mod look;
mod lower;
mod plan;
pub mod query;
mod reading;
mod table_names;

pub use cell::Cell;
pub use columns::{ColumnType, Columns, Tables};
pub use dialect::Dialect;
pub use layout::{
    AggregatedTable, Attribution, EventTable, ExposureTable, GoalTable, Layout, WideTable,
};
pub use lower::{
    BadValues, EventQuantiles, EventQuantilesReading, LowerError, LowerErrorKind, Lowered,
    NeverSeen, NeverSeenReading, QuantileError, Together, lower, lower_bad_values,
    lower_never_seen, lower_together, lower_variants, lower_variants_together, together,
};
pub use plan::{InconsistentUnits, Plan, for_experiment};
pub use query::Query;
pub use reading::{DecodeError, Reading};
pub use table_names::TableNames;

/// The domain room, for rooms that build on plans.
pub use epstats_experiment as experiment;
