//! Sums in twice the width of `f64`: about 32 digits.
//!
//! Assumptions: round to nearest; results stay below about 1e300 (beyond, the value becomes infinite or NaN and the caller says so)
//! and products above about 1e-290 keep all their digits. Error: 2⁻¹⁰⁴ relative per operation. Source: Dekker 1971; Knuth, TAOCP 2, 4.2.2;
//! the operations are those that Joldes, Muller and Popescu 2017 prove.

use std::ops::{Add, Mul, Neg, Sub};

/// A number as the exact sum of a leading part and a remainder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Wide {
    high: f64,
    low: f64,
}

impl Wide {
    /// The exact product of two numbers.
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        Self {
            high,
            low: a.mul_add(b, -high),
        }
    }

    /// The exact difference of two numbers.
    pub(crate) fn difference(a: f64, b: f64) -> Self {
        two_sum(a, -b)
    }

    /// The nearest `f64`.
    pub(crate) fn round(self) -> f64 {
        self.high
    }

    /// The quotient by a number.
    pub(crate) fn over(self, divisor: f64) -> Self {
        let high = self.high / divisor;
        let product = Self::product(high, divisor);
        let rest = (self.high - product.high) - product.low + self.low;
        quick_two_sum(high, rest / divisor)
    }
}

impl From<f64> for Wide {
    fn from(value: f64) -> Self {
        Self {
            high: value,
            low: 0.0,
        }
    }
}

impl Add for Wide {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let high = two_sum(self.high, other.high);
        let low = two_sum(self.low, other.low);
        let sum = quick_two_sum(high.high, high.low + low.high);
        quick_two_sum(sum.high, sum.low + low.low)
    }
}

impl Sub for Wide {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Wide {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            high: -self.high,
            low: -self.low,
        }
    }
}

impl Mul for Wide {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let cross = self.high.mul_add(other.low, self.low * other.high);
        quick_two_sum(product.high, product.low + cross)
    }
}

/// The exact sum of two numbers of any sizes.
fn two_sum(a: f64, b: f64) -> Wide {
    let high = a + b;
    let of_b = high - a;
    let of_a = high - of_b;
    Wide {
        high,
        low: (a - of_a) + (b - of_b),
    }
}

/// The exact sum of two numbers, the first at least as large as the second.
fn quick_two_sum(a: f64, b: f64) -> Wide {
    let high = a + b;
    Wide {
        high,
        low: b - (high - a),
    }
}
