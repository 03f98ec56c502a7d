//! ep-stats' correction for several treatments: Holm's p-values, and intervals widened in the same proportion.

use epstats_experiment::stats::distribution::StudentTQuantile;

/// One treatment of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HolmRow {
    /// p-value before correction; NaN where there is none.
    pub p_value: f64,
    /// Its natural logarithm; −∞ where only an underflowed p-value is known.
    pub ln_p_value: f64,
    /// Standard error of the estimate.
    pub standard_error: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: f64,
}

/// A treatment after correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HolmInterval {
    /// Adjusted p-value.
    pub p_value: f64,
    /// p-value over adjusted p-value.
    pub level_ratio: f64,
    /// Error of the interval: the ratio times alpha.
    pub alpha: f64,
    /// Half-width of the interval.
    pub half_width: f64,
}

/// Corrects the treatments of one metric; ep-stats does it only where there are more than two variants.
///
/// **Formula**: with p₍₁₎ ≤ … ≤ p₍ₘ₎, adjusted p = min(1, max over j ≤ i of (m − j + 1) p₍ⱼ₎); r = p/adjusted p, 1 for 0/0; half-width e t with t the
/// quantile at 1 − r a/2. **Legend**: m all rows, those with NaN included; a = 1 − level; e standard error. The intervals do not cover all effects at once.
/// A p-value that underflows has its ratio from the logarithms, so that its interval is adjusted like any other; ep-stats leaves that one as it was.
/// **Assumptions**: none on dependence. **Accuracy**: 1e-13 relative. **Source**: Holm 1979; ep-stats 2.5.
#[must_use]
pub fn holm_intervals(rows: &[HolmRow], level: f64) -> Vec<HolmInterval> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    // NaN comes last, and its place counts.
    order.sort_by(|&one, &other| {
        let key = |at: usize| (rows[at].p_value.is_nan(), rows[at].ln_p_value);
        let (one, other) = (key(one), key(other));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    let mut result = vec![NOTHING; rows.len()];
    let mut largest = (0.0_f64, f64::NEG_INFINITY);
    for (rank, &at) in order.iter().enumerate() {
        let row = &rows[at];
        if row.p_value.is_nan() {
            continue;
        }
        let factor = (rows.len() - rank) as f64;
        largest.0 = largest.0.max((row.p_value * factor).min(1.0));
        let own = (row.ln_p_value + factor.ln()).min(0.0);
        let by_logarithms = if row.ln_p_value == f64::NEG_INFINITY {
            1.0
        } else if own >= largest.1 {
            1.0 / factor
        } else {
            (row.ln_p_value - largest.1).exp()
        };
        largest.1 = largest.1.max(own);
        let level_ratio = if largest.0 > 0.0 {
            row.p_value / largest.0
        } else {
            by_logarithms
        };
        result[at] = widened(row, largest.0, level_ratio, level);
    }
    result
}

fn widened(row: &HolmRow, p_value: f64, level_ratio: f64, level: f64) -> HolmInterval {
    let alpha = level_ratio * (1.0 - level);
    let quantile = StudentTQuantile::new(alpha / 2.0);
    HolmInterval {
        p_value,
        level_ratio,
        alpha,
        half_width: row.standard_error * quantile.at(row.degrees_of_freedom),
    }
}

const NOTHING: HolmInterval = HolmInterval {
    p_value: f64::NAN,
    level_ratio: f64::NAN,
    alpha: f64::NAN,
    half_width: f64::NAN,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn row(p_value: f64, ln_p_value: f64) -> HolmRow {
        HolmRow {
            p_value,
            ln_p_value,
            standard_error: 1.0,
            degrees_of_freedom: 1e20,
        }
    }

    fn ratios(rows: &[HolmRow]) -> Vec<f64> {
        let adjusted = holm_intervals(rows, 0.95);
        adjusted.iter().map(|row| row.level_ratio).collect()
    }

    #[test]
    fn a_p_value_that_underflows_widens_its_interval_like_any_other() {
        assert_eq!(
            ratios(&[row(0.0, -2000.0), row(0.5, 0.5_f64.ln())]),
            [0.5, 1.0]
        );
        let rows = [row(0.0, -2000.0), row(0.0, -3000.0), row(0.5, 0.5_f64.ln())];
        assert_eq!(ratios(&rows), [0.5, 1.0 / 3.0, 1.0]);
    }

    #[test]
    fn a_p_value_that_is_zero_leaves_its_interval() {
        assert_eq!(ratios(&[row(0.0, f64::NEG_INFINITY)]), [1.0]);
    }

    #[test]
    fn a_row_without_p_value_counts_and_stays_without() {
        let adjusted = holm_intervals(&[row(f64::NAN, f64::NAN), row(0.01, 0.01_f64.ln())], 0.95);
        assert!(adjusted[0].p_value.is_nan() && adjusted[0].half_width.is_nan());
        assert_eq!(adjusted[1].p_value, 0.02);
    }
}
