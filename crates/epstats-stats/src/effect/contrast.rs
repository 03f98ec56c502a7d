//! A difference and the value it is relative to, where the two are not those of two independent estimates.

use super::contrast_errors::{ContrastErrors, Split};
use super::fieller::{Quadratic, RelativeInterval};
use super::margin::{Better, MarginTest, RelativeMargin, upper_test};
use super::pivot::{Errors, difference, quantile};
use super::{AbsoluteEffect, LogRatio, RelativeEffect};
use crate::distribution::StudentTQuantile;
use crate::{Alternative, Comparison, Estimate, Undefined};

/// Difference of treatment and control beside a base, the value of control that it is relative to.
///
/// After an adjustment the difference is that of adjusted values, but the relative effect is over the value of control as it is: the two
/// are correlated in their own way. The variance of d − l b is (κ + l)² e_b² + e_r² for every l. **Legend**: d difference, b base, e_b
/// standard error of the base, κ how many units of base error the difference takes away, e_r the part of its error that the base
/// does not explain. For two independent estimates κ is 1 and e_r the error of the treatment.
///
/// ```
/// use epstats_stats::{Alternative, Comparison, Contrast, Estimate};
/// let variants = Comparison {
///     control: Estimate { value: 10.0, unit_variance: 9.0, n: 900.0 },
///     treatment: Estimate { value: 11.0, unit_variance: 16.0, n: 900.0 },
/// };
/// let contrast = Contrast::of_independent(&variants).unwrap();
/// assert_eq!(contrast.standard_error(), (0.01_f64 + 16.0 / 900.0).sqrt());
/// assert_eq!(contrast.relative_delta(Alternative::TwoSided).unwrap().estimate, 0.1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    difference: f64,
    base: f64,
    base_error: f64,
    pull: f64,
    rest_error: f64,
    degrees_of_freedom: f64,
    split: Option<Split>,
}

impl Contrast {
    /// The contrast of two independent estimates, relative to that of control.
    ///
    /// # Errors
    ///
    /// As [`absolute_effect`](crate::absolute_effect).
    pub fn of_independent(variants: &Comparison<Estimate>) -> Result<Self, Undefined> {
        let errors = Errors::of(variants)?;
        let difference = difference(variants.treatment.value, variants.control.value)?;
        Self::new(
            difference,
            variants.control.value,
            ContrastErrors {
                base: errors.control,
                pull: 1.0,
                rest: errors.treatment,
                degrees_of_freedom: errors.degrees_of_freedom(),
                split: Some(Split {
                    control: 0.0,
                    treatment: errors.treatment,
                    df: (variants.control.n - 1.0, variants.treatment.n - 1.0),
                }),
            },
        )
    }

    /// A contrast with errors that were computed elsewhere.
    pub(crate) fn new(
        difference: f64,
        base: f64,
        errors: ContrastErrors,
    ) -> Result<Self, Undefined> {
        let contrast = Self {
            difference,
            base,
            base_error: errors.base,
            pull: errors.pull,
            rest_error: errors.rest,
            degrees_of_freedom: errors.degrees_of_freedom,
            split: errors.split,
        };
        let error = contrast.standard_error();
        let numbers = [difference, base, errors.base, errors.pull, error];
        if error == 0.0 {
            Err(Undefined::ZeroVariance)
        } else if numbers.iter().all(|number| number.is_finite()) {
            Ok(contrast)
        } else {
            Err(Undefined::InvalidInput)
        }
    }

    /// The same contrast where something that has nothing to do with the base adds to the variance of the difference.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for a variance that is below 0 or not finite.
    pub fn with_more_variance(self, variance: f64) -> Result<Self, Undefined> {
        if !(variance >= 0.0 && variance.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
        if variance == 0.0 {
            return Ok(self);
        }
        Self::new(
            self.difference,
            self.base,
            ContrastErrors {
                base: self.base_error,
                pull: self.pull,
                rest: libm::hypot(self.rest_error, variance.sqrt()),
                degrees_of_freedom: self.degrees_of_freedom,
                split: None,
            },
        )
    }

    /// Treatment minus control.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.difference
    }

    /// The value of control that the difference is relative to.
    #[must_use]
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Standard error of the difference, above 0.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        self.standard_error_beside(0.0)
    }

    /// Standard error of the difference less `part` times the base.
    #[must_use]
    pub fn standard_error_beside(&self, part: f64) -> f64 {
        libm::hypot((self.pull + part) * self.base_error, self.rest_error)
    }

    /// Degrees of freedom of the reference distribution.
    #[must_use]
    pub fn degrees_of_freedom(&self) -> f64 {
        self.degrees_of_freedom
    }

    /// Degrees of freedom of the difference less `part` times the base: Welch's with the error that control has in it, and those of the difference where
    /// variants are not independent.
    #[must_use]
    pub fn degrees_of_freedom_beside(&self, part: f64) -> f64 {
        match &self.split {
            Some(split) if part != 0.0 => {
                split.degrees_of_freedom_with((self.pull + part) * self.base_error)
            }
            _ => self.degrees_of_freedom,
        }
    }

    /// The test of the difference; see [`absolute_effect`](crate::absolute_effect).
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`].
    pub fn absolute(&self, alternative: Alternative) -> Result<AbsoluteEffect, Undefined> {
        AbsoluteEffect::new(
            self.difference,
            self.standard_error(),
            self.degrees_of_freedom,
            alternative,
        )
    }

    /// The relative effect d/|b| by the delta method, e = √Var(d − (d/b) b)/|b|; see [`relative_delta`](crate::relative_delta).
    ///
    /// # Errors
    ///
    /// [`Undefined::ControlMeanZero`], [`Undefined::ZeroVariance`], [`Undefined::InvalidInput`].
    pub fn relative_delta(&self, alternative: Alternative) -> Result<RelativeEffect, Undefined> {
        if self.base == 0.0 {
            return Err(Undefined::ControlMeanZero);
        }
        let part = self.difference / self.base;
        RelativeEffect::new(
            self.difference / self.base.abs(),
            self.standard_error_beside(part) / self.base.abs(),
            self.degrees_of_freedom,
            alternative,
        )
    }

    /// The logarithm of 1 + d/b, for a base and a treatment above 0: L = ln(1 + d/b), e = √Var(d − (d/b) b)/(b + d); see
    /// [`log_ratio`](crate::log_ratio), which has degrees of freedom of its own.
    ///
    /// # Errors
    ///
    /// [`Undefined::NonPositiveMean`], [`Undefined::ZeroVariance`], [`Undefined::InvalidInput`].
    pub fn log_ratio(&self, alternative: Alternative) -> Result<LogRatio, Undefined> {
        let treatment = self.base + self.difference;
        if self.base <= 0.0 || treatment <= 0.0 {
            return Err(Undefined::NonPositiveMean);
        }
        let part = self.difference / self.base;
        let error = self.standard_error_beside(part) / treatment;
        LogRatio::new(part.ln_1p(), error, self.degrees_of_freedom, alternative)
    }

    /// The relative effect with the limits of Fieller: all l with (d − l b)² ≤ q² Var(d − l b); see
    /// [`fieller_interval`](crate::fieller_interval). 0 is outside exactly where the test of the difference rejects at alpha.
    ///
    /// # Errors
    ///
    /// [`Undefined::ControlMeanZero`], [`Undefined::ControlNotSeparatedFromZero`], [`Undefined::InvalidInput`].
    pub fn fieller(&self, alpha: f64) -> Result<RelativeInterval, Undefined> {
        self.fieller_at(&quantile(alpha, Alternative::TwoSided))
    }

    /// [`fieller`](Self::fieller) with the probability beyond each end given, for many effects at one level.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn fieller_at(&self, quantile: &StudentTQuantile) -> Result<RelativeInterval, Undefined> {
        self.fieller_reaching(quantile.at(self.degrees_of_freedom))
    }

    /// [`fieller_at`](Self::fieller_at) with [the degrees of freedom beside](Self::degrees_of_freedom_beside) a `part` of the base: `part` is outside
    /// exactly where the test that the difference is that part rejects.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn fieller_beside(
        &self,
        part: f64,
        quantile: &StudentTQuantile,
    ) -> Result<RelativeInterval, Undefined> {
        self.fieller_reaching(quantile.at(self.degrees_of_freedom_beside(part)))
    }

    /// The limits that are `q` standard errors away.
    fn fieller_reaching(&self, q: f64) -> Result<RelativeInterval, Undefined> {
        if self.base == 0.0 {
            return Err(Undefined::ControlMeanZero);
        }
        // Half-widths as parts of the base; all below is divided by its square.
        let change = self.difference / self.base;
        let of_base = q * self.base_error / self.base.abs();
        let of_rest = q * self.rest_error / self.base.abs();
        let of_difference = libm::hypot(of_base * self.pull, of_rest);
        if !(change.is_finite() && of_difference.is_finite() && !of_base.is_nan()) {
            return Err(Undefined::InvalidInput);
        }
        if of_base >= 1.0 {
            return Err(Undefined::ControlNotSeparatedFromZero);
        }
        // (1 − of_base)(1 + of_base) keeps the digits near 1.
        let left = (1.0 - of_base) * (1.0 + of_base);
        let limits = Quadratic {
            middle: change + of_base * of_base * self.pull,
            root: libm::hypot(of_base * (change + self.pull), of_rest * left.sqrt()),
            left,
            product: (change - of_difference) * (change + of_difference),
        }
        .roots()?;
        let positive = self.base > 0.0;
        let lower = if positive {
            limits.lower
        } else {
            -limits.upper
        };
        let upper = if positive {
            limits.upper
        } else {
            -limits.lower
        };
        Ok(RelativeInterval {
            estimate: self.difference / self.base.abs(),
            lower,
            upper,
        })
    }

    /// Non-inferiority and superiority by a share `margin` of the base, in the linear form; see
    /// [`relative_margin`](crate::relative_margin). Each test has [its own degrees of freedom](Self::degrees_of_freedom_beside).
    ///
    /// # Errors
    ///
    /// [`Undefined::NonPositiveMean`] for a base that is not above 0; [`Undefined::InvalidInput`] for a margin outside (0, 1).
    pub fn relative_margin(
        &self,
        margin: f64,
        better: Better,
    ) -> Result<RelativeMargin, Undefined> {
        if !(margin > 0.0 && margin < 1.0) {
            return Err(Undefined::InvalidInput);
        }
        if self.base <= 0.0 {
            return Err(Undefined::NonPositiveMean);
        }
        let sign = better.sign();
        Ok(RelativeMargin {
            noninferiority: self.against(-sign * margin, sign)?,
            superiority: self.against(sign * margin, sign)?,
        })
    }

    /// The test that the difference is `part` times the base, against more in the good direction.
    fn against(&self, part: f64, sign: f64) -> Result<MarginTest, Undefined> {
        let distance = self.difference - part * self.base;
        let error = self.standard_error_beside(part);
        if error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        upper_test(
            sign * distance / error,
            self.degrees_of_freedom_beside(part),
        )
    }
}
