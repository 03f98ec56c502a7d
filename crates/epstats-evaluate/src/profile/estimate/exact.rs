//! The estimate from exact moments, by the gradient of the formula.

use epstats_experiment::formula::{Compiled, Goal};
use epstats_experiment::stats::{Undefined, delta_variance};
use epstats_experiment::{GoalMoments, Metric, is_exposure_count};

use super::Arm;
use crate::Value;
use crate::formulas::{index_of, is_per_unit, whole_where_close, why_not_finite};

/// θ = N(m)/D(m) with unit variance ∇θᵀ S ∇θ, ∇θ = (∇N − θ ∇D)/D.
///
/// **Legend**: m means of the goals, S their covariance matrix per unit. **Source**: Deng, Knoblich and Lu 2018.
pub(in crate::profile) struct Exact<'a> {
    metric: &'a Metric,
    goals: &'a [Goal],
    numerator: Compiled,
    /// Missing where it is the number of units, one for each.
    denominator: Option<Compiled>,
    /// The goals that vary.
    slopes: Vec<Slope>,
    /// Place of the co-moment of each two of them, by rows; missing where it was not asked for.
    places: Vec<Option<usize>>,
}

/// A goal that varies, with its places in the gradients of numerator and denominator.
struct Slope {
    index: usize,
    of_numerator: Option<usize>,
    of_denominator: Option<usize>,
}

impl<'a> Exact<'a> {
    pub(super) fn new(
        metric: &'a Metric,
        goals: &'a [Goal],
        pairs: &[(usize, usize)],
        unit_type: &str,
    ) -> Option<Self> {
        let mut index = |goal: &Goal| index_of(goals, goal);
        let numerator = metric.ratio.numerator.compile(&mut index)?;
        let denominator = if is_per_unit(metric, unit_type) {
            None
        } else {
            Some(metric.ratio.denominator.compile(&mut index)?)
        };
        let above = numerator.indices();
        let below = denominator.as_ref().map_or(&[][..], Compiled::indices);
        let only_below = below.iter().filter(|index| !above.contains(index));
        let varying = above.iter().chain(only_below).copied();
        let slopes: Vec<Slope> = varying
            .filter(|&index| !is_exposure_count(&goals[index], unit_type))
            .map(|index| Slope {
                index,
                of_numerator: above.binary_search(&index).ok(),
                of_denominator: below.binary_search(&index).ok(),
            })
            .collect();
        let mut places = Vec::with_capacity(slopes.len() * slopes.len());
        for one in &slopes {
            for other in &slopes {
                let pair = (one.index.min(other.index), one.index.max(other.index));
                places.push(pairs.binary_search(&pair).ok());
            }
        }
        Some(Exact {
            metric,
            goals,
            numerator,
            denominator,
            slopes,
            places,
        })
    }

    pub(super) fn arm(&self, moments: &GoalMoments, scratch: &mut Vec<f64>) -> Arm {
        let n = moments.n_units as f64;
        let means = &moments.means;
        let n_above = self.numerator.indices().len();
        let n_below = self.n_below();
        scratch.clear();
        scratch.resize(n_above + n_below + self.slopes.len(), 0.0);
        let (above, rest) = scratch.split_at_mut(n_above);
        let (below, gradient) = rest.split_at_mut(n_below);
        let numerator = self.numerator.value_and_gradient(means, above);
        let denominator = match &self.denominator {
            Some(denominator) => denominator.value_and_gradient(means, below),
            None => 1.0,
        };
        let value = numerator / denominator;
        let mut all_finite = value.is_finite();
        for (whole, slope) in gradient.iter_mut().zip(&self.slopes) {
            let up = slope.of_numerator.map_or(0.0, |slot| above[slot]);
            let down = slope.of_denominator.map_or(0.0, |slot| below[slot]);
            *whole = (up - value * down) / denominator;
            all_finite &= whole.is_finite();
        }
        let sum = whole_where_close(n * numerator);
        let mut arm = Arm {
            sample_size: Ok(n),
            sum: if sum.is_finite() {
                Ok(sum)
            } else {
                Err(self.why(means))
            },
            mean: Ok(value),
            unit_variance: Err(Undefined::TooFewUnits),
            precision_lost: false,
        };
        if !all_finite {
            let reason = self.why(means);
            arm.unit_variance = Err(reason);
            // A divisor of zero inside the formula can leave a value that looks like a number.
            if reason == Undefined::DenominatorZero || !value.is_finite() {
                arm.mean = Err(reason);
            }
        } else if moments.n_units > 1 {
            arm.unit_variance = self.unit_variance(moments, gradient);
        }
        arm
    }

    /// Number of goals of the denominator.
    fn n_below(&self) -> usize {
        let denominator = self.denominator.as_ref();
        denominator.map_or(0, |denominator| denominator.indices().len())
    }

    fn unit_variance(&self, moments: &GoalMoments, gradient: &[f64]) -> Value {
        let degrees = (moments.n_units - 1) as f64;
        delta_variance(gradient, |i, j| {
            self.places[i * gradient.len() + j]
                .map_or(f64::NAN, |place| moments.comoments[place] / degrees)
        })
    }

    /// Why the metric has no finite value or gradient.
    fn why(&self, means: &[f64]) -> Undefined {
        let mean = |goal: &Goal| Some(means[index_of(self.goals, goal)?]);
        let denominator = self.denominator.as_ref();
        if denominator.is_some_and(|denominator| denominator.value(means) == 0.0) {
            return Undefined::DenominatorZero;
        }
        match why_not_finite(&self.metric.ratio.numerator, mean) {
            Undefined::DenominatorZero => Undefined::DenominatorZero,
            _ => why_not_finite(&self.metric.ratio.denominator, mean),
        }
    }
}
