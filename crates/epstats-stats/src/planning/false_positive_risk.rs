//! How often a significant result is a false one.

use crate::Undefined;

/// What made a result significant: how often that happens without an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evidence {
    /// Its own p-value: the risk of this result and of all that are at least as far out.
    PValue(f64),
    /// The level alpha of a two-sided test: the risk of any significant result.
    Level(f64),
    /// The level alpha of a two-sided test whose significant results count on the winning side alone: the risk of any winner.
    WinningSide(f64),
}

impl Evidence {
    /// How often such evidence comes without an effect: p, alpha, or alpha/2.
    ///
    /// **Source**: Kohavi, Deng and Vermeer 2022.
    ///
    /// ```
    /// use epstats_stats::{Evidence, false_positive_risk};
    /// let rate = Evidence::WinningSide(0.05).false_positive_rate();
    /// assert!((false_positive_risk(rate, 0.8, 0.9).unwrap() - 0.2195).abs() < 1e-4);
    /// ```
    #[must_use]
    pub fn false_positive_rate(self) -> f64 {
        match self {
            Evidence::PValue(rate) | Evidence::Level(rate) => rate,
            Evidence::WinningSide(alpha) => alpha / 2.0,
        }
    }
}

/// Probability that there is no effect although the test was significant.
///
/// **Formula**: p π/(p π + power (1 − π)). **Legend**: p the p-value, or another rate of [`Evidence`], π the share of experiments
/// without an effect. **Assumptions**: the power is that against the true effect where there is one. **Range**: all between 0 and 1.
/// **Accuracy**: rounding. **Edges**: undefined where both sides are 0. **Source**: Kohavi, Deng and Vermeer 2022.
///
/// ```
/// let risk = epstats_stats::false_positive_risk(0.05, 0.8, 0.5).unwrap();
/// assert!((risk - 1.0 / 17.0).abs() < 1e-16);
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn false_positive_risk(
    p_value: f64,
    power: f64,
    null_hypothesis_rate: f64,
) -> Result<f64, Undefined> {
    let probability = |value: f64| (0.0..=1.0).contains(&value);
    if !(probability(p_value) && probability(power) && probability(null_hypothesis_rate)) {
        return Err(Undefined::InvalidInput);
    }
    let false_ones = p_value * null_hypothesis_rate;
    let true_ones = power * (1.0 - null_hypothesis_rate);
    if false_ones + true_ones == 0.0 {
        return Err(Undefined::InvalidInput);
    }
    Ok(false_ones / (false_ones + true_ones))
}
