//! Order statistics, and quantiles of events as estimates.

mod clustered;
mod order_statistics;

pub use clustered::{ClusteredQuantile, ErrorForm, OuterLimits};
pub use order_statistics::OrderStatistics;
