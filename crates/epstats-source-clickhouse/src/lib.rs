//! ClickHouse as a source: its HTTP interface, answers in Arrow.
//!
//! ```text
//! ClickHouseSource ──fetch──▶ DESCRIBE TABLE … ──▶ Tables ─┐
//!                                                          ├─ Asked ──▶ SELECT … ──▶ Statistics
//!                                                   Plan ──┘
//! ```
//!
//! Every statement goes out with a query id, read-only, with limits of time and rows, and with the settings that keep a profile of the server from
//! changing what it means ([`Settings`] tells which). An answer counts when it is whole; whoever drops a fetch ends its query on the server.

mod answer;
mod cancel;
mod client;
mod describe;
mod failure;
mod kind;
mod parameters;
mod query_id;
mod settings;
mod source;

pub use settings::Settings;
pub use source::ClickHouseSource;
