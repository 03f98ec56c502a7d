//! Order statistics.

mod order_statistics;

pub use order_statistics::OrderStatistics;
