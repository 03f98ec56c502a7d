//! Mean and variance where only sums are known; the one place that pays for it in digits.

use crate::Undefined;

/// Mean and variance of n units from their sum and sum of squares.
///
/// **Formula**: mean s/n, variance (n q − s²)/(n(n − 1)), the difference of products computed exactly but for its last rounding.
/// **Assumptions**: q is the sum of squares *per unit*. **Range**: n ≥ 0, need not be whole. **Accuracy**: 1.5 ulp for exactly these sums;
/// but half an ulp of q itself moves the variance by [`condition`](FromSums::condition) · 1e-16 relative, see [`FromSums::precision_lost`].
/// **Edges**: n = 0 no mean; n < 2 no variance; a variance below zero means that the squares were not summed per unit.
/// **Source**: Kahan's difference of products (Jeannerod, Louvet and Muller 2013).
///
/// ```
/// let sums = epstats_stats::from_sums(1000.0, 50.0, 50.0);
/// assert_eq!(sums.mean, Ok(0.05));
/// assert_eq!(sums.variance, Ok(47.5 / 999.0));
/// ```
#[must_use]
pub fn from_sums(n: f64, sum: f64, sum_of_squares: f64) -> FromSums {
    let mean = mean(n, sum);
    let signed = signed_variance(n, sum, sum_of_squares);
    let variance = match signed {
        Ok((variance, _)) if variance < 0.0 => Err(Undefined::NegativeVariance),
        Ok((variance, _)) => Ok(variance),
        Err(reason) => Err(reason),
    };
    FromSums {
        mean,
        variance,
        signed_variance: signed.ok().map(|(variance, _)| variance),
        condition: signed.ok().map(|(_, condition)| condition),
    }
}

/// What [`from_sums`] finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FromSums {
    /// Mean per unit.
    pub mean: Result<f64, Undefined>,
    /// Variance of one unit, at least 0.
    pub variance: Result<f64, Undefined>,
    /// The variance as it comes out, also where it is below zero.
    pub signed_variance: Option<f64>,
    /// k = n q/|n q − s²|: by how much a relative error of q grows; infinite where all values are equal.
    pub condition: Option<f64>,
}

impl FromSums {
    /// Is the variance known to fewer than eight digits, whatever is computed from these sums?
    ///
    /// q carries a relative error of at least 2⁻⁵³; above a condition of 1e8 that is 1e-8 of the variance.
    #[must_use]
    pub fn precision_lost(&self) -> bool {
        self.condition
            .is_some_and(|condition| condition > 1e8 && condition.is_finite())
    }
}

fn mean(n: f64, sum: f64) -> Result<f64, Undefined> {
    if n == 0.0 {
        return Err(Undefined::NoUnits);
    }
    let mean = sum / n;
    if n > 0.0 && mean.is_finite() {
        Ok(mean)
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// Variance and condition.
fn signed_variance(n: f64, sum: f64, sum_of_squares: f64) -> Result<(f64, f64), Undefined> {
    if !(n >= 0.0 && n.is_finite() && sum.is_finite() && sum_of_squares.is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    if n < 2.0 {
        return Err(Undefined::TooFewUnits);
    }
    // Powers of two change no digit and keep the squares in range.
    let scale = power_of_two_above(sum.abs().max(sum_of_squares.abs().sqrt() * n.sqrt()));
    let sum = sum / scale;
    let squares = sum_of_squares / scale / scale;
    let squared = sum * sum;
    let rest = sum.mul_add(-sum, squared);
    let difference = n.mul_add(squares, -squared) + rest;
    let variance = difference / n / (n - 1.0) * scale * scale;
    if !variance.is_finite() {
        return Err(Undefined::InvalidInput);
    }
    let condition = if difference == 0.0 {
        f64::INFINITY
    } else {
        (n * squares / difference).abs()
    };
    Ok((variance, condition))
}

/// A power of two about as large as the number, between 2⁻⁵⁰⁰ and 2⁵⁰⁰.
fn power_of_two_above(value: f64) -> f64 {
    let exponent = libm::ilogb(value.clamp(1e-150, 1e150));
    2.0_f64.powi(exponent + 1)
}
