//! Skewness and kurtosis of one quantity.

use crate::Undefined;
use crate::wide::Wide;

/// Number of units, mean, and the second, third and fourth centred moments of one quantity; updated unit by unit, and merged.
///
/// **Formula**: M₂, M₃, M₄ are Σ(x − x̄)², ³, ⁴; skewness g₁ = (M₃/n)/(M₂/n)^1.5, excess kurtosis g₂ = (M₄/n)/(M₂/n)² − 3, both 0 for a normal
/// quantity. **Assumptions**: none on order or size of parts. **Accuracy**: 1e-15 relative to the size of the terms, since everything is kept in
/// twice the width of `f64`; so independent of order and of partition. **Range**: distances between values from 1e-70 to 1e75; where a
/// power leaves the range of `f64` there is no answer. **Source**: Pébay 2008, equations 3.1 and 3.2.
///
/// It costs some eight times what [`Moments`](crate::Moments) do, which keep no third and fourth moments.
///
/// ```
/// use epstats_stats::ShapeMoments;
/// let mut moments = ShapeMoments::default();
/// for value in [1.0, 2.0, 4.0, 8.0] {
///     moments.update(value);
/// }
/// assert_eq!(moments.mean(), 3.75);
/// assert_eq!(moments.skewness(), Ok(0.6568077344996993));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ShapeMoments {
    n: u64,
    mean: Wide,
    second: Wide,
    third: Wide,
    fourth: Wide,
}

impl ShapeMoments {
    /// Moments that were computed elsewhere: number, mean, and M₂, M₃, M₄.
    #[must_use]
    pub fn from_parts(n: u64, mean: f64, [second, third, fourth]: [f64; 3]) -> Self {
        if n == 0 {
            return Self::default();
        }
        Self {
            n,
            mean: mean.into(),
            second: second.into(),
            third: third.into(),
            fourth: fourth.into(),
        }
    }

    /// Adds a unit.
    pub fn update(&mut self, value: f64) {
        self.merge(&Self::from_parts(1, value, [0.0; 3]));
    }

    /// Adds the units of another part.
    pub fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        if self.n == 0 {
            *self = *other;
            return;
        }
        let n = self.n as f64 + other.n as f64;
        let (own, others) = (Wide::from(self.n as f64), Wide::from(other.n as f64));
        let apart = other.mean - self.mean;
        // The part of the distance that the mean moves, and the part that remains.
        let step = (apart * others).over(n);
        let rest = (apart * own).over(n);
        let between = apart * rest * others;
        self.fourth = self.fourth
            + other.fourth
            + between * (rest * rest - rest * step + step * step)
            + Wide::from(6.0) * (rest * rest * other.second + step * step * self.second)
            + Wide::from(4.0) * (rest * other.third - step * self.third);
        self.third = self.third
            + other.third
            + between * (rest - step)
            + Wide::from(3.0) * (rest * other.second - step * self.second);
        self.second = self.second + other.second + between;
        self.mean = self.mean + step;
        self.n = self.n.saturating_add(other.n);
    }

    /// Number of units.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Mean; 0 where there are no units, infinite where the range of `f64` was left.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let mean = self.mean.round();
        if mean.is_nan() { f64::INFINITY } else { mean }
    }

    /// Variance M₂/(n − 1).
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`], [`Undefined::TooFewUnits`] for one unit, [`Undefined::InvalidInput`] beyond the range.
    pub fn variance(&self) -> Result<f64, Undefined> {
        let second = self.spread()?;
        Ok(second / (self.n - 1) as f64)
    }

    /// Skewness g₁, above 0 for a long tail on the right.
    ///
    /// # Errors
    ///
    /// As [`variance`](Self::variance), and [`Undefined::ZeroVariance`].
    pub fn skewness(&self) -> Result<f64, Undefined> {
        let (n, second) = self.varying()?;
        finite(self.third.round() / second / (second / n).sqrt())
    }

    /// Excess kurtosis g₂, above 0 for tails heavier than the normal ones; at least −2.
    ///
    /// # Errors
    ///
    /// As [`skewness`](Self::skewness).
    pub fn excess_kurtosis(&self) -> Result<f64, Undefined> {
        let (n, second) = self.varying()?;
        finite(self.fourth.round() / second / (second / n) - 3.0)
    }

    /// Number of units and M₂, where they vary.
    fn varying(&self) -> Result<(f64, f64), Undefined> {
        let (n, second) = (self.n as f64, self.spread()?);
        if second == 0.0 {
            Err(Undefined::ZeroVariance)
        } else if second / n < SMALLEST {
            Err(Undefined::InvalidInput)
        } else {
            Ok((n, second))
        }
    }

    /// M₂ of two units or more; rounding alone could bring it below 0.
    fn spread(&self) -> Result<f64, Undefined> {
        match self.n {
            0 => Err(Undefined::NoUnits),
            1 => Err(Undefined::TooFewUnits),
            _ => finite(self.second.round()).map(|second| second.max(0.0)),
        }
    }
}

fn finite(value: f64) -> Result<f64, Undefined> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// Variance below which fourth powers have lost digits to the end of the range.
const SMALLEST: f64 = 1e-140;
