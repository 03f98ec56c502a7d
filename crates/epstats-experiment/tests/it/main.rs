//! Tests of the domain.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod diagnose;
mod needs;
mod render;
mod words;
