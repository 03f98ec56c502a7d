//! The tests of the evaluate room.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]
#![allow(
    clippy::print_stdout,
    reason = "a test over many cases says at which one it stopped"
)]

mod decisions;
mod degenerate;
mod documents;
mod duality;
mod extremes;
mod numbers;
mod profile_ep_stats;
mod profile_standard;
mod properties;
mod reference;
mod reference_adjustment;
mod reference_effects;
mod reference_families;
mod reference_units;
mod same;
mod support;
mod suspicions;
mod warnings;
