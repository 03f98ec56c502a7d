//! The estimate from exact moments, by the gradient of the formula.

use epstats_experiment::GoalMoments;
use epstats_experiment::stats::{Undefined, delta_variance};

use super::Arm;
use super::quotient::Quotient;
use crate::Value;
use crate::formulas::whole_where_close;

/// θ with unit variance ∇θᵀ S ∇θ.
///
/// **Legend**: S covariance matrix of the quantities per unit. **Source**: Deng, Knoblich and Lu 2018.
pub(in crate::profile) struct Exact<'n> {
    quotient: Quotient<'n>,
    /// Place of the co-moment of each two quantities of the gradient, by rows; missing where it was not asked for.
    places: Vec<Option<usize>>,
}

impl<'n> Exact<'n> {
    pub(super) fn new(quotient: Quotient<'n>, pairs: &[(usize, usize)]) -> Self {
        let indices: Vec<usize> = quotient.indices().collect();
        let places = places(&indices, pairs);
        Exact { quotient, places }
    }

    pub(super) fn arm(&self, moments: &GoalMoments, scratch: &mut Vec<f64>) -> Arm {
        let n = moments.n_units as f64;
        let means = &moments.means;
        let found = self.quotient.evaluate(means, scratch);
        let sum = whole_where_close(n * found.numerator);
        let mut arm = Arm {
            sample_size: Ok(n),
            sum: if sum.is_finite() {
                Ok(sum)
            } else {
                Err(self.quotient.why(means))
            },
            mean: Ok(found.value),
            unit_variance: Err(Undefined::TooFewUnits),
            precision_lost: false,
        };
        if !found.all_finite {
            let reason = self.quotient.why(means);
            arm.unit_variance = Err(reason);
            // A divisor of zero inside the formula can leave a value that looks like a number.
            if reason == Undefined::DenominatorZero || !found.value.is_finite() {
                arm.mean = Err(reason);
            }
        } else if moments.n_units > 1 {
            arm.unit_variance = self.unit_variance(moments, found.gradient);
        }
        arm
    }

    fn unit_variance(&self, moments: &GoalMoments, gradient: &[f64]) -> Value {
        let degrees = (moments.n_units - 1) as f64;
        delta_variance(gradient, |i, j| {
            self.places[i * gradient.len() + j]
                .map_or(f64::NAN, |place| moments.comoments[place] / degrees)
        })
    }
}

/// Place of the co-moment of each two quantities, by rows; missing where it was not asked for.
pub(super) fn places(indices: &[usize], pairs: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut places = Vec::with_capacity(indices.len() * indices.len());
    for one in indices {
        for other in indices {
            let pair = (*one.min(other), *one.max(other));
            places.push(pairs.binary_search(&pair).ok());
        }
    }
    places
}
