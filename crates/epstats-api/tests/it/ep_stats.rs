//! The wire forms of ep-stats: what its clients send, and what they get.

mod details;
mod failures;
mod requests;
mod responses;
mod robustness;
mod sample_sizes;
mod support;
mod tolerance;
