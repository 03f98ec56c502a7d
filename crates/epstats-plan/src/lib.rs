//! The needs of all metrics and checks of an experiment as one [`Plan`], and the plan as SQL text.
//!
//! ```text
//! Experiment ──for_experiment──▶ Plan ──lower(layout)──▶ Query ──dialect──▶ SQL text
//!                                                                  rows ──decode──▶ Statistics
//! ```
//!
//! A [`Plan`] says what must be known, whatever the data look like. A [`Layout`] says what a row of a source
//! is and how its columns are called. Lowering joins the two into one query tree; a dialect prints it.
//! Everything here is pure.

mod layout;
mod plan;

pub use layout::{
    AggregatedTable, Attribution, EventTable, ExposureTable, GoalTable, Layout, WideTable,
};
pub use plan::{InconsistentUnits, Plan, for_experiment};

/// The domain room, for rooms that build on plans.
pub use epstats_experiment as experiment;
