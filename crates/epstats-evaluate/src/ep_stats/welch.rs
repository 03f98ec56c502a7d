//! ep-stats' test of the relative difference.

use epstats_experiment::stats::distribution::{StudentTQuantile, student_t_tail};
use epstats_experiment::stats::{Comparison, from_sums};

use super::round_to;

/// What ep-stats knows of a metric in one variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// Value of the denominator, whatever it counts.
    pub n: f64,
    /// Value of the numerator.
    pub sum: f64,
    /// Sum over n.
    pub mean: f64,
    /// Standard deviation with divisor n − 1; NaN where the variance is below zero or n below 2.
    pub std: f64,
}

impl Variant {
    /// From n, the sum and the sum of squares; n = 0 or 1 gives NaN.
    #[must_use]
    pub fn from_sums(n: f64, sum: f64, sum_of_squares: f64) -> Self {
        Self {
            n,
            sum,
            mean: sum / n,
            std: from_sums(n, sum, sum_of_squares)
                .variance
                .map_or(f64::NAN, f64::sqrt),
        }
    }
}

/// One row of ep-stats' result, in our words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// Relative difference (`diff`).
    pub estimate: f64,
    /// Below zero for a negative control mean.
    pub standard_error: f64,
    /// Estimate over standard error (`test_stat`).
    pub statistic: f64,
    /// Whole degrees of freedom.
    pub degrees_of_freedom: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Its natural logarithm, which does not underflow.
    pub ln_p_value: f64,
    /// Half-width of the interval (`confidence_interval`); below zero for a negative control mean.
    pub half_width: f64,
}

/// ep-stats' Welch test of the relative difference, at a confidence level.
///
/// **Formula**: f = trunc(round(num/den, 5)), num = (s_c²/n_c + s_t²/n_t)², den = s_c⁴/(n_c²(n_c − 1)) + s_t⁴/(n_t²(n_t − 1));
/// estimate (m_t − m_c)/|m_c|; e = √((m_t s_c)²/(m_c² n_c) + s_t²/n_t)/m_c; T = estimate/e, 0 where infinite and the treatment's sum is at most 10;
/// p = 2 P(T_f > |T|); half-width e t with t the quantile at (1 + level)/2. **Legend**: m mean, s standard deviation, n denominator.
/// The control compared with itself counts as an independent sample. **Edges**: as IEEE arithmetic has it: m_c = 0 gives an infinite or NaN estimate and
/// NaN p; no variance in either gives NaN p; a treatment without any goal gives −1 with e = 0, T = 0 and p = 1.
/// **Accuracy**: 1e-13 relative; the tail itself is computed where ep-stats takes 2(1 − cdf), which is equal to within 5e-16 absolute.
/// **Source**: ep-stats 2.5, documentation of its statistics.
#[must_use]
pub fn welch(variants: &Comparison<Variant>, level: f64) -> Welch {
    welch_at(variants, &StudentTQuantile::new((1.0 - level) / 2.0))
}

/// [`welch`] with the probability beyond each end of the interval given, for many rows at one level.
#[must_use]
pub fn welch_at(variants: &Comparison<Variant>, quantile: &StudentTQuantile) -> Welch {
    let Comparison { control, treatment } = variants;
    let degrees_of_freedom = degrees_of_freedom(control, treatment);
    let estimate = (treatment.mean - control.mean) / control.mean.abs();
    let standard_error = unscaled_error(control, treatment) / control.mean;
    let statistic = estimate / standard_error;
    let statistic = if statistic.is_infinite() && treatment.sum <= 10.0 {
        0.0
    } else {
        statistic
    };
    let (tail, ln_tail) = student_t_tail(statistic.abs(), degrees_of_freedom);
    let ln_p_value = std::f64::consts::LN_2 + ln_tail;
    Welch {
        estimate,
        standard_error,
        statistic,
        degrees_of_freedom,
        p_value: 2.0 * tail,
        // Rounding alone can lift the logarithm of one above zero; NaN stays.
        ln_p_value: if ln_p_value > 0.0 { 0.0 } else { ln_p_value },
        half_width: standard_error * quantile.at(degrees_of_freedom),
    }
}

/// The standard error times the control mean.
fn unscaled_error(control: &Variant, treatment: &Variant) -> f64 {
    let of_control = square(treatment.mean * control.std) / (square(control.mean) * control.n);
    (of_control + square(treatment.std) / treatment.n).sqrt()
}

fn degrees_of_freedom(control: &Variant, treatment: &Variant) -> f64 {
    let of_control = square(control.std) / control.n;
    let of_treatment = square(treatment.std) / treatment.n;
    let numerator = square(of_control + of_treatment);
    let denominator =
        square(of_control) / (control.n - 1.0) + square(of_treatment) / (treatment.n - 1.0);
    round_to(numerator / denominator, 1e5).trunc()
}

fn square(value: f64) -> f64 {
    value * value
}
