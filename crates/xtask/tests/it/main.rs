//! Tests of the tasks.
#![allow(clippy::unwrap_used, reason = "a test stops on the first surprise")]

mod parity;
mod reference;
mod tidy;
