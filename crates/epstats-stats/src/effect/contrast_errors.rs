//! What a contrast knows of its errors, and how it follows from variances.

use super::pivot::welch;

/// What is known of the errors of a difference and a base.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContrastErrors {
    /// Standard error of the base.
    pub(crate) base: f64,
    /// κ: minus the covariance of difference and base over the variance of the base.
    pub(crate) pull: f64,
    /// The part of the standard error of the difference that the base does not explain.
    pub(crate) rest: f64,
    pub(crate) degrees_of_freedom: f64,
    /// Which variant `rest` comes from, where variants are independent.
    pub(crate) split: Option<Split>,
}

/// The parts of an error that come from each of two independent variants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Split {
    /// What of the error of control the base does not explain.
    pub(crate) control: f64,
    /// The error of the treatment.
    pub(crate) treatment: f64,
    /// Units less one of control and of the treatment.
    pub(crate) df: (f64, f64),
}

impl Split {
    /// Degrees of freedom of Welch where control's error has the part `base` of the base in it.
    pub(crate) fn degrees_of_freedom_with(&self, base: f64) -> f64 {
        welch(libm::hypot(base, self.control), self.treatment, self.df)
    }
}

/// Variances of a difference and of a base, and the covariance of the two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContrastVariances {
    pub(crate) difference: f64,
    pub(crate) base: f64,
    pub(crate) covariance: f64,
}

impl ContrastVariances {
    /// The same as errors.
    ///
    /// Estimates of the three need not go together where units are few: the covariance can come out larger than the two variances allow.
    /// Then it is taken as large as they allow, so that the variance of the difference stays as it is.
    pub(crate) fn errors(&self, degrees_of_freedom: f64) -> ContrastErrors {
        let base = self.base.sqrt();
        let largest = self.difference.sqrt() * base;
        let covariance = self.covariance.max(-largest).min(largest);
        let pull = if base > 0.0 {
            -covariance / self.base
        } else {
            0.0
        };
        ContrastErrors {
            base,
            pull,
            // Below zero only by rounding.
            rest: (self.difference + pull * covariance).max(0.0).sqrt(),
            degrees_of_freedom,
            split: None,
        }
    }
}
