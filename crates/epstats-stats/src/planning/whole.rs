//! Rounding up.

/// The smallest whole number that is not below x, where an excess of a few roundings counts as none.
///
/// A quotient or product of three numbers is off by up to three half ulps, so what is meant to be 100 may come as 100.00000000000001.
pub(super) fn up_to_whole(x: f64) -> f64 {
    (x * (1.0 - 2.0 * f64::EPSILON)).ceil()
}
