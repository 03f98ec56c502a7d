//! Are the p-values of experiments without an effect uniform?

use crate::distribution::{anderson_darling_sf, kolmogorov_sf};
use crate::{OrderStatistics, Undefined};

/// Two tests that p-values are uniform between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniformity {
    /// Kolmogorov's D: largest distance between their distribution function and the diagonal.
    pub distance: f64,
    /// Probability of at least this distance for uniform values.
    pub distance_p_value: f64,
    /// Anderson and Darling's A², which weighs the ends more.
    pub anderson_darling: f64,
    /// Probability of at least this A² for many uniform values.
    pub anderson_darling_p_value: f64,
}

/// Tests that p-values are uniform, as they are where there is no effect and the method holds.
///
/// **Formula**: D = max(i/n − p₍ᵢ₎, p₍ᵢ₎ − (i − 1)/n), its probability exact; A² = −n − 1/n Σ (2i − 1)(ln p₍ᵢ₎ + ln(1 − p₍ₙ₊₁₋ᵢ₎)), its
/// probability that of the limit law. **Assumptions**: independent experiments. **Range**: p in [0, 1]; for A² clipped to [1e-300, 1 − 2⁻⁵³].
/// **Accuracy**: 1e-13 relative, and the limit law as [`anderson_darling_sf`]. **Source**: Kolmogorov 1933; Anderson and Darling 1954.
///
/// ```
/// let p_values: Vec<f64> = (0..100).map(|i| (f64::from(i) + 0.5) / 100.0).collect();
/// let found = epstats_stats::uniformity(&p_values).unwrap();
/// assert!((found.distance - 0.005).abs() < 1e-15 && found.distance_p_value > 0.999_999);
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`] without p-values; [`Undefined::InvalidInput`] for one outside [0, 1].
pub fn uniformity(p_values: &[f64]) -> Result<Uniformity, Undefined> {
    let sorted = OrderStatistics::of(p_values.to_vec())?;
    let sorted = sorted.values();
    let outside = |p: &f64| !(0.0..=1.0).contains(p);
    let count = u32::try_from(sorted.len());
    let Ok(count) = count else {
        return Err(Undefined::InvalidInput);
    };
    if sorted.iter().any(outside) {
        return Err(Undefined::InvalidInput);
    }
    let n = f64::from(count);
    let (mut distance, mut sum) = (0.0_f64, 0.0);
    for (at, &p) in sorted.iter().enumerate() {
        let place = at as f64;
        distance = distance.max((place + 1.0) / n - p).max(p - place / n);
        let mirrored = sorted[sorted.len() - 1 - at];
        sum += (2.0 * place + 1.0) * (clipped(p).ln() + (-clipped(mirrored)).ln_1p());
    }
    let anderson_darling = -n - sum / n;
    Ok(Uniformity {
        distance,
        distance_p_value: kolmogorov_sf(distance, count),
        anderson_darling,
        anderson_darling_p_value: anderson_darling_sf(anderson_darling),
    })
}

/// A p-value with finite logarithms on both sides.
fn clipped(p: f64) -> f64 {
    p.clamp(1e-300, 1.0 - 0.5 * f64::EPSILON)
}
