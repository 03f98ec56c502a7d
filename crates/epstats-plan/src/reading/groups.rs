//! Groups of units that add up to a variant.

use epstats_experiment::stats::Moments;
use epstats_experiment::{CappedUnits, Shape};

/// What one row tells of its units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) n_units: u64,
    /// Of each measured number.
    pub(super) means: Vec<f64>,
    /// Of each pair of measured numbers that is asked for.
    pub(super) comoments: Vec<f64>,
    pub(super) shapes: Vec<Shape>,
    pub(super) capped: Vec<CappedUnits>,
}

impl Group {
    /// Several groups as one; `pairs` says which numbers each co-moment is of, the smaller position first.
    ///
    /// Moments merge by centred sums (Chan, Golub and LeVeque 1983), so groups may be as small and as far apart as they like.
    pub(super) fn pooled(groups: &[&Group], pairs: &[(usize, usize)]) -> Group {
        if let [only] = groups {
            return (*only).clone();
        }
        let n_measured = groups.first().map_or(0, |group| group.means.len());
        let mut moments = Moments::new(n_measured);
        for group in groups {
            moments.merge(&group.moments(pairs));
        }
        let sum = |of: fn(&CappedUnits) -> u64, index: usize| {
            groups.iter().map(|group| of(&group.capped[index])).sum()
        };
        let n_shapes = groups.first().map_or(0, |group| group.shapes.len());
        let n_capped = groups.first().map_or(0, |group| group.capped.len());
        Group {
            n_units: moments.n(),
            means: (0..n_measured).map(|i| moments.mean(i)).collect(),
            comoments: pairs.iter().map(|&(i, j)| moments.comoment(i, j)).collect(),
            shapes: (0..n_shapes).map(|shape| shape_of(groups, shape)).collect(),
            capped: (0..n_capped)
                .map(|index| CappedUnits {
                    below: sum(|capped| capped.below, index),
                    above: sum(|capped| capped.above, index),
                })
                .collect(),
        }
    }

    /// Its moments; those of pairs that nobody asks for are zero, and merging does not mix them with the others.
    fn moments(&self, pairs: &[(usize, usize)]) -> Moments {
        let k = self.means.len();
        let mut triangle = vec![0.0; k * (k + 1) / 2];
        for (&(i, j), comoment) in pairs.iter().zip(&self.comoments) {
            // Rows 0 to i − 1 of the triangle have k, k − 1, … places.
            triangle[i * (2 * k - i + 1) / 2 + (j - i)] = *comoment;
        }
        Moments::from_parts(self.n_units, &self.means, &triangle)
    }
}

fn shape_of(groups: &[&Group], shape: usize) -> Shape {
    let n_units: u64 = groups.iter().map(|group| group.n_units).sum();
    let shapes = || groups.iter().map(|group| &group.shapes[shape]);
    let weighted = groups
        .iter()
        .map(|group| group.n_units as f64 / n_units as f64 * group.shapes[shape].mean_cube);
    Shape {
        mean_cube: weighted.sum(),
        lowest: shapes()
            .map(|shape| shape.lowest)
            .fold(f64::INFINITY, f64::min),
        highest: shapes()
            .map(|shape| shape.highest)
            .fold(f64::NEG_INFINITY, f64::max),
    }
}
