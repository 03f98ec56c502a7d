//! Tests of the formula language through its public surface.
#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps nothing fails, as it should"
)]

mod diagnostics;
mod evaluation;
mod excerpts;
mod grammar;
mod precedence;
mod printing;
mod quantiles;
mod robustness;
mod support;
