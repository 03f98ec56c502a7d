//! Evaluation of a formula and its exact gradient.

use crate::formula::{Formula, Node, Operator, Part};
use crate::goal::Goal;

/// A formula ready for evaluation over vectors of goal means.
///
/// Values and gradients are undefined (infinite or NaN) where a divisor is zero; nothing is masked. The gradient is
/// exact up to rounding: it comes from one sweep back through the operations (reverse mode), about as fast as
/// the value itself. Formulas of up to 64 goals, numbers and operations are evaluated on the stack; longer ones
/// allocate once per call.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// Both sides of an operation come before it; the last step is the whole.
    steps: Vec<Step>,
    indices: Vec<usize>,
}

impl Compiled {
    /// The sorted distinct indices of the means it reads.
    #[must_use]
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The value at the means of the goals.
    ///
    /// # Panics
    /// If `means` is too short for the indices.
    #[must_use]
    pub fn value(&self, means: &[f64]) -> f64 {
        self.with_space(|values, _| self.evaluate(means, values))
    }

    /// The value at the means of the goals, and its derivative by each mean it reads.
    ///
    /// `gradient[k]` becomes the derivative by `means[indices()[k]]`.
    ///
    /// # Panics
    /// If `means` is too short for the indices, or `gradient` is not as long as the indices.
    pub fn value_and_gradient(&self, means: &[f64], gradient: &mut [f64]) -> f64 {
        assert_eq!(
            gradient.len(),
            self.indices.len(),
            "the gradient has one entry for each index"
        );
        if let [Step::Mean { index, .. }] = self.steps[..] {
            gradient[0] = 1.0;
            return means[index];
        }
        self.with_space(|values, adjoints| {
            let value = self.evaluate(means, values);
            self.differentiate(values, adjoints, gradient);
            value
        })
    }

    pub(crate) fn new(
        formula: &Formula,
        index_of: &mut dyn FnMut(&Goal) -> Option<usize>,
    ) -> Option<Compiled> {
        if let Node::Goal(goal) = formula.node() {
            let index = index_of(goal)?;
            return Some(Compiled {
                steps: vec![Step::Mean { index, slot: 0 }],
                indices: vec![index],
            });
        }
        let mut steps = Vec::new();
        let mut indices = Vec::new();
        let whole = formula.fold(|part| {
            steps.push(match part {
                Part::Goal(goal) => {
                    let index = index_of(goal)?;
                    indices.push(index);
                    Step::Mean { index, slot: 0 }
                }
                Part::Number(number) => Step::Number(number),
                Part::Operation(operator, left, right) => Step::Operation {
                    operator,
                    left: left?,
                    right: right?,
                },
            });
            Some(steps.len() - 1)
        });
        whole?;
        indices.sort_unstable();
        indices.dedup();
        for step in &mut steps {
            if let Step::Mean { index, slot } = step {
                *slot = indices.binary_search(index).ok()?;
            }
        }
        Some(Compiled { steps, indices })
    }

    /// Fills in the value of every step and returns that of the whole.
    fn evaluate(&self, means: &[f64], values: &mut [f64]) -> f64 {
        for (position, step) in self.steps.iter().enumerate() {
            values[position] = match *step {
                Step::Mean { index, .. } => means[index],
                Step::Number(number) => number,
                Step::Operation {
                    operator,
                    left,
                    right,
                } => apply(operator, values[left], values[right]),
            };
        }
        values[self.steps.len() - 1]
    }

    /// Sums into the gradient what each mean does to the whole; an adjoint is the derivative of the whole by a step.
    fn differentiate(&self, values: &[f64], adjoints: &mut [f64], gradient: &mut [f64]) {
        gradient.fill(0.0);
        adjoints[self.steps.len() - 1] = 1.0;
        for (position, step) in self.steps.iter().enumerate().rev() {
            let adjoint = adjoints[position];
            match *step {
                Step::Mean { slot, .. } => gradient[slot] += adjoint,
                Step::Number(_) => {}
                Step::Operation {
                    operator,
                    left,
                    right,
                } => {
                    let (by_left, by_right) = match operator {
                        Operator::Add => (adjoint, adjoint),
                        Operator::Subtract | Operator::SubtractAddingSquares => (adjoint, -adjoint),
                        Operator::Multiply => (adjoint * values[right], adjoint * values[left]),
                        Operator::Divide => (
                            adjoint / values[right],
                            -adjoint * (values[position] / values[right]),
                        ),
                    };
                    adjoints[left] = by_left;
                    adjoints[right] = by_right;
                }
            }
        }
    }

    /// Lends room for a value and an adjoint of every step.
    fn with_space<T>(&self, work: impl FnOnce(&mut [f64], &mut [f64]) -> T) -> T {
        let n_steps = self.steps.len();
        if n_steps <= STEPS_ON_STACK {
            work(&mut [0.0; STEPS_ON_STACK], &mut [0.0; STEPS_ON_STACK])
        } else {
            work(&mut vec![0.0; n_steps], &mut vec![0.0; n_steps])
        }
    }
}

/// Two arrays of this many numbers take one kibibyte.
const STEPS_ON_STACK: usize = 64;

/// One operation of a calculator that remembers every result.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// Reads a mean; its derivative goes to the slot of the gradient.
    Mean {
        index: usize,
        slot: usize,
    },
    Number(f64),
    /// Combines the results of two earlier steps.
    Operation {
        operator: Operator,
        left: usize,
        right: usize,
    },
}

fn apply(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Add => left + right,
        Operator::Subtract | Operator::SubtractAddingSquares => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
    }
}
