//! Hommel's correction.

use super::step::ranked;
use super::{Adjusted, Decided, adjusted};

/// Adjusted p-values of Hommel: a hypothesis is rejected where Simes' test rejects every group of hypotheses that it belongs to.
///
/// **Controls** the probability of any false rejection. **Formula**: of all groups of s hypotheses with p₍ᵢ₎ among them, the hardest to reject has
/// the largest p-values besides. So the adjusted value is the largest over s of the Simes values min over k of (s/k) q₍ₖ₎, where q are
/// p₍ᵢ₎ and the s − 1 largest others. **Legend**: m the number of p-values that are there; missing ones (and NaN) stay missing and do not count.
/// **Assumptions**: those of [`hochberg`](crate::hochberg), and never less powerful than it. **Range**: 0 ≤ p ≤ 1.
/// **Accuracy**: rounding of a quotient and a product. **Edges**: equal p-values get equal ones. **Cost**: grows with m²; 1,000 p-values take some
/// milliseconds. **Source**: Hommel 1988; Simes 1986.
///
/// ```
/// use epstats_stats::hommel;
/// assert_eq!(hommel(&[Some(0.01), Some(0.02), Some(0.022)]), [Some(0.022), Some(0.022), Some(0.022)]);
/// ```
#[must_use]
pub fn hommel(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut result = vec![None; p_values.len()];
    for (at, _, product) in products(p_values, |p, factor| p * factor) {
        result[at] = Some(product.size);
    }
    result
}

/// [`hommel`] on logarithms of p-values, for p-values that underflow, and with the ratio for intervals.
///
/// **Accuracy**: 1e-16 · |ln p| relative in the p-value.
#[must_use]
pub fn hommel_ln(ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
    let mut result = vec![None; ln_p_values.len()];
    for (at, ln_p, product) in products(ln_p_values, |ln_p, factor| ln_p + factor.ln()) {
        let decided = Decided {
            ln_p: product.base,
            adjusted: adjusted(product.base, product.factor),
        };
        result[at] = Some(decided.seen_from(ln_p));
    }
    result
}

/// A p-value, or its logarithm, times a factor.
#[derive(Debug, Clone, Copy)]
struct Product {
    base: f64,
    factor: f64,
    size: f64,
}

impl Product {
    fn smaller(self, other: Self) -> Self {
        if other.size < self.size { other } else { self }
    }

    fn larger(self, other: Self) -> Self {
        if other.size > self.size { other } else { self }
    }
}

/// Place, value, and the product that is its adjusted value, for each value that is there.
fn products(values: &[Option<f64>], times: impl Fn(f64, f64) -> f64) -> Vec<(usize, f64, Product)> {
    let order = ranked(values);
    let sorted: Vec<f64> = order.iter().map(|(_, _, value)| *value).collect();
    let count = sorted.len();
    let product = |base: f64, factor: f64| Product {
        base,
        factor,
        size: times(base, factor),
    };
    // Groups of one: the p-values themselves.
    let mut adjusted: Vec<Product> = sorted.iter().map(|&value| product(value, 1.0)).collect();
    for size in 2..=count {
        let whole = size as f64;
        let first = count - size;
        // Simes' value of the group without its smallest: of all groups of this size the largest p-values but one are these.
        let of_others = (2..=size)
            .map(|k| product(sorted[first + k - 1], whole / k as f64))
            .reduce(Product::smaller);
        let Some(of_others) = of_others else { continue };
        for (at, adjusted) in adjusted.iter_mut().enumerate() {
            let smallest = sorted[at.min(first)];
            let simes = product(smallest, whole).smaller(of_others);
            *adjusted = adjusted.larger(simes);
        }
    }
    let places = order.iter().map(|&(_, at, value)| (at, value));
    let pairs = places.zip(adjusted);
    pairs
        .map(|((at, value), product)| (at, value, product))
        .collect()
}
