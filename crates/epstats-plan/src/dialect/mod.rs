//! Dialects: how each engine wants a query written. One file per engine.

pub mod datafusion;
