//! What evaluation asks of formulas beside their values.

use epstats_experiment::formula::{Formula, Function, Goal, Node, Operator, Part};
use epstats_experiment::stats::Undefined;
use epstats_experiment::{Metric, is_exposure_count};

/// The place of a goal among the goals of the statistics.
pub(crate) fn index_of(goals: &[Goal], goal: &Goal) -> Option<usize> {
    goals.iter().position(|known| known == goal)
}

/// Why the value of a formula is no finite number: a divisor is zero, or a number is out of range.
pub(crate) fn why_not_finite(
    formula: &Formula,
    value_of: impl Fn(&Goal) -> Option<f64>,
) -> Undefined {
    let mut zero_divisor = false;
    formula.fold(|part| match part {
        Part::Goal(goal) => value_of(goal).unwrap_or(f64::NAN),
        Part::Number(number) => number,
        Part::Operation(operator, left, right) => match operator {
            Operator::Add => left + right,
            Operator::Subtract | Operator::SubtractAddingSquares => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => {
                zero_divisor |= right == 0.0;
                left / right
            }
        },
    });
    if zero_divisor {
        Undefined::DenominatorZero
    } else {
        Undefined::InvalidInput
    }
}

/// Is the denominator the number of exposed units?
pub(crate) fn is_per_unit(metric: &Metric, unit_type: &str) -> bool {
    matches!(metric.ratio.denominator.node(), Node::Goal(goal) if is_exposure_count(goal, unit_type))
}

/// Is the variance of the formula the one of a single goal, up to a constant factor?
pub(crate) fn is_single_goal(formula: &Formula) -> bool {
    match formula.node() {
        Node::Goal(_) => true,
        Node::Number(_) => false,
        Node::Operation {
            operator,
            left,
            right,
        } => matches!(
            (operator, left.node(), right.node()),
            (
                Operator::Multiply | Operator::Divide,
                Node::Goal(_),
                Node::Number(_)
            ) | (Operator::Multiply, Node::Number(_), Node::Goal(_))
        ),
    }
}

/// Does the formula add up values, so that it counts nothing?
pub(crate) fn sums_values(formula: &Formula) -> bool {
    let goals = formula.goals();
    !goals.is_empty() && goals.iter().all(|goal| goal.function == Function::Value)
}

/// A sum that was computed as n times a mean: the whole number where it is one up to rounding.
///
/// Half an ulp each for the mean and the product move a whole number by less than two ulps.
pub(crate) fn whole_where_close(sum: f64) -> f64 {
    let whole = sum.round();
    if (sum - whole).abs() <= 2.0 * f64::EPSILON * whole.abs() {
        whole
    } else {
        sum
    }
}
