//! Why a number cannot be given.

use std::fmt;

/// The reason for which the data cannot answer.
///
/// It stands in a result where a number would stand; it is no error of whoever asked.
///
/// ```
/// use epstats_stats::Undefined;
/// assert_eq!(Undefined::TooFewUnits.code(), "too-few-units");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// A variant has fewer than two units.
    TooFewUnits,
    /// There is no unit at all.
    NoUnits,
    /// The values do not vary where they must.
    ZeroVariance,
    /// The sums give a variance below zero.
    NegativeVariance,
    /// So many digits cancel that none is left.
    PrecisionLost,
    /// The mean of control is zero, so nothing is relative to it.
    ControlMeanZero,
    /// The mean of control cannot be told from zero, so a relative effect has no finite interval.
    ControlNotSeparatedFromZero,
    /// A logarithm needs means above zero.
    NonPositiveMean,
    /// The denominator of the metric is zero.
    DenominatorZero,
    /// A covariate has the same value for all units, so it explains nothing.
    CovariateWithoutVariance,
    /// A covariate is a sum of multiples of others, so it explains nothing more.
    SingularCovariates,
    /// A quantile lies so far out that its error reaches beyond the data.
    TooFewEventsForQuantile,
    /// The values around a quantile are all equal, so they do not tell its error.
    CollapsedQuantileBounds,
    /// A number that went in, or the one that comes out, is not a finite number in its range.
    InvalidInput,
}

impl Undefined {
    /// Every reason, in the order of this list.
    pub const ALL: [Undefined; 14] = [
        Undefined::TooFewUnits,
        Undefined::NoUnits,
        Undefined::ZeroVariance,
        Undefined::NegativeVariance,
        Undefined::PrecisionLost,
        Undefined::ControlMeanZero,
        Undefined::ControlNotSeparatedFromZero,
        Undefined::NonPositiveMean,
        Undefined::DenominatorZero,
        Undefined::CovariateWithoutVariance,
        Undefined::SingularCovariates,
        Undefined::TooFewEventsForQuantile,
        Undefined::CollapsedQuantileBounds,
        Undefined::InvalidInput,
    ];

    /// The reason as a word for programs, such as `too-few-units`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Undefined::TooFewUnits => "too-few-units",
            Undefined::NoUnits => "no-units",
            Undefined::ZeroVariance => "zero-variance",
            Undefined::NegativeVariance => "negative-variance",
            Undefined::PrecisionLost => "precision-lost",
            Undefined::ControlMeanZero => "control-mean-zero",
            Undefined::ControlNotSeparatedFromZero => "control-not-separated-from-zero",
            Undefined::NonPositiveMean => "non-positive-mean",
            Undefined::DenominatorZero => "denominator-zero",
            Undefined::CovariateWithoutVariance => "covariate-without-variance",
            Undefined::SingularCovariates => "singular-covariates",
            Undefined::TooFewEventsForQuantile => "too-few-events-for-quantile",
            Undefined::CollapsedQuantileBounds => "collapsed-quantile-bounds",
            Undefined::InvalidInput => "invalid-input",
        }
    }

    /// The reason as a sentence for people, without a final dot.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Undefined::TooFewUnits => "a variant has fewer than two units",
            Undefined::NoUnits => "there are no units",
            Undefined::ZeroVariance => {
                "all values are equal, so there is no variance to compare with"
            }
            Undefined::NegativeVariance => {
                "the variance is below zero, so the sums of squares are not sums over units"
            }
            Undefined::PrecisionLost => {
                "the sums are too large for their differences to mean anything"
            }
            Undefined::ControlMeanZero => {
                "the mean of control is zero, so nothing is relative to it"
            }
            Undefined::ControlNotSeparatedFromZero => {
                "the mean of control cannot be told from zero, so the relative effect has no limits"
            }
            Undefined::NonPositiveMean => "a mean is not above zero, so it has no logarithm",
            Undefined::DenominatorZero => "the denominator is zero",
            Undefined::CovariateWithoutVariance => {
                "the covariate has the same value for all units, so it explains nothing"
            }
            Undefined::SingularCovariates => {
                "the covariate follows from the others, so it explains nothing more"
            }
            Undefined::TooFewEventsForQuantile => {
                "the quantile is so far out that there are too few events beyond it"
            }
            Undefined::CollapsedQuantileBounds => {
                "the values around the quantile are all equal, so they do not tell its error"
            }
            Undefined::InvalidInput => "a number is not finite or out of its range",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for Undefined {}
