//! Equivalence: the difference lies within given limits.

use super::pivot::Pivot;
use crate::{
    AbsoluteEffect, Alternative, Comparison, Estimate, Interval, Undefined, absolute_effect,
};

/// Two one-sided tests that the difference lies between two limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// Statistic against the lower limit.
    pub statistic_lower: f64,
    /// Probability of at least this statistic at the lower limit.
    pub p_value_lower: f64,
    /// Statistic against the upper limit.
    pub statistic_upper: f64,
    /// Probability of at most this statistic at the upper limit.
    pub p_value_upper: f64,
    /// The larger of the two: equivalent where it is below alpha.
    pub p_value: f64,
    /// Degrees of freedom of both.
    pub degrees_of_freedom: f64,
    /// The interval with error 2 alpha, which lies within the limits exactly where both tests reject.
    pub interval: Interval,
}

/// Equivalence within `limits` by two one-sided tests.
///
/// **Formula**: p_lo = P(T_f > (d − lo)/e), p_hi = P(T_f > (hi − d)/e), p = max, with d, e, f of [`absolute_effect`](crate::absolute_effect).
/// **Range**: lo < hi. **Assumptions, accuracy**: as there. **Source**: Schuirmann 1987.
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect); [`Undefined::InvalidInput`] for limits in the wrong order.
pub fn equivalence(
    variants: &Comparison<Estimate>,
    limits: Interval,
    alpha: f64,
) -> Result<Equivalence, Undefined> {
    absolute_effect(variants, Alternative::TwoSided)?.equivalence(limits, alpha)
}

impl AbsoluteEffect {
    /// [`equivalence`] for an effect that was estimated in any way.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for limits in the wrong order.
    pub fn equivalence(&self, limits: Interval, alpha: f64) -> Result<Equivalence, Undefined> {
        let ordered = limits.lower < limits.upper;
        if !ordered {
            return Err(Undefined::InvalidInput);
        }
        let df = self.degrees_of_freedom;
        let above = (self.estimate - limits.lower) / self.standard_error;
        let below = (self.estimate - limits.upper) / self.standard_error;
        let lower = Pivot::student_t(above, df, Alternative::Greater)?;
        let upper = Pivot::student_t(below, df, Alternative::Less)?;
        Ok(Equivalence {
            statistic_lower: above,
            p_value_lower: lower.p_value,
            statistic_upper: below,
            p_value_upper: upper.p_value,
            p_value: lower.p_value.max(upper.p_value),
            degrees_of_freedom: df,
            interval: Self {
                alternative: Alternative::TwoSided,
                ..*self
            }
            .interval(2.0 * alpha),
        })
    }
}
