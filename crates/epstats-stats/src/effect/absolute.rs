//! The absolute effect: treatment minus control.

use super::pivot::{Errors, Pivot, difference, limits, quantile, tails};
use crate::distribution::StudentTQuantile;
use crate::{Alternative, Comparison, EffectEstimate, Estimate, Interval, Undefined};

/// Welch's test of the difference of two estimates.
///
/// **Estimates** d = m_t − m_c. **Formula**: e = √(v_c/n_c + v_t/n_t), T = d/e with
/// f = (v_c/n_c + v_t/n_t)²/((v_c/n_c)²/(n_c − 1) + (v_t/n_t)²/(n_t − 1)) degrees of freedom, a fraction; p = 2 P(T_f > |T|) or one tail.
/// **Legend**: m value, v unit variance, n units, c control, t treatment. **Assumptions**: independent units, estimates nearly normal.
/// **Range**: any finite value, v ≥ 0, n ≥ 2; one variance may be 0. **Accuracy**: 1e-13 relative in p down to 1e-300, its logarithm beyond.
/// **Source**: Welch 1947.
///
/// # Errors
///
/// [`Undefined::TooFewUnits`], [`Undefined::ZeroVariance`] (both variances 0, even if d = 0), [`Undefined::NegativeVariance`],
/// [`Undefined::InvalidInput`].
pub fn absolute_effect(
    variants: &Comparison<Estimate>,
    alternative: Alternative,
) -> Result<AbsoluteEffect, Undefined> {
    let errors = Errors::of(variants)?;
    let estimate = difference(variants.treatment.value, variants.control.value)?;
    AbsoluteEffect::new(
        estimate,
        errors.of_difference(),
        errors.degrees_of_freedom(),
        alternative,
    )
}

/// Difference of treatment and control with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteEffect {
    /// Treatment minus control.
    pub estimate: f64,
    /// Standard error of the estimate, above 0.
    pub standard_error: f64,
    /// Degrees of freedom of the reference distribution; infinite for the normal one.
    pub degrees_of_freedom: f64,
    /// Estimate over standard error.
    pub statistic: f64,
    /// Probability of a statistic at least as far out without any effect.
    pub p_value: f64,
    /// Its natural logarithm, which does not underflow.
    pub ln_p_value: f64,
    /// Which differences count as far out.
    pub alternative: Alternative,
}

impl From<AbsoluteEffect> for EffectEstimate {
    fn from(effect: AbsoluteEffect) -> Self {
        Self {
            value: effect.estimate,
            standard_error: effect.standard_error,
        }
    }
}

impl AbsoluteEffect {
    /// The test of an estimated difference with its standard error.
    pub(super) fn new(
        estimate: f64,
        standard_error: f64,
        degrees_of_freedom: f64,
        alternative: Alternative,
    ) -> Result<Self, Undefined> {
        let pivot = Pivot::student_t(estimate / standard_error, degrees_of_freedom, alternative)?;
        Ok(Self {
            estimate,
            standard_error,
            degrees_of_freedom,
            statistic: pivot.statistic,
            p_value: pivot.p_value,
            ln_p_value: pivot.ln_p_value,
            alternative,
        })
    }

    /// The interval with error `alpha`: all effects that the test would not reject; one-sided for a one-sided alternative.
    #[must_use]
    pub fn interval(&self, alpha: f64) -> Interval {
        self.interval_at(&quantile(alpha, self.alternative))
    }

    /// [`interval`](Self::interval) with the probability beyond each bounded end given, for many effects at one level.
    #[must_use]
    pub fn interval_at(&self, quantile: &StudentTQuantile) -> Interval {
        let reach = quantile.at(self.degrees_of_freedom) * self.standard_error;
        limits(self.estimate, reach, self.alternative)
    }

    /// The same effect with the normal distribution in place of Student's t.
    #[must_use]
    pub fn with_normal_tails(self) -> Self {
        let degrees_of_freedom = f64::INFINITY;
        let (p_value, ln_p_value) = tails(self.statistic, degrees_of_freedom, self.alternative);
        Self {
            degrees_of_freedom,
            p_value,
            ln_p_value,
            ..self
        }
    }
}
