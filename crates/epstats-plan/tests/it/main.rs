//! Tests of the plan room.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod agg_goals;
mod assumed;
mod decoding;
mod dialects;
mod errors;
mod event_quantiles;
mod events;
mod filters;
mod follow_ups;
mod goals;
mod plans;
mod quoted;
mod quoting;
mod strata;
mod support;
mod together;
mod unit_values;
mod wide;
