//! The relative effect by the delta method.

use super::pivot::{Errors, Pivot, difference, limits, quantile};
use crate::distribution::StudentTQuantile;
use crate::{Alternative, Comparison, EffectEstimate, Estimate, Interval, Undefined};

/// Test of the relative difference of two estimates, by the delta method.
///
/// **Estimates** (m_t − m_c)/|m_c|, so that above 0 is always larger. **Formula**: e = √(v_t/n_t + (m_t/m_c)² v_c/n_c)/|m_c|;
/// T = estimate/e, degrees of freedom of Welch as for the absolute effect. **Legend**: as in [`absolute_effect`](crate::absolute_effect).
/// **Assumptions**: as there, and m_c many standard errors away from 0. With skewed values the statistic is lopsided, since m_t moves
/// its own standard error; [`fieller_interval`](crate::fieller_interval) is not. **Accuracy**: 1e-13 relative in p.
/// **Source**: Deng, Knoblich and Lu 2018.
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect), and [`Undefined::ControlMeanZero`]; [`Undefined::ZeroVariance`] too where m_t = 0 and only
/// control varies.
pub fn relative_delta(
    variants: &Comparison<Estimate>,
    alternative: Alternative,
) -> Result<RelativeEffect, Undefined> {
    let errors = Errors::of(variants)?;
    let control = variants.control.value;
    let treatment = variants.treatment.value;
    if control == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    let estimate = relative(treatment, control)?;
    let standard_error = errors
        .with_control_times(treatment / control)
        .of_difference()
        / control.abs();
    RelativeEffect::new(
        estimate,
        standard_error,
        errors.degrees_of_freedom(),
        alternative,
    )
}

/// Relative difference of treatment and control with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeEffect {
    /// Treatment minus control, over the size of control; 0.1 is ten per cent more.
    pub estimate: f64,
    /// Standard error of the estimate, above 0.
    pub standard_error: f64,
    /// Degrees of freedom of the reference distribution.
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

impl From<RelativeEffect> for EffectEstimate {
    fn from(effect: RelativeEffect) -> Self {
        Self {
            value: effect.estimate,
            standard_error: effect.standard_error,
        }
    }
}

impl RelativeEffect {
    /// The test of an estimated relative difference with its standard error.
    pub(super) fn new(
        estimate: f64,
        standard_error: f64,
        degrees_of_freedom: f64,
        alternative: Alternative,
    ) -> Result<Self, Undefined> {
        if standard_error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        if !(estimate.is_finite() && standard_error.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
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

    /// The interval with error `alpha`; one-sided for a one-sided alternative.
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
}

/// The relative difference to a control that is not 0, where it is a number.
pub(super) fn relative(treatment: f64, control: f64) -> Result<f64, Undefined> {
    let relative = difference(treatment, control)? / control.abs();
    if relative.is_finite() {
        Ok(relative)
    } else {
        Err(Undefined::InvalidInput)
    }
}
