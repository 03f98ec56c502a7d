//! ClickHouse as a source, against its engine: run by `make check-engines`, which starts it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod cancel;
mod command;
mod contract;
mod faults;
mod proxy;
mod question;
mod random;
mod replicas;
mod rig;
mod scripted;
mod server;
mod settings;
mod tls;
mod travel;
mod types;
