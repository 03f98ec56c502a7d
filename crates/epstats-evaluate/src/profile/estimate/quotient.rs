//! A numerator over a denominator, with its gradient.

use epstats_experiment::stats::Undefined;
use epstats_experiment::{Reading, is_exposure_count};

use super::quantities::{Program, Quantities, why};

/// θ = N(m)/D(m) and ∇θ = (∇N − θ ∇D)/D at the means m of quantities.
pub(super) struct Quotient<'n> {
    quantities: Quantities<'n>,
    numerator: Part<'n>,
    /// Missing where it is the number of units, one for each.
    denominator: Option<Part<'n>>,
    /// The quantities that vary.
    slopes: Vec<Slope>,
}

struct Part<'n> {
    reading: &'n Reading<'n>,
    program: Program,
}

impl<'n> Part<'n> {
    fn compile(reading: &'n Reading<'n>, quantities: Quantities<'n>) -> Option<Self> {
        let program = Program::compile(reading, quantities)?;
        Some(Part { reading, program })
    }
}

/// A quantity that varies, with its places in the gradients of numerator and denominator.
struct Slope {
    index: usize,
    of_numerator: Option<usize>,
    of_denominator: Option<usize>,
}

/// What a quotient is at some means; its gradient is at the end of the scratch.
pub(super) struct Evaluated<'s> {
    /// The numerator.
    pub(super) numerator: f64,
    /// Numerator over denominator.
    pub(super) value: f64,
    /// Derivative by each of [`Quotient::indices`].
    pub(super) gradient: &'s [f64],
    /// Are value and gradient finite?
    pub(super) all_finite: bool,
}

impl<'n> Quotient<'n> {
    /// `None` where the statistics lack a quantity.
    pub(super) fn compile(
        numerator: &'n Reading<'n>,
        denominator: Option<&'n Reading<'n>>,
        quantities: Quantities<'n>,
        unit_type: &str,
    ) -> Option<Self> {
        let numerator = Part::compile(numerator, quantities)?;
        let denominator = match denominator {
            Some(reading) => Some(Part::compile(reading, quantities)?),
            None => None,
        };
        let above = numerator.program.indices();
        let below = denominator
            .as_ref()
            .map_or(&[][..], |part| part.program.indices());
        let only_below = below.iter().filter(|index| !above.contains(index));
        let varies = |&index: &usize| {
            let goal = quantities.goal_at(index);
            goal.is_none_or(|goal| !is_exposure_count(goal, unit_type))
        };
        let slopes = above
            .iter()
            .chain(only_below)
            .copied()
            .filter(varies)
            .map(|index| Slope {
                index,
                of_numerator: above.binary_search(&index).ok(),
                of_denominator: below.binary_search(&index).ok(),
            })
            .collect();
        Some(Quotient {
            quantities,
            numerator,
            denominator,
            slopes,
        })
    }

    /// The numbers of the quantities that vary, in the order of the gradient.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        self.slopes.iter().map(|slope| slope.index)
    }

    /// The value at some means; `scratch` is room for gradients, whatever is in it.
    pub(super) fn evaluate<'s>(&self, means: &[f64], scratch: &'s mut Vec<f64>) -> Evaluated<'s> {
        let n_above = self.numerator.program.indices().len();
        let denominator = self.denominator.as_ref();
        let n_below = denominator.map_or(0, |part| part.program.indices().len());
        scratch.clear();
        scratch.resize(n_above + n_below + self.slopes.len(), 0.0);
        let (above, rest) = scratch.split_at_mut(n_above);
        let (below, gradient) = rest.split_at_mut(n_below);
        let numerator = self.numerator.program.value_and_gradient(means, above);
        let denominator = match denominator {
            Some(part) => part.program.value_and_gradient(means, below),
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
        Evaluated {
            numerator,
            value,
            gradient,
            all_finite,
        }
    }

    /// Why there is no finite value or gradient at some means.
    pub(super) fn why(&self, means: &[f64]) -> Undefined {
        if let Some(part) = &self.denominator
            && part.program.value(means) == 0.0
        {
            return Undefined::DenominatorZero;
        }
        let reason = |part: &Part<'_>| why(part.reading, self.quantities, means);
        match (reason(&self.numerator), &self.denominator) {
            (Undefined::DenominatorZero, _) => Undefined::DenominatorZero,
            (_, Some(denominator)) => reason(denominator),
            (reason, None) => reason,
        }
    }
}
