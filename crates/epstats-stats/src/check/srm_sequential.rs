//! Sample ratio mismatch that may be looked at as often as one likes.

use crate::Undefined;
use crate::special::{stirling_remainder, x_minus_ln_1p};

/// How units should be split, and how far from it the alternative is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequentialSrmDesign<'a> {
    /// Designed weight of each variant; a weight of 0 leaves a variant out.
    pub weights: &'a [f64],
    /// Concentration c of the shares under the alternative around the designed ones; above 0. A share θ is off by about √(θ(1 − θ)/c) there, so a
    /// large c finds small mismatches sooner and large ones later.
    pub concentration: f64,
}

impl SequentialSrmDesign<'_> {
    /// The concentration where nobody says otherwise.
    pub const CONCENTRATION: f64 = 100.0;
}

/// The evidence of a mismatch at one look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequentialSrm {
    /// Logarithm of the e-value: how many times likelier the counts are under the alternative than as designed.
    pub ln_e: f64,
    /// The p-value min(1, 1/e), valid at every look; in a path the smallest so far.
    pub p_value: f64,
    /// Its natural logarithm, which does not underflow.
    pub ln_p_value: f64,
}

/// Test that units are split as designed, valid at any number of looks.
///
/// **Formula**: under the alternative the shares are Dirichlet(c θ), so ln e = lnB(c θ + O) − lnB(c θ) − Σ O ln θ; p = min(1, 1/e). Where units are
/// split as designed, p falls below alpha at *any* look with probability alpha at most. **Legend**: O units of a variant so far, θ = w/Σw its designed
/// share, B the multivariate beta function. **Assumptions**: units are assigned independently; c is chosen before the data are seen.
/// **Range**: counts and weights ≥ 0, finite. **Accuracy**: 1e-12 in ln e for 1e7 units, 3e-11 for 3e8, of which most is the rounding of the shares: with
/// x = c θ + O, X = Σx and v = X θ/x − 1 it is formed as Σ x (v − ln(1 + v)) − ½ Σ ln(x/(c θ)) + ½ ln(X/c) and a difference of small remainders of
/// Stirling's formula, so that nothing of the size of lnB(c θ + O) is there to cancel. **Edges**: no units, or one variant: e is 1.
/// **Source**: Lindon and Malek 2022 (arXiv:2011.03567).
///
/// ```
/// use epstats_stats::{SequentialSrmDesign, sequential_srm};
/// let design = SequentialSrmDesign { weights: &[1.0, 1.0], concentration: 100.0 };
/// assert_eq!(sequential_srm(&[0.0, 0.0], &design).unwrap().ln_e, 0.0);
/// let srm = sequential_srm(&[5300.0, 4700.0], &design).unwrap();
/// assert!((srm.p_value - 1.811370910134051e-7).abs() < 1e-19);
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`] for lists of different lengths, negative numbers, no weight above 0, or a concentration that is not above 0.
pub fn sequential_srm(
    counts: &[f64],
    design: &SequentialSrmDesign<'_>,
) -> Result<SequentialSrm, Undefined> {
    let ln_e = ln_e_value(counts, design)?;
    let ln_p_value = (-ln_e).min(0.0);
    Ok(SequentialSrm {
        ln_e,
        p_value: ln_p_value.exp(),
        ln_p_value,
    })
}

/// [`sequential_srm`] at every look, from the units that came since the look before; p-values are the smallest so far.
///
/// # Errors
///
/// As [`sequential_srm`].
pub fn sequential_srm_path(
    increments: &[Vec<f64>],
    design: &SequentialSrmDesign<'_>,
) -> Result<Vec<SequentialSrm>, Undefined> {
    let mut counts = vec![0.0; design.weights.len()];
    let mut smallest = 0.0_f64;
    let mut looks = Vec::with_capacity(increments.len());
    for increment in increments {
        if increment.len() != counts.len() {
            return Err(Undefined::InvalidInput);
        }
        for (count, &more) in counts.iter_mut().zip(increment) {
            if more.is_nan() || more < 0.0 {
                return Err(Undefined::InvalidInput);
            }
            *count += more;
        }
        let look = sequential_srm(&counts, design)?;
        smallest = smallest.min(look.ln_p_value);
        looks.push(SequentialSrm {
            p_value: smallest.exp(),
            ln_p_value: smallest,
            ..look
        });
    }
    Ok(looks)
}

fn ln_e_value(counts: &[f64], design: &SequentialSrmDesign<'_>) -> Result<f64, Undefined> {
    let in_range = |values: &[f64]| values.iter().all(|&v| v >= 0.0 && v.is_finite());
    let weights = design.weights;
    if counts.len() != weights.len() || !in_range(counts) || !in_range(weights) {
        return Err(Undefined::InvalidInput);
    }
    let designed: Vec<(f64, f64)> = counts
        .iter()
        .zip(weights)
        .filter(|(_, weight)| **weight > 0.0)
        .map(|(count, weight)| (*count, *weight))
        .collect();
    let units: f64 = designed.iter().map(|(count, _)| count).sum();
    let weight: f64 = designed.iter().map(|(_, weight)| weight).sum();
    let prior = design.concentration;
    let positive = |value: f64| value > 0.0 && value.is_finite();
    if !(positive(weight) && positive(prior) && (prior + units).is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let posterior = prior + units;
    let mut ln_e = 0.5 * (posterior / prior).ln()
        - (stirling_remainder(posterior) - stirling_remainder(prior));
    for (count, own) in designed {
        let share = own / weight;
        let before = prior * share;
        let after = before + count;
        if !positive(before) {
            return Err(Undefined::InvalidInput);
        }
        let excess = (units * share - count) / after;
        let away = x_minus_ln_1p(excess, posterior * share / after);
        ln_e += after * away - 0.5 * (after / before).ln();
        ln_e += stirling_remainder(after) - stirling_remainder(before);
    }
    if ln_e.is_finite() {
        Ok(ln_e)
    } else {
        Err(Undefined::InvalidInput)
    }
}
