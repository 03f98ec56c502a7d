//! Does a single unit decide the variance?

use crate::{Moments, Undefined};

/// The unit farthest from the mean of its variant, and what the variant is without it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutlierDominance {
    /// Value of that unit.
    pub value: f64,
    /// Its place among the values; unknown where only extremes are known.
    pub index: Option<usize>,
    /// Its share of the sum of squares around the mean: (x − m)²/Σ(x − m)².
    pub share_of_squares: f64,
    /// The largest share of one unit in the sum of sizes, max |x|/Σ|x|; unknown where only extremes are known and some are below 0.
    pub share_of_sum: Option<f64>,
    /// Mean of the others.
    pub mean_without: f64,
    /// Variance of one unit of the others.
    pub variance_without: Result<f64, Undefined>,
}

impl OutlierDominance {
    /// The share of the sum of squares from which on a unit is said to dominate.
    pub const LIMIT: f64 = 0.2;

    /// Does the unit hold more than the share `limit` of the sum of squares?
    #[must_use]
    pub fn dominates(&self, limit: f64) -> bool {
        self.share_of_squares > limit
    }
}

/// The farthest unit among the values of all units of a variant.
///
/// **Estimates** how much of the variance is due to one unit; above 0.2 the result should be read without it too. **Assumptions**: none.
/// **Range**: finite values. **Accuracy**: 1e-15 relative in all fields, also where one unit is everything. **Edges**: of several equally far units the
/// first. **Source**: n − 1 times the share is the square of the statistic of Grubbs 1950.
///
/// ```
/// let found = epstats_stats::outlier_dominance(&[1.0, 2.0, 3.0, 102.0]).unwrap();
/// assert_eq!((found.value, found.index, found.mean_without), (102.0, Some(3), 2.0));
/// assert!(found.dominates(0.2));
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`], [`Undefined::TooFewUnits`] for one unit, [`Undefined::ZeroVariance`], [`Undefined::InvalidInput`].
pub fn outlier_dominance(values: &[f64]) -> Result<OutlierDominance, Undefined> {
    check_count(values.len() as f64)?;
    let largest = values
        .iter()
        .fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if !(largest.is_finite() && values.iter().all(|x| !x.is_nan())) {
        return Err(Undefined::InvalidInput);
    }
    // A power of two changes no digit and keeps the squares in range.
    let scale = 2.0_f64.powi(libm::ilogb(largest.max(f64::MIN_POSITIVE)).clamp(-1000, 1000));
    let all = moments(values.iter().map(|x| x / scale));
    let (mean, squares) = (all.mean(0), all.comoment(0, 0));
    if squares == 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let mut farthest = (0, 0.0_f64);
    for (at, x) in values.iter().enumerate() {
        let distance = (x / scale - mean).abs();
        if distance > farthest.1 {
            farthest = (at, distance);
        }
    }
    let (index, distance) = farthest;
    let without = moments(others(values, index).map(|x| x / scale));
    let sizes: f64 = values.iter().map(|x| (x / scale).abs()).sum();
    Ok(OutlierDominance {
        value: values[index],
        index: Some(index),
        share_of_squares: distance * distance / squares,
        share_of_sum: Some(largest / scale / sizes),
        mean_without: without.mean(0) * scale,
        variance_without: without
            .covariance(0, 0)
            .and_then(|variance| finite(variance * scale * scale)),
    })
}

/// What is known of the units of a variant where they are not all at hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// Number of units.
    pub n: f64,
    /// Mean of the values.
    pub mean: f64,
    /// Sum of squares around the mean.
    pub squares: f64,
    /// The smallest value.
    pub lowest: f64,
    /// The largest value.
    pub highest: f64,
}

/// [`outlier_dominance`] from moments and extremes: the farthest unit is the lowest or the highest.
///
/// **Accuracy**: that of the moments; but the variance without the unit is a difference, and loses a factor of 1/(1 − share).
///
/// # Errors
///
/// As [`outlier_dominance`]; [`Undefined::InvalidInput`] too where the numbers contradict each other.
pub fn outlier_dominance_of_extremes(extremes: &Extremes) -> Result<OutlierDominance, Undefined> {
    let Extremes {
        n,
        mean,
        squares,
        lowest,
        highest,
    } = *extremes;
    check_count(n)?;
    let ordered = lowest <= mean && mean <= highest && lowest < highest;
    if squares == 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    if !(ordered && squares > 0.0 && squares.is_finite() && (highest - lowest).is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let value = if highest - mean >= mean - lowest {
        highest
    } else {
        lowest
    };
    let distance = value - mean;
    let share = distance / squares * distance;
    // One unit of n holds at most (n − 1)/n of the squares; beyond rounding the numbers are not those of one variant.
    let most = (n - 1.0) / n;
    if share > most * (1.0 + 1e-9) {
        return Err(Undefined::InvalidInput);
    }
    // Of sizes above 0 the sum is above 0.
    let share_of_sum = (lowest >= 0.0).then(|| highest / mean / n);
    if share_of_sum.is_some_and(|share| !share.is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let rest = (1.0 - share / most).max(0.0) * squares;
    Ok(OutlierDominance {
        value,
        index: None,
        share_of_squares: share.min(most),
        share_of_sum,
        mean_without: mean - distance / (n - 1.0),
        variance_without: if n > 2.0 {
            finite(rest / (n - 2.0))
        } else {
            Err(Undefined::TooFewUnits)
        },
    })
}

fn check_count(n: f64) -> Result<(), Undefined> {
    if !(n >= 0.0 && n.is_finite()) {
        Err(Undefined::InvalidInput)
    } else if n == 0.0 {
        Err(Undefined::NoUnits)
    } else if n < 2.0 {
        Err(Undefined::TooFewUnits)
    } else {
        Ok(())
    }
}

fn moments(values: impl Iterator<Item = f64>) -> Moments {
    let mut moments = Moments::new(1);
    values.for_each(|x| moments.update(&[x]));
    moments
}

fn others(values: &[f64], index: usize) -> impl Iterator<Item = &f64> {
    let (before, from) = values.split_at(index);
    before.iter().chain(from.iter().skip(1))
}

fn finite(value: f64) -> Result<f64, Undefined> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Undefined::InvalidInput)
    }
}
