//! Exact arithmetic in a finite field, to tell whether two readings of a formula are the same function.
//!
//! Two rational functions that differ also differ at almost every point of a large field: for formulas of n
//! operations they agree by accident with a probability below n / 2^60 (Schwartz 1980, Zippel 1979). Goals are put at
//! fixed points made of their text; nothing rounds, so equal functions always agree.

use crate::formula::Operator;
use crate::goal::Goal;

/// A residue modulo 2^61 - 1, or nothing where a divisor was zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Residue(Option<u64>);

impl Residue {
    /// The point at which a goal is evaluated; equal goals have equal points.
    pub(crate) fn of_goal(goal: &Goal) -> Residue {
        // FNV-1a over the text, then the finalizer of SplitMix64 to spread the bits.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in goal.to_string().bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Residue(Some((hash ^ (hash >> 31)) % PRIME))
    }

    /// A finite number exactly: its significand times a power of two.
    pub(crate) fn of_number(number: f64) -> Residue {
        let bits = number.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let biased = (bits >> 52) & 0x7ff;
        let (significand, exponent) = match biased {
            0 => (fraction, 0),
            _ => (fraction | (1 << 52), biased - 1),
        };
        // The smallest number is 2^-1074, and 2^61 = 1 here, so 2^-1074 = 2^(61·18 - 1074) = 2^24.
        let scaled = multiply(significand, power(2, exponent + 24));
        Residue(Some(if number < 0.0 { negate(scaled) } else { scaled }))
    }

    /// `left operator right`, where `~` is minus.
    pub(crate) fn combine(operator: Operator, left: Residue, right: Residue) -> Residue {
        let (Some(left), Some(right)) = (left.0, right.0) else {
            return Residue(None);
        };
        Residue(match operator {
            Operator::Add => Some(add(left, right)),
            Operator::Subtract | Operator::SubtractAddingSquares => Some(add(left, negate(right))),
            Operator::Multiply => Some(multiply(left, right)),
            // Fermat: x^(p - 2) is the inverse of x.
            Operator::Divide => (right != 0).then(|| multiply(left, power(right, PRIME - 2))),
        })
    }
}

const PRIME: u64 = (1 << 61) - 1;

fn add(left: u64, right: u64) -> u64 {
    (left + right) % PRIME
}

fn negate(number: u64) -> u64 {
    (PRIME - number) % PRIME
}

fn multiply(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right) % u128::from(PRIME);
    u64::try_from(product).expect("a residue fits into 61 bits")
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let mut square = base;
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, square);
        }
        square = multiply(square, square);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divide(left: f64, right: f64) -> Residue {
        let (left, right) = (Residue::of_number(left), Residue::of_number(right));
        Residue::combine(Operator::Divide, left, right)
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(Residue::of_number(1.0), Residue(Some(1)));
        assert_eq!(Residue::of_number(1000.0), Residue(Some(1000)));
        assert_eq!(Residue::of_number(-2.0), Residue(Some(PRIME - 2)));
        assert_eq!(Residue::of_number(0.375), divide(3.0, 8.0));
        let root = divide(1.0, 2f64.powi(535));
        let subnormal = Residue::combine(Operator::Multiply, root, root);
        assert_eq!(Residue::of_number(2f64.powi(-1070)), subnormal);
    }

    #[test]
    fn a_quotient_times_its_divisor_is_the_dividend() {
        let product = Residue::combine(
            Operator::Multiply,
            divide(7.0, 3.0),
            Residue::of_number(3.0),
        );
        assert_eq!(product, Residue(Some(7)));
    }

    #[test]
    fn a_zero_divisor_is_undefined() {
        assert_eq!(divide(1.0, 0.0), Residue(None));
    }
}
