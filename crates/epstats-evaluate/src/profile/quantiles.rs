//! Quantiles of Student's t for the few levels that one scorecard needs.

use epstats_experiment::stats::StudentTQuantile;

/// Quantiles of Student's t, prepared once for each probability beyond them.
#[derive(Default)]
pub(super) struct Quantiles {
    /// By the probability. Those of corrected intervals are mostly alpha/2, alpha/4, alpha/6 …
    by_tail: Vec<(f64, StudentTQuantile)>,
}

impl Quantiles {
    /// The quantile with this probability beyond it.
    pub(super) fn at(&mut self, tail: f64) -> &StudentTQuantile {
        let known = self.by_tail.iter().position(|&(key, _)| key == tail);
        let position = known.unwrap_or_else(|| {
            // The levels of adjusted p-values that are capped at one are all different.
            if self.by_tail.len() >= MOST {
                self.by_tail.pop();
            }
            self.by_tail.push((tail, StudentTQuantile::new(tail)));
            self.by_tail.len() - 1
        });
        &self.by_tail[position].1
    }
}

/// Searching a longer list costs more than preparing a quantile.
const MOST: usize = 16;
