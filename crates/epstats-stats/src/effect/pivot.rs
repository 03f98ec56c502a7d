//! What all tests by Student's t share: standard errors, degrees of freedom, tails and limits.

use crate::distribution::{StudentTQuantile, student_t_tail};
use crate::{Alternative, Comparison, Estimate, Interval, Undefined};

/// Standard errors of two independent estimates, checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Errors {
    pub(super) control: f64,
    pub(super) treatment: f64,
    df_control: f64,
    df_treatment: f64,
}

impl Errors {
    /// Standard errors of two estimates.
    pub(crate) fn of(variants: &Comparison<Estimate>) -> Result<Self, Undefined> {
        let Comparison { control, treatment } = variants;
        check(control)?;
        check(treatment)?;
        if control.unit_variance == 0.0 && treatment.unit_variance == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        Ok(Self {
            control: standard_error(control),
            treatment: standard_error(treatment),
            df_control: control.n - 1.0,
            df_treatment: treatment.n - 1.0,
        })
    }

    /// The same with the error of control multiplied by a factor.
    pub(super) fn with_control_times(self, factor: f64) -> Self {
        Self {
            control: self.control * factor.abs(),
            ..self
        }
    }

    /// The same with both errors multiplied by a factor of their own.
    pub(super) fn scaled(self, control: f64, treatment: f64) -> Self {
        Self {
            control: self.control * control.abs(),
            treatment: self.treatment * treatment.abs(),
            ..self
        }
    }

    /// Standard error of the difference: √(e_c² + e_t²) without overflow.
    pub(crate) fn of_difference(self) -> f64 {
        libm::hypot(self.control, self.treatment)
    }

    /// Degrees of freedom of Welch and Satterthwaite: (e_c² + e_t²)²/(e_c⁴/(n_c − 1) + e_t⁴/(n_t − 1)).
    pub(crate) fn degrees_of_freedom(self) -> f64 {
        welch(
            self.control,
            self.treatment,
            (self.df_control, self.df_treatment),
        )
    }
}

/// Degrees of freedom of a difference from the standard errors of control and treatment and the degrees of freedom of each.
pub(super) fn welch(control: f64, treatment: f64, df: (f64, f64)) -> f64 {
    // Only the proportion of the two errors counts, so nothing overflows.
    let larger = control.max(treatment);
    let control = (control / larger) * (control / larger);
    let treatment = (treatment / larger) * (treatment / larger);
    let sum = control + treatment;
    sum * sum / (control * control / df.0 + treatment * treatment / df.1)
}

fn check(estimate: &Estimate) -> Result<(), Undefined> {
    let Estimate {
        value,
        unit_variance,
        n,
    } = *estimate;
    if !(n.is_finite() && value.is_finite() && unit_variance.is_finite()) {
        Err(Undefined::InvalidInput)
    } else if n < 2.0 {
        Err(Undefined::TooFewUnits)
    } else if unit_variance < 0.0 {
        Err(Undefined::NegativeVariance)
    } else {
        Ok(())
    }
}

/// √v/√n: the quotient v/n could underflow.
fn standard_error(estimate: &Estimate) -> f64 {
    estimate.unit_variance.sqrt() / estimate.n.sqrt()
}

/// An estimate over its standard error, with the tail that speaks against the null hypothesis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pivot {
    pub(super) statistic: f64,
    pub(super) p_value: f64,
    pub(super) ln_p_value: f64,
}

impl Pivot {
    /// A test by Student's t.
    pub(super) fn student_t(
        statistic: f64,
        df: f64,
        alternative: Alternative,
    ) -> Result<Self, Undefined> {
        let (p_value, ln_p_value) = tails(statistic, df, alternative);
        if statistic.is_nan() || p_value.is_nan() || ln_p_value.is_nan() {
            return Err(Undefined::InvalidInput);
        }
        Ok(Self {
            statistic,
            p_value,
            ln_p_value,
        })
    }
}

/// The probability of the tails that speak against the null hypothesis, and its logarithm.
pub(super) fn tails(statistic: f64, df: f64, alternative: Alternative) -> (f64, f64) {
    let (x, ends) = match alternative {
        Alternative::TwoSided => (statistic.abs(), 2.0_f64),
        Alternative::Greater => (statistic, 1.0),
        Alternative::Less => (-statistic, 1.0),
    };
    let (sf, ln_sf) = student_t_tail(x, df);
    let ln_p_value = ends.ln() + ln_sf;
    // Rounding alone can lift the logarithm of one above zero; NaN stays.
    let ln_p_value = if ln_p_value > 0.0 { 0.0 } else { ln_p_value };
    (ends * sf, ln_p_value)
}

/// The limits `reach` away from an estimate; the side that the alternative leaves open is infinite.
pub(super) fn limits(estimate: f64, reach: f64, alternative: Alternative) -> Interval {
    Interval {
        lower: match alternative {
            Alternative::Less => f64::NEG_INFINITY,
            Alternative::TwoSided | Alternative::Greater => estimate - reach,
        },
        upper: match alternative {
            Alternative::Greater => f64::INFINITY,
            Alternative::TwoSided | Alternative::Less => estimate + reach,
        },
    }
}

/// The quantile beyond each bounded end of an interval with error `alpha`.
pub(super) fn quantile(alpha: f64, alternative: Alternative) -> StudentTQuantile {
    StudentTQuantile::new(alternative.tail(alpha))
}

/// The difference of two values, where it is a number.
pub(super) fn difference(treatment: f64, control: f64) -> Result<f64, Undefined> {
    let difference = treatment - control;
    if difference.is_finite() {
        Ok(difference)
    } else {
        Err(Undefined::InvalidInput)
    }
}
