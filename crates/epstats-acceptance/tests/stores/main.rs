//! Files in object stores, against servers that speak their protocols: `make check-engines` starts these.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod bytes;
mod contract;
mod failures;
#[path = "../it/files.rs"]
#[allow(dead_code, reason = "shared with the other test binary")]
mod files;
mod kinds;
mod proxy;
mod servers;
mod shop;
