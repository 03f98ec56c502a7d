//! Tests against databases, which `tests/engines/check.sh adbc` installs and starts.

#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod agree;
mod ask;
mod cancel;
mod command;
mod drivers;
mod duckdb;
mod engine;
mod faults;
mod postgres;
mod proxy;
mod rig;
mod sail;
mod sqlite;
mod traffic;
mod write;

/// A variable that `make check-engines` sets.
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("`{name}` is not set: run `make check-engines`"))
}
