//! A cluster of a scheduler and two executors on loopback, each a process of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod cluster;
mod contract;
mod failures;
mod files;
mod lost_executor;
