//! Order statistics, and quantiles of events as estimates.

mod clustered;
mod order_statistics;
mod selection;
mod summary;

pub use clustered::{ClusteredQuantile, ErrorForm, OuterLimits};
pub use order_statistics::OrderStatistics;
pub use selection::select_quantile;
pub use summary::{QuantileSummary, quantile_reach};
