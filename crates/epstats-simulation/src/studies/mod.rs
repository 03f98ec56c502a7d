//! The studies of the documentation.

mod adjustments;
mod corrections;
mod margins;
mod means;
mod quantiles;
mod ratios;
mod splits;

use crate::Study;

/// How large studies may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// All, also those with many units.
    Full,
    /// Those whose runs take microseconds.
    Small,
}

/// All studies, in the order of the documentation.
#[must_use]
pub fn studies(size: Size) -> Vec<Study> {
    let mut all = means::studies(size);
    all.extend(ratios::studies(size));
    all.extend(adjustments::studies());
    all.extend(quantiles::studies(size));
    all.extend(margins::studies(size));
    all.extend(corrections::studies());
    all.extend(splits::studies());
    for (number, study) in all.iter_mut().enumerate() {
        study.number = number as u64;
    }
    all
}

/// An effect of ten per cent, and none.
const EFFECTS: [f64; 2] = [0.0, 0.1];
