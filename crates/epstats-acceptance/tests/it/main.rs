//! Tests across rooms: the one test binary that links the engine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod aa_simulation;
mod command;
mod demo;
mod engine_agrees;
mod failures;
mod file_sets;
mod files;
mod layouts_agree;
mod look;
mod many;
mod past;
mod planning;
mod profile_standard;
mod run;
mod serve;
mod source_contract;
