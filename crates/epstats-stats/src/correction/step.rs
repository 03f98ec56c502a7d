//! Corrections that walk through the sorted p-values, keeping the largest or the smallest adjusted value on the way.

use super::{Adjusted, Decided, given};

/// Where a p-value stands among those that are there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// 1 for the smallest.
    rank: usize,
    /// Number of p-values that are there.
    count: usize,
}

impl Place {
    /// 1 for the smallest p-value.
    pub(super) fn rank(self) -> f64 {
        self.rank as f64
    }

    /// Number of p-values that are there.
    pub(super) fn count(self) -> f64 {
        self.count as f64
    }

    /// How many p-values are not smaller: m − j + 1.
    pub(super) fn remaining(self) -> f64 {
        (self.count - self.rank + 1) as f64
    }
}

/// From the smallest p-value up: no adjusted p-value is below one before it.
pub(super) fn step_down(
    p_values: &[Option<f64>],
    own: impl Fn(f64, Place) -> f64,
) -> Vec<Option<f64>> {
    let mut result = vec![None; p_values.len()];
    let mut largest = 0.0_f64;
    for (place, at, p) in ranked(p_values) {
        largest = largest.max(own(p, place).min(1.0));
        result[at] = Some(largest);
    }
    result
}

/// From the largest p-value down: no adjusted p-value is above one before it.
pub(super) fn step_up(
    p_values: &[Option<f64>],
    own: impl Fn(f64, Place) -> f64,
) -> Vec<Option<f64>> {
    let mut result = vec![None; p_values.len()];
    let mut smallest = 1.0_f64;
    for (place, at, p) in ranked(p_values).into_iter().rev() {
        smallest = smallest.min(own(p, place));
        result[at] = Some(smallest);
    }
    result
}

/// [`step_down`] on logarithms.
pub(super) fn step_down_ln(
    ln_p_values: &[Option<f64>],
    own: impl Fn(f64, Place) -> Adjusted,
) -> Vec<Option<Adjusted>> {
    let order = ranked(ln_p_values);
    walk_ln(ln_p_values.len(), order, own, |before, own| before > own)
}

/// [`step_up`] on logarithms.
pub(super) fn step_up_ln(
    ln_p_values: &[Option<f64>],
    own: impl Fn(f64, Place) -> Adjusted,
) -> Vec<Option<Adjusted>> {
    let order = ranked(ln_p_values).into_iter().rev();
    walk_ln(ln_p_values.len(), order, own, |before, own| before < own)
}

/// Adjusted logarithms in the given order; one before decides where `before_holds` of the two adjusted logarithms.
fn walk_ln(
    length: usize,
    order: impl IntoIterator<Item = Ranked>,
    own: impl Fn(f64, Place) -> Adjusted,
    before_holds: impl Fn(f64, f64) -> bool,
) -> Vec<Option<Adjusted>> {
    let mut result = vec![None; length];
    let mut decided: Option<Decided> = None;
    for (place, at, ln_p) in order {
        let own = Decided {
            ln_p,
            adjusted: own(ln_p, place),
        };
        let next = decided
            .filter(|before| before_holds(before.adjusted.ln_p_value, own.adjusted.ln_p_value))
            .unwrap_or(own);
        decided = Some(next);
        result[at] = Some(next.seen_from(ln_p));
    }
    result
}

/// Place in the order, place in the list, value.
type Ranked = (Place, usize, f64);

/// The values that are there, smallest first.
pub(super) fn ranked(values: &[Option<f64>]) -> Vec<Ranked> {
    let mut present: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, &value)| Some((at, given(value)?)))
        .collect();
    present.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let count = present.len();
    let placed = present
        .into_iter()
        .enumerate()
        .map(|(before, (at, value))| {
            let rank = before + 1;
            (Place { rank, count }, at, value)
        });
    placed.collect()
}
