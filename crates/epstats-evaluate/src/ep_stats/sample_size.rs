//! ep-stats' sample size and power.

use epstats_experiment::stats::Undefined;
use epstats_experiment::stats::distribution::{normal_cdf, normal_isf};

/// Units that each variant needs for a relative effect, not rounded; see [`round_sample_size`].
///
/// **Formula**: (z + z_power)² (s₁² + s₂²)/(mean · effect)², z the normal quantile at 1 − a/(2(V − 1)). **Legend**: a = 1 − level, V variants,
/// s₁ and s₂ standard deviations (s₂ = s₁ if there is none), effect relative to the mean. **Range**: V ≥ 2, effect ≥ 0, level and power in (0, 1).
/// **Edges**: effect 0 or mean 0 gives infinity. **Accuracy**: 1e-15 relative. **Source**: ep-stats 2.5, documentation of its sample size.
///
/// # Errors
///
/// [`Undefined::InvalidInput`] outside the range.
pub fn sample_size(
    n_variants: usize,
    minimum_effect: f64,
    mean: f64,
    deviations: (f64, Option<f64>),
    level: f64,
    power: f64,
) -> Result<f64, Undefined> {
    let z = critical_value(n_variants, level)?;
    if !(minimum_effect >= 0.0 && power > 0.0 && power < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    if minimum_effect == 0.0 {
        return Ok(f64::INFINITY);
    }
    let (own, other) = (deviations.0, deviations.1.unwrap_or(deviations.0));
    let units = (z + normal_isf(1.0 - power)).powi(2) * (own * own + other * other)
        / (mean * minimum_effect).powi(2);
    Ok(units)
}

/// [`sample_size`] of a share p: p₂ = p (1 + effect), s² = p (1 − p) for each; NaN where p₂ is above 1.
///
/// # Errors
///
/// [`Undefined::InvalidInput`] outside the range of [`sample_size`], or for p outside [0, 1].
pub fn bernoulli_sample_size(
    n_variants: usize,
    minimum_effect: f64,
    mean: f64,
    level: f64,
    power: f64,
) -> Result<f64, Undefined> {
    if !(0.0..=1.0).contains(&mean) {
        return Err(Undefined::InvalidInput);
    }
    let deviation = |share: f64| (share * (1.0 - share)).sqrt();
    let other = mean * (1.0 + minimum_effect);
    let deviations = (deviation(mean), Some(deviation(other)));
    sample_size(n_variants, minimum_effect, mean, deviations, level, power)
}

/// A sample size as ep-stats gives it: to the nearest whole number, halves to even.
#[must_use]
pub fn round_sample_size(units: f64) -> f64 {
    units.round_ties_even()
}

/// Power that a sample has, from the size that would have the required power.
///
/// **Formula**: Φ(√(N/N_r) (z + z_r) − z), z the normal quantile at 1 − a/(2(V − 1)), z_r that of the required power.
/// **Legend**: N units of a variant, N_r required units. **Edges**: NaN for fewer than two variants or N_r = 0. **Accuracy**: 1e-15.
/// **Source**: ep-stats 2.5, documentation of its power.
#[must_use]
pub fn power_from_required(
    n_variants: usize,
    units: f64,
    required_units: f64,
    required_power: f64,
    level: f64,
) -> f64 {
    let Ok(z) = critical_value(n_variants, level) else {
        return f64::NAN;
    };
    if required_units == 0.0 {
        return f64::NAN;
    }
    let share = (units / required_units).sqrt();
    normal_cdf(share * (z + normal_isf(1.0 - required_power)) - z)
}

fn critical_value(n_variants: usize, level: f64) -> Result<f64, Undefined> {
    if n_variants < 2 || !(level > 0.0 && level < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    let comparisons = (n_variants - 1) as f64;
    Ok(normal_isf((1.0 - level) / comparisons / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_refused() {
        let invalid = Err(Undefined::InvalidInput);
        let size =
            |variants, effect, level| sample_size(variants, effect, 1.0, (1.0, None), level, 0.8);
        assert_eq!(size(1, 0.1, 0.95), invalid);
        assert_eq!(size(2, -0.1, 0.95), invalid);
        assert_eq!(size(2, 0.1, 1.0), invalid);
        assert_eq!(bernoulli_sample_size(2, 0.1, 1.1, 0.95, 0.8), invalid);
        assert!(bernoulli_sample_size(2, 0.5, 0.9, 0.95, 0.8).is_ok_and(f64::is_nan));
    }

    #[test]
    fn the_required_sample_has_the_required_power() {
        for required in [0.5, 0.8, 0.95] {
            let power = power_from_required(3, 1000.0, 1000.0, required, 0.95);
            assert!((power - required).abs() < 1e-14, "{power}");
        }
    }
}
