//! Where the quantities of statistics are, by what they are.

use epstats_experiment::formula::{Compiled, Formula, Goal};
use epstats_experiment::stats::Undefined;
use epstats_experiment::{Quantity, Reading, Statistics, UnitValue};

use crate::formulas::{index_of, why_not_finite};

/// The quantities of some statistics: goals, then unit values.
#[derive(Clone, Copy)]
pub(in crate::profile) struct Quantities<'a> {
    goals: &'a [Goal],
    unit_values: &'a [UnitValue],
}

impl<'a> Quantities<'a> {
    pub(in crate::profile) fn of(statistics: &'a Statistics) -> Self {
        Quantities {
            goals: &statistics.goals,
            unit_values: &statistics.unit_values,
        }
    }

    /// How many there are.
    pub(super) fn len(self) -> usize {
        self.goals.len() + self.unit_values.len()
    }

    /// The number of a quantity, where the statistics have it.
    pub(in crate::profile) fn index(self, quantity: &Quantity) -> Option<usize> {
        match quantity {
            Quantity::Goal(goal) => self.goal(goal),
            Quantity::Value(value) => self.value(value),
        }
    }

    /// The goal with this number; none where it is that of a unit value.
    pub(super) fn goal_at(self, index: usize) -> Option<&'a Goal> {
        self.goals.get(index)
    }

    fn goal(self, goal: &Goal) -> Option<usize> {
        index_of(self.goals, goal)
    }

    fn value(self, value: &UnitValue) -> Option<usize> {
        let place = self.unit_values.iter().position(|known| known == value)?;
        Some(self.goals.len() + place)
    }

    /// The number of what a goal stands for in a reading.
    pub(in crate::profile) fn stands_for(
        self,
        reading: &Reading<'_>,
        goal: &Goal,
    ) -> Option<usize> {
        match reading {
            Reading::Replaced(_, values) => {
                let (_, value) = values.iter().find(|(known, _)| known == goal)?;
                self.value(value)
            }
            _ => self.goal(goal),
        }
    }
}

/// A part of a metric, ready to be evaluated on the means of quantities.
pub(super) enum Program {
    /// A formula.
    Formula(Compiled),
    /// One quantity as it is.
    Quantity([usize; 1]),
}

impl Program {
    /// `None` where the statistics lack a quantity.
    pub(super) fn compile(reading: &Reading<'_>, quantities: Quantities<'_>) -> Option<Self> {
        match reading {
            Reading::Goals(formula) | Reading::Replaced(formula, _) => {
                let mut index = |goal: &Goal| quantities.stands_for(reading, goal);
                formula.compile(&mut index).map(Program::Formula)
            }
            Reading::Goal(goal) => Some(Program::Quantity([quantities.goal(goal)?])),
            Reading::Value(value) => Some(Program::Quantity([quantities.value(value)?])),
        }
    }

    /// The sorted distinct numbers of the quantities that it reads.
    pub(super) fn indices(&self) -> &[usize] {
        match self {
            Program::Formula(compiled) => compiled.indices(),
            Program::Quantity(index) => index,
        }
    }

    /// The value at some means.
    pub(super) fn value(&self, means: &[f64]) -> f64 {
        match self {
            Program::Formula(compiled) => compiled.value(means),
            Program::Quantity([index]) => means[*index],
        }
    }

    /// The value at some means, and its derivative by each of [`indices`](Self::indices).
    pub(super) fn value_and_gradient(&self, means: &[f64], gradient: &mut [f64]) -> f64 {
        match self {
            Program::Formula(compiled) => compiled.value_and_gradient(means, gradient),
            Program::Quantity([index]) => {
                gradient[0] = 1.0;
                means[*index]
            }
        }
    }
}

/// Why a part of a metric is no finite number at some means.
pub(super) fn why(reading: &Reading<'_>, quantities: Quantities<'_>, means: &[f64]) -> Undefined {
    let of = |formula: &Formula| {
        why_not_finite(formula, |goal| {
            Some(means[quantities.stands_for(reading, goal)?])
        })
    };
    match reading {
        Reading::Goals(formula) | Reading::Replaced(formula, _) => of(formula),
        Reading::Goal(_) | Reading::Value(_) => Undefined::InvalidInput,
    }
}
