//! How often a significant result is a false one.

use crate::Undefined;

/// Probability that there is no effect although the test was significant.
///
/// **Formula**: p π/(p π + power (1 − π)). **Legend**: p the p-value (or alpha, for the risk before the data are seen), π the share of experiments
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
