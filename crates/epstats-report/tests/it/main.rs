//! The tests of the report room.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod markdown;
mod rich;
mod scorecards;
mod terminal;
