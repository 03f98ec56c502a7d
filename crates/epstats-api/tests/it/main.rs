//! Tests of the wire forms.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod bad_definitions;
mod bad_sources;
mod codes;
mod ep_stats;
mod good_definitions;
mod good_methods;
mod good_sources;
mod past;
mod planning;
mod plans_of_data;
mod problems;
mod robustness;
mod scorecards;
mod support;
