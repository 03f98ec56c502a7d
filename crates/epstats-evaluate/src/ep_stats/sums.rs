//! ep-stats' arithmetic of formulas over sums.

use epstats_experiment::GoalSums;
use epstats_experiment::formula::{Formula, Goal, Operator, Part};

/// A formula prepared for evaluation over the sums of goals.
///
/// **Formula**: once on the sums S, once on the sums of squares Q: x + y → (S + S, Q + Q); x − y → (S − S, Q − Q); x ~ y → (S − S, Q + Q);
/// x · y → (S S, Q Q); x / y → (S/S, Q/Q); a number k → (k, k²). What comes out for Q is no sum of squares of anything when a formula has more than one
/// goal, so the variance from it is too large or too small; ep-stats takes it for one all the same. **Edges**: as IEEE arithmetic has it.
/// **Source**: ep-stats 2.5, documentation of its aggregation.
#[derive(Debug, Clone, PartialEq)]
pub struct SumProgram {
    /// In the order of evaluation: operands before their operator.
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Goal(usize),
    Number(f64),
    Operation(Operator),
}

impl SumProgram {
    /// Prepares a formula; `None` where a goal has no place among the sums. `index_of` tells the place of each goal.
    #[must_use]
    pub fn compile(
        formula: &Formula,
        index_of: &mut dyn FnMut(&Goal) -> Option<usize>,
    ) -> Option<Self> {
        let mut steps = Vec::new();
        let mut complete = true;
        formula.fold(|part: Part<'_, ()>| match part {
            Part::Goal(goal) => match index_of(goal) {
                Some(index) => steps.push(Step::Goal(index)),
                None => complete = false,
            },
            Part::Number(number) => steps.push(Step::Number(number)),
            Part::Operation(operator, (), ()) => steps.push(Step::Operation(operator)),
        });
        complete.then_some(Self { steps })
    }

    /// The program that is the sum at one place.
    #[must_use]
    pub fn place(index: usize) -> Self {
        Self {
            steps: vec![Step::Goal(index)],
        }
    }

    /// The sum and the sum of squares of the formula.
    ///
    /// # Panics
    ///
    /// Where `goals` has no entry at a place that `index_of` gave.
    #[must_use]
    pub fn evaluate(&self, goals: &[GoalSums]) -> GoalSums {
        if let [Step::Goal(index)] = self.steps[..] {
            return goals[index];
        }
        let mut stack: Vec<GoalSums> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let value = match *step {
                Step::Goal(index) => goals[index],
                Step::Number(number) => GoalSums {
                    sum: number,
                    sum_of_squares: number * number,
                },
                Step::Operation(operator) => {
                    let right = stack.pop().unwrap_or_default();
                    let left = stack.pop().unwrap_or_default();
                    combine(operator, left, right)
                }
            };
            stack.push(value);
        }
        stack.pop().unwrap_or_default()
    }
}

fn combine(operator: Operator, left: GoalSums, right: GoalSums) -> GoalSums {
    let both = |sum: fn(f64, f64) -> f64, squares: fn(f64, f64) -> f64| GoalSums {
        sum: sum(left.sum, right.sum),
        sum_of_squares: squares(left.sum_of_squares, right.sum_of_squares),
    };
    match operator {
        Operator::Add => both(|x, y| x + y, |x, y| x + y),
        Operator::Subtract => both(|x, y| x - y, |x, y| x - y),
        Operator::SubtractAddingSquares => both(|x, y| x - y, |x, y| x + y),
        Operator::Multiply => both(|x, y| x * y, |x, y| x * y),
        Operator::Divide => both(|x, y| x / y, |x, y| x / y),
    }
}
