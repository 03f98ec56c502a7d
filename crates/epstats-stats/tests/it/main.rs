//! Properties that hold for every input. Values are held to independent references by `cargo xtask reference`.
#![allow(clippy::unwrap_used, reason = "a test stops on the first surprise")]

mod adjustment;
mod bayes;
mod caps;
mod checks;
mod contrast;
mod corrections;
mod distributions;
mod distributions_of_tests;
mod effects;
mod extremes;
mod extremes_of_units;
mod moments;
mod planning;
mod quantiles;
mod rates;
mod shape;
mod words;

/// Fails unless the numbers agree to this part of the larger one, or are both infinite alike.
#[track_caller]
fn assert_close(one: f64, other: f64, relative: f64) {
    let allowed = relative * one.abs().max(other.abs());
    assert!(
        one == other || (one - other).abs() <= allowed,
        "{one:e} and {other:e} differ by {:e}, more than {relative:e} of them",
        (one - other).abs()
    );
}
