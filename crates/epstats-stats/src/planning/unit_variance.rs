//! Variances of one unit, as planning has them.

use crate::{Comparison, Undefined};

/// Unit variances of a rate and of the same rate after a relative effect.
///
/// **Formula**: p(1 − p) with p of control, and with p(1 + effect) of the treatment. **Range**: both rates between 0 and 1. **Accuracy**: rounding.
///
/// ```
/// let variances = epstats_stats::rate_variances(0.4, 0.25).unwrap();
/// assert_eq!((variances.control, variances.treatment), (0.24, 0.25));
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`] for a rate outside its range, before or after the effect.
pub fn rate_variances(rate: f64, relative_effect: f64) -> Result<Comparison<f64>, Undefined> {
    let rates = Comparison {
        control: rate,
        treatment: rate * (1.0 + relative_effect),
    };
    let in_range = |rate: f64| (0.0..=1.0).contains(&rate);
    if !(in_range(rates.control) && in_range(rates.treatment)) {
        return Err(Undefined::InvalidInput);
    }
    Ok(rates.map(|rate| rate * (1.0 - rate)))
}

/// Unit variance that is left after an adjustment by covariates measured before exposure.
///
/// **Formula**: v (1 − ρ²). **Legend**: v variance of one unit, ρ² the share of it that the covariates explain; for one covariate its squared
/// correlation with the metric. **Range**: v ≥ 0, 0 ≤ ρ² ≤ 1. **Source**: Deng, Xu, Kohavi and Walker 2013.
///
/// # Errors
///
/// [`Undefined::NegativeVariance`], [`Undefined::InvalidInput`].
pub fn variance_after_covariates(unit_variance: f64, explained: f64) -> Result<f64, Undefined> {
    if unit_variance < 0.0 {
        Err(Undefined::NegativeVariance)
    } else if unit_variance.is_finite() && (0.0..=1.0).contains(&explained) {
        Ok(unit_variance * (1.0 - explained))
    } else {
        Err(Undefined::InvalidInput)
    }
}
