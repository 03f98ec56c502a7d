//! Tests of the folder as a source.

#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod ask;
mod contract;
mod meaning;
mod reading;
mod refusals;
mod test_data;
