//! Sufficient statistics of a variant: number of units, means, and centred sums of products.

use crate::Undefined;
use crate::wide::Wide;

/// Number of units, means and co-moments of k quantities per unit; updated unit by unit, and merged.
///
/// **Formula**: mean x̄ = Σx/n; co-moment C(x, y) = Σ(x − x̄)(y − ȳ); covariance C/(n − 1). Kept as sums of d = x − s and of products of d in
/// twice the width of `f64`, s being the first unit (or the means that were given). **Assumptions**: none on order or size of parts.
/// **Accuracy**: mean and co-moments to 1e-15 relative while the spread is above 1e-14 of the distance between units and s; so independent of
/// order and of partition. **Edges**: a mean or co-moment on the way to which the range of `f64` was
/// left is infinite. **Source**: shifted data and merging as in Chan, Golub
/// and LeVeque 1983, with the compensated sums of Dekker 1971.
///
/// ```
/// use epstats_stats::Moments;
/// let mut moments = Moments::new(1);
/// for value in [1.0, 2.0, 4.0, 8.0] {
///     moments.update(&[value]);
/// }
/// assert_eq!(moments.mean(0), 3.75);
/// assert_eq!(moments.comoment(0, 0), 28.75);
/// ```
#[derive(Debug, Clone)]
pub struct Moments {
    n: u64,
    shift: Vec<f64>,
    sums: Vec<Wide>,
    /// Upper triangle by rows.
    products: Vec<Wide>,
}

impl Moments {
    /// No units yet, of `k` quantities.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self {
            n: 0,
            shift: vec![0.0; k],
            sums: vec![Wide::default(); k],
            products: vec![Wide::default(); k * (k + 1) / 2],
        }
    }

    /// Moments that were computed elsewhere; `comoments` is the upper triangle by rows: (0,0), (0,1), …, (1,1), …
    ///
    /// # Panics
    ///
    /// Where the triangle does not fit the number of means.
    #[must_use]
    pub fn from_parts(n: u64, means: &[f64], comoments: &[f64]) -> Self {
        let k = means.len();
        assert_eq!(comoments.len(), k * (k + 1) / 2, "a triangle of {k} rows");
        if n == 0 {
            return Self::new(k);
        }
        Self {
            n,
            shift: means.to_vec(),
            sums: vec![Wide::default(); k],
            products: comoments.iter().copied().map(Wide::from).collect(),
        }
    }

    /// Number of quantities.
    #[must_use]
    pub fn quantities(&self) -> usize {
        self.shift.len()
    }

    /// Number of units.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Adds a unit.
    ///
    /// # Panics
    ///
    /// Where the unit has another number of quantities.
    pub fn update(&mut self, values: &[f64]) {
        assert_eq!(values.len(), self.quantities(), "one value per quantity");
        if self.n == 0 {
            self.shift.copy_from_slice(values);
            self.n = 1;
            return;
        }
        self.n += 1;
        let mut at = 0;
        for (i, &value) in values.iter().enumerate() {
            let from_shift = Wide::difference(value, self.shift[i]);
            self.sums[i] = self.sums[i] + from_shift;
            for (&value, &shift) in values.iter().zip(&self.shift).skip(i) {
                let other = Wide::difference(value, shift);
                self.products[at] = self.products[at] + from_shift * other;
                at += 1;
            }
        }
    }

    /// Adds `count` units whose quantities are all zero.
    pub fn add_zeros(&mut self, count: u64) {
        let k = self.quantities();
        self.merge(&Self {
            n: count,
            ..Self::new(k)
        });
    }

    /// Adds the units of another part.
    ///
    /// # Panics
    ///
    /// Where the parts have different numbers of quantities.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(other.quantities(), self.quantities(), "the same quantities");
        if other.n == 0 {
            return;
        }
        if self.n == 0 {
            self.clone_from(other);
            return;
        }
        // Σ(d + m)(e + l) = Σde + mΣe + lΣd + n m l, with m and l the distances between the shifts.
        let n = Wide::from(other.n as f64);
        let mut at = 0;
        for i in 0..self.shift.len() {
            let move_i = Wide::difference(other.shift[i], self.shift[i]);
            for j in i..self.shift.len() {
                let move_j = Wide::difference(other.shift[j], self.shift[j]);
                let moved = other.products[at]
                    + move_i * other.sums[j]
                    + move_j * other.sums[i]
                    + n * move_i * move_j;
                self.products[at] = self.products[at] + moved;
                at += 1;
            }
            self.sums[i] = self.sums[i] + other.sums[i] + n * move_i;
        }
        self.n = self.n.saturating_add(other.n);
    }

    /// Mean of quantity `i`; 0 where there are no units.
    #[must_use]
    pub fn mean(&self, i: usize) -> f64 {
        if self.n == 0 {
            return 0.0;
        }
        let mean = (Wide::from(self.shift[i]) + self.sums[i].over(self.n as f64)).round();
        if mean.is_nan() { f64::INFINITY } else { mean }
    }

    /// Co-moment Σ(x − x̄)(y − ȳ) of quantities `i` and `j`; 0 where there are no units.
    #[must_use]
    pub fn comoment(&self, i: usize, j: usize) -> f64 {
        if self.n == 0 {
            return 0.0;
        }
        let centre = (self.sums[i] * self.sums[j]).over(self.n as f64);
        let comoment = (self.products[self.place(i, j)] - centre).round();
        if comoment.is_nan() {
            f64::INFINITY
        } else if i == j {
            comoment.max(0.0)
        } else {
            comoment
        }
    }

    /// Covariance C(x, y)/(n − 1) of quantities `i` and `j`; the variance for `i` = `j`.
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`], [`Undefined::TooFewUnits`] for one unit, [`Undefined::InvalidInput`] beyond the range of `f64`.
    pub fn covariance(&self, i: usize, j: usize) -> Result<f64, Undefined> {
        match self.n {
            0 => Err(Undefined::NoUnits),
            1 => Err(Undefined::TooFewUnits),
            n => {
                let covariance = self.comoment(i, j) / (n - 1) as f64;
                if covariance.is_finite() {
                    Ok(covariance)
                } else {
                    Err(Undefined::InvalidInput)
                }
            }
        }
    }

    fn place(&self, i: usize, j: usize) -> usize {
        let (row, column) = (i.min(j), i.max(j));
        row * self.quantities() - row * (row + 1) / 2 + column
    }
}
