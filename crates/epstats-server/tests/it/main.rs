//! The service, called without a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod authorization;
mod evaluate;
mod hostile;
mod limits;
mod openapi;
mod operation;
mod per_request;
mod planning;
mod sample_size;
mod support;
mod v1;
