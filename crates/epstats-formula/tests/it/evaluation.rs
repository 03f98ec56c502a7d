//! Values and gradients, against arithmetic of twice the digits.

use epstats_formula::{Compiled, Formula, Goal, Operator, Part};
use proptest::prelude::*;

use crate::support::{any_operator, config, formula, with_goals};

fn compile(formula: &Formula) -> Compiled {
    formula.compile(&mut place).unwrap()
}

/// Goal `a` stands at 0, `b` at 1 and so on.
fn place(goal: &Goal) -> Option<usize> {
    Some(usize::from(goal.name.as_bytes()[0] - b'a'))
}

fn check(text: &str, means: &[f64], value: f64, gradient: &[f64]) {
    let compiled = compile(&formula(&with_goals(text)));
    let mut found = vec![f64::NAN; compiled.indices().len()];
    assert_eq!(
        compiled.value_and_gradient(means, &mut found),
        value,
        "{text}"
    );
    assert_eq!(compiled.value(means), value, "{text}");
    assert_eq!(found, gradient, "{text}");
}

#[test]
fn values_and_gradients_of_simple_formulas_are_exact() {
    check("a", &[3.0], 3.0, &[1.0]);
    check("a + b", &[3.0, 4.0], 7.0, &[1.0, 1.0]);
    check("a - b", &[3.0, 4.0], -1.0, &[1.0, -1.0]);
    check("a ~ b", &[3.0, 4.0], -1.0, &[1.0, -1.0]);
    check("a * b", &[3.0, 4.0], 12.0, &[4.0, 3.0]);
    check("a / b", &[3.0, 4.0], 0.75, &[0.25, -0.1875]);
    check("a * a * a", &[2.0], 8.0, &[12.0]);
    check("a / a", &[2.0], 1.0, &[0.0]);
    check("a * 1000 - 5", &[2.0], 1995.0, &[1000.0]);
    check("(a - b) / (a + b)", &[3.0, 1.0], 0.5, &[0.125, -0.375]);
}

#[test]
fn only_the_means_that_a_formula_reads_have_a_slope() {
    let compiled = compile(&formula(&with_goals("e / b + e")));
    assert_eq!(compiled.indices(), [1, 4]);
    let mut gradient = [0.0; 2];
    let means = [f64::NAN, 2.0, f64::NAN, f64::NAN, 6.0];
    assert_eq!(compiled.value_and_gradient(&means, &mut gradient), 9.0);
    assert_eq!(gradient, [-1.5, 1.5]);
}

#[test]
fn goals_in_one_place_share_one_slope() {
    let sum = formula(&with_goals("a + b * 2"));
    let compiled = sum.compile(&mut |_| Some(7)).unwrap();
    let mut gradient = [0.0];
    compiled.value_and_gradient(&[1.0; 8], &mut gradient);
    assert_eq!((compiled.indices(), gradient), (&[7][..], [3.0]));
}

#[test]
fn a_formula_with_a_goal_that_has_no_place_does_not_compile() {
    let sum = formula(&with_goals("a + b"));
    assert_eq!(
        sum.compile(&mut |goal| place(goal).filter(|&at| at == 0)),
        None
    );
}

#[test]
fn a_zero_divisor_is_not_masked() {
    let compiled = compile(&formula(&with_goals("a / b")));
    assert_eq!(compiled.value(&[1.0, 0.0]), f64::INFINITY);
    assert!(compiled.value(&[0.0, 0.0]).is_nan());
}

#[test]
fn a_chain_of_thousands_of_terms_is_evaluated() {
    let text = with_goals(&vec!["a"; 600].join("+"));
    let mut gradient = [0.0];
    assert_eq!(
        compile(&formula(&text)).value_and_gradient(&[0.5], &mut gradient),
        300.0
    );
    assert_eq!(gradient, [600.0]);
}

/// A number as the sum of two doubles, about 32 digits (Dekker 1971; Knuth, TAOCP 2, 4.2.2).
#[derive(Debug, Clone, Copy)]
struct Double(f64, f64);

impl Double {
    fn sum(a: f64, b: f64) -> Double {
        let sum = a + b;
        let from_b = sum - a;
        Double(sum, (a - (sum - from_b)) + (b - from_b))
    }

    fn product(a: f64, b: f64) -> Double {
        let product = a * b;
        Double(product, a.mul_add(b, -product))
    }

    fn add(self, other: Double) -> Double {
        let (high, low) = (Double::sum(self.0, other.0), Double::sum(self.1, other.1));
        let middle = Double::sum(high.0, high.1 + low.0);
        Double::sum(middle.0, middle.1 + low.1)
    }

    fn negate(self) -> Double {
        Double(-self.0, -self.1)
    }

    fn multiply(self, other: Double) -> Double {
        let Double(high, low) = Double::product(self.0, other.0);
        Double::sum(high, low + (self.0 * other.1 + self.1 * other.0))
    }

    /// Long division: three digits of base 2^53.
    fn divide(self, other: Double) -> Double {
        let first = self.0 / other.0;
        let rest = self.add(other.multiply(Double(first, 0.0)).negate());
        let second = rest.0 / other.0;
        let rest = rest.add(other.multiply(Double(second, 0.0)).negate());
        Double::sum(first, second).add(Double(rest.0 / other.0, 0.0))
    }
}

fn precise(formula: &Formula, means: &[Double]) -> Double {
    formula.fold(|part: Part<'_, Double>| match part {
        Part::Goal(goal) => means[place(goal).unwrap()],
        Part::Number(number) => Double(number, 0.0),
        Part::Operation(operator, left, right) => match operator {
            Operator::Add => left.add(right),
            Operator::Subtract | Operator::SubtractAddingSquares => left.add(right.negate()),
            Operator::Multiply => left.multiply(right),
            Operator::Divide => left.divide(right),
        },
    })
}

/// Sizes of a value and of its slope by one mean, had every term the same sign: what rounding errors scale with.
#[derive(Debug, Clone, Copy)]
struct Size {
    value: f64,
    slope: f64,
    exact: f64,
}

/// `None` if a divisor is so close to zero, against its terms, that its rounding error is magnified.
fn size(formula: &Formula, means: &[f64], by: usize) -> Option<Size> {
    formula.fold(|part: Part<'_, Option<Size>>| match part {
        Part::Goal(goal) => {
            let index = place(goal).unwrap();
            Some(Size {
                value: means[index],
                slope: f64::from(u8::from(index == by)),
                exact: means[index],
            })
        }
        Part::Number(number) => Some(Size {
            value: number.abs(),
            slope: 0.0,
            exact: number,
        }),
        Part::Operation(operator, left, right) => {
            let (left, right) = (left?, right?);
            let (sum, slopes) = (left.value + right.value, left.slope + right.slope);
            match operator {
                Operator::Add => Some(Size {
                    value: sum,
                    slope: slopes,
                    exact: left.exact + right.exact,
                }),
                Operator::Subtract | Operator::SubtractAddingSquares => Some(Size {
                    value: sum,
                    slope: slopes,
                    exact: left.exact - right.exact,
                }),
                Operator::Multiply => Some(Size {
                    value: left.value * right.value,
                    slope: left.slope * right.value + left.value * right.slope,
                    exact: left.exact * right.exact,
                }),
                Operator::Divide => {
                    let divisor = right.exact.abs();
                    let magnified = right.value / divisor;
                    (magnified < 100.0).then(|| Size {
                        value: left.value / divisor * magnified,
                        slope: (left.slope + left.value * right.slope / divisor) / divisor
                            * magnified
                            * magnified,
                        exact: left.exact / right.exact,
                    })
                }
            }
        }
    })
}

fn n_steps(formula: &Formula) -> f64 {
    formula.fold(|part| match part {
        Part::Goal(_) | Part::Number(_) => 1.0,
        Part::Operation(_, left, right) => left + right + 1.0,
    })
}

fn any_small_formula() -> impl Strategy<Value = Formula> {
    let letters = prop::sample::select(&["a", "b", "c", "d"]);
    let leaf = prop_oneof![
        4 => letters.prop_map(|letter| formula(&with_goals(letter))),
        1 => (1..2000_i32).prop_map(|number| Formula::number(f64::from(number) / 64.0)),
    ];
    leaf.prop_recursive(8, 16, 2, |side| {
        (any_operator(), side.clone(), side)
            .prop_map(|(operator, left, right)| Formula::operation(operator, left, right))
    })
}

proptest! {
    #![proptest_config(config(2000))]

    /// The referee is a central difference in arithmetic of 32 digits with a step of 2^-40, about 1e-12: its own
    /// error is some 1e-24 of the third derivative and 1e-32 / 1e-12 = 1e-20 of the value. What is left of
    /// the tolerance covers the rounding of the gradient under test: one unit of 2^-53 for each step, which acts
    /// at most four times on a slope, against the sizes without cancellation.
    #[test]
    fn gradients_agree_with_finite_differences_of_32_digits(
        formula in any_small_formula(),
        means in prop::array::uniform4(0.25..4.0_f64),
    ) {
        let compiled = compile(&formula);
        let mut gradient = vec![0.0; compiled.indices().len()];
        let value = compiled.value_and_gradient(&means, &mut gradient);
        let step = 2f64.powi(-40);
        let unit = 4.0 * n_steps(&formula) * 2f64.powi(-53);
        for (slope, &index) in gradient.iter().zip(compiled.indices()) {
            let Some(size) = size(&formula, &means, index) else {
                continue;
            };
            let shifted = |shift: f64| {
                let mut shifted = means.map(|mean| Double(mean, 0.0));
                shifted[index] = Double::sum(means[index], shift);
                precise(&formula, &shifted)
            };
            let difference = shifted(step).add(shifted(-step).negate());
            let expected = difference.divide(Double(2.0 * step, 0.0)).0;
            prop_assert!((slope - expected).abs() <= unit * size.slope, "{slope} for {expected} in {formula}");
            prop_assert!((value - shifted(0.0).0).abs() <= unit * size.value, "{value} in {formula}");
        }
    }
}
