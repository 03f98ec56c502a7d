//! How much of the outcome each covariate explains.

use crate::Undefined;

/// Slopes of an outcome on covariates.
#[derive(Debug, Clone, PartialEq)]
pub struct Slopes {
    /// One for each covariate; 0 for those that were dropped.
    pub values: Vec<f64>,
    /// Covariates that explain nothing more, and why.
    pub dropped: Vec<DroppedCovariate>,
}

/// A covariate that was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DroppedCovariate {
    /// Which covariate, from 0.
    pub covariate: usize,
    /// [`Undefined::CovariateWithoutVariance`] or [`Undefined::SingularCovariates`].
    pub reason: Undefined,
}

impl Slopes {
    /// Slopes that are given, not estimated.
    #[must_use]
    pub fn given(values: Vec<f64>) -> Self {
        Self {
            values,
            dropped: Vec::new(),
        }
    }

    /// Solves S θ = s, S the sums of products of the covariates and s those with the outcome, by Cholesky's factors.
    ///
    /// A covariate with no sum of squares of its own, or with less than 1e-12 of it left after those before it, is dropped: that little is
    /// what rounding leaves of a covariate that follows from others.
    pub(super) fn solve(
        covariates: usize,
        product: impl Fn(usize, usize) -> f64,
        with_outcome: impl Fn(usize) -> f64,
    ) -> Result<Self, Undefined> {
        let mut dropped = Vec::new();
        let mut kept: Vec<Kept> = Vec::new();
        for covariate in 0..covariates {
            let square = product(covariate, covariate);
            let mut row: Vec<f64> = Vec::new();
            for earlier in &kept {
                let explained = dot(&row, &earlier.row);
                row.push((product(covariate, earlier.covariate) - explained) / earlier.root);
            }
            let left = square - dot(&row, &row);
            if !left.is_finite() {
                return Err(Undefined::InvalidInput);
            }
            let reason = if square <= 0.0 {
                Some(Undefined::CovariateWithoutVariance)
            } else if left < LEAST_LEFT * square {
                Some(Undefined::SingularCovariates)
            } else {
                None
            };
            if let Some(reason) = reason {
                dropped.push(DroppedCovariate { covariate, reason });
                continue;
            }
            let forward: Vec<f64> = kept.iter().map(|earlier| earlier.forward).collect();
            let root = left.sqrt();
            kept.push(Kept {
                covariate,
                forward: (with_outcome(covariate) - dot(&row, &forward)) / root,
                row,
                root,
            });
        }
        let mut values = vec![0.0; covariates];
        for at in (0..kept.len()).rev() {
            let later: f64 = kept[at + 1..]
                .iter()
                .map(|later| later.row[at] * values[later.covariate])
                .sum();
            let slope = (kept[at].forward - later) / kept[at].root;
            if !slope.is_finite() {
                return Err(Undefined::InvalidInput);
            }
            values[kept[at].covariate] = slope;
        }
        Ok(Self { values, dropped })
    }
}

/// A row of the lower factor L, with its entry of the solution of L z = s.
struct Kept {
    covariate: usize,
    /// Entries left of the diagonal.
    row: Vec<f64>,
    /// The diagonal.
    root: f64,
    forward: f64,
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Part of its own sum of squares that a covariate must keep after those before it.
const LEAST_LEFT: f64 = 1e-12;
