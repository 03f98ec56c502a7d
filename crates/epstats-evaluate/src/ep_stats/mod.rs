//! The arithmetic of ep-stats, for the inference that gives its numbers.
//!
//! Everything here follows ep-stats 2.5 to the digit, quirks included, and each quirk is told where it is kept. What cannot be computed is NaN or
//! infinite exactly where ep-stats has it; turning that into a reason is up to the caller.

mod holm_interval;
mod level;
mod sample_size;
mod sums;
mod welch;

pub use holm_interval::{HolmInterval, HolmRow, holm_intervals};
pub use level::{LARGEST_LEVEL, actual_day, level, unrounded_level};
pub use sample_size::{bernoulli_sample_size, power_from_required, round_sample_size, sample_size};
pub use sums::SumProgram;
pub use welch::{Variant, Welch, welch, welch_at};

/// Rounds to the nearest multiple of 1/`scale`, ties to even, as numpy does.
fn round_to(value: f64, scale: f64) -> f64 {
    (value * scale).round_ties_even() / scale
}
