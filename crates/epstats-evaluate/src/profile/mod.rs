//! The two profiles of inference: how rows of metrics are made.

pub(crate) mod ep_stats;
pub(crate) mod standard;

mod estimate;
mod quantiles;
mod totals;

pub(crate) use totals::Totals;

/// Power for which sample sizes are required.
const REQUIRED_POWER: f64 = 0.8;
