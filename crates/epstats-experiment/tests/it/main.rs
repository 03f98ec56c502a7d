//! Tests of the domain.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod dates;
mod diagnose;
mod diagnose_methods;
mod needs;
mod render;
mod words;
