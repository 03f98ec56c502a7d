//! The relative effect on the scale of logarithms.

use super::pivot::{Errors, Pivot, limits, quantile};
use crate::{Alternative, Comparison, EffectEstimate, Estimate, Interval, Undefined};

/// Test of the logarithm of the ratio of two positive estimates.
///
/// **Estimates** L = ln(m_t/m_c). **Formula**: per variant u = v/m², e = √(u_c/n_c + u_t/n_t), degrees of freedom of Welch from u; the interval of
/// the relative effect is exp(L ± t e) − 1. **Legend**: as in [`absolute_effect`](crate::absolute_effect). **Assumptions**: both means many
/// standard errors above 0. Swapping the variants mirrors the result. **Accuracy**: 1e-13 relative in p; ln(m_t/m_c) near 0 by the difference.
/// **Source**: delta method.
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect), and [`Undefined::NonPositiveMean`].
pub fn log_ratio(
    variants: &Comparison<Estimate>,
    alternative: Alternative,
) -> Result<LogRatio, Undefined> {
    let errors = Errors::of(variants)?;
    let control = variants.control.value;
    let treatment = variants.treatment.value;
    if control <= 0.0 || treatment <= 0.0 {
        return Err(Undefined::NonPositiveMean);
    }
    let errors = errors.scaled(1.0 / control, 1.0 / treatment);
    let estimate = ln_ratio(treatment, control);
    let standard_error = errors.of_difference();
    let degrees_of_freedom = errors.degrees_of_freedom();
    LogRatio::new(estimate, standard_error, degrees_of_freedom, alternative)
}

/// Logarithm of the ratio of treatment to control with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRatio {
    /// ln(treatment/control).
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

impl From<LogRatio> for EffectEstimate {
    fn from(effect: LogRatio) -> Self {
        Self {
            value: effect.estimate,
            standard_error: effect.standard_error,
        }
    }
}

impl LogRatio {
    /// The test of an estimated logarithm with its standard error.
    pub(super) fn new(
        estimate: f64,
        standard_error: f64,
        degrees_of_freedom: f64,
        alternative: Alternative,
    ) -> Result<Self, Undefined> {
        if standard_error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        if !standard_error.is_finite() {
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

    /// The relative effect exp(L) − 1.
    #[must_use]
    pub fn relative(&self) -> f64 {
        self.estimate.exp_m1()
    }

    /// The interval of the relative effect with error `alpha`; one-sided for a one-sided alternative.
    #[must_use]
    pub fn relative_interval(&self, alpha: f64) -> Interval {
        let reach =
            quantile(alpha, self.alternative).at(self.degrees_of_freedom) * self.standard_error;
        let logarithm = limits(self.estimate, reach, self.alternative);
        Interval {
            lower: logarithm.lower.exp_m1(),
            upper: logarithm.upper.exp_m1(),
        }
    }
}

/// ln(t/c) of positive numbers; where they are close, from their exact difference.
fn ln_ratio(treatment: f64, control: f64) -> f64 {
    if treatment > 0.5 * control && treatment < 2.0 * control {
        ((treatment - control) / control).ln_1p()
    } else {
        treatment.ln() - control.ln()
    }
}
