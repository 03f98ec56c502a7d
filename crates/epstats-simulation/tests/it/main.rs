//! The tests of the simulation room.
#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]
#![allow(
    clippy::print_stdout,
    reason = "a test over many methods says what each did"
)]

mod methods;
mod runs;
mod units;
