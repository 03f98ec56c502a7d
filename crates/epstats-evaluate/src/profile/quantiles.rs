//! Quantiles of Student's t for the few levels that one scorecard needs.

use epstats_experiment::stats::StudentTQuantile;

/// Quantiles of two-sided intervals, prepared once for each error.
pub(super) struct Quantiles {
    alpha: f64,
    /// By the ratio of the error of the interval to alpha. Holm's ratios are mostly 1, 1/2, 1/3 …
    by_ratio: Vec<(f64, StudentTQuantile)>,
}

impl Quantiles {
    pub(super) fn new(alpha: f64) -> Self {
        Quantiles {
            alpha,
            by_ratio: Vec::new(),
        }
    }

    /// Error of the interval at ratio 1.
    pub(super) fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The quantile beyond each end of an interval with error `ratio` · alpha.
    pub(super) fn at(&mut self, ratio: f64) -> &StudentTQuantile {
        let known = self.by_ratio.iter().position(|&(key, _)| key == ratio);
        let position = known.unwrap_or_else(|| {
            // Ratios of adjusted p-values that are capped at one are all different.
            if self.by_ratio.len() >= MOST {
                self.by_ratio.pop();
            }
            let quantile = StudentTQuantile::new(ratio * self.alpha / 2.0);
            self.by_ratio.push((ratio, quantile));
            self.by_ratio.len() - 1
        });
        &self.by_ratio[position].1
    }
}

/// Searching a longer list costs more than preparing a quantile.
const MOST: usize = 16;
