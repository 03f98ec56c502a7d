//! What a reader of a scorecard should know.

use std::fmt;
use std::sync::Arc;

/// Something about the data or the method that a reader of the scorecard should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable word for the kind of warning.
    pub code: WarningCode,
    /// One sentence for people, without a final dot.
    pub message: String,
    /// The variant it is about.
    pub variant: Option<Arc<str>>,
    /// The metric it is about: its position in [`Scorecard::metrics`](crate::Scorecard::metrics).
    pub metric: Option<usize>,
    /// The check it is about: its position in [`Scorecard::checks`](crate::Scorecard::checks).
    pub check: Option<usize>,
    /// The goal it is about, as canonical text of a formula.
    pub goal: Option<String>,
}

impl Warning {
    /// A warning about the whole experiment.
    #[must_use]
    pub fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Warning {
            code,
            message: message.into(),
            variant: None,
            metric: None,
            check: None,
            goal: None,
        }
    }

    /// Says which variant it is about.
    #[must_use]
    pub(crate) fn variant(mut self, variant: &Arc<str>) -> Self {
        self.variant = Some(Arc::clone(variant));
        self
    }

    /// Says which metric it is about.
    #[must_use]
    pub(crate) fn metric(mut self, position: usize) -> Self {
        self.metric = Some(position);
        self
    }

    /// Says which check it is about.
    #[must_use]
    pub(crate) fn check(mut self, position: usize) -> Self {
        self.check = Some(position);
        self
    }

    /// Says which goal it is about.
    #[must_use]
    pub(crate) fn goal(mut self, goal: String) -> Self {
        self.goal = Some(goal);
        self
    }
}

/// The kinds of warnings; `docs/warnings.md` tells what each means and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningCode {
    /// A variant of the definition has no units.
    VariantWithoutData,
    /// A variant has so few units that the normal approximation is doubtful, or no variance at all.
    TooFewUnits,
    /// A metric has the same value for all units of a variant.
    ZeroVariance,
    /// A goal is not in the data at all.
    GoalNeverSeen,
    /// Events of a value goal had no value and counted as zero.
    NullValues,
    /// Units were exposed to more than one variant.
    InconsistentExposures,
    /// The variance of a metric follows from sums alone and may be wrong.
    MarginalVariance,
    /// A sum stood in for a missing sum of squares.
    SquaresAssumed,
    /// A formula reads differently in school arithmetic.
    AmbiguousPrecedence,
    /// Sums of squares give a variance below zero.
    NegativeVariance,
    /// The sums are too large for the variance to have many digits.
    PrecisionLost,
    /// The mean of control cannot be told from zero.
    ControlNotSeparatedFromZero,
    /// The mean of control is below zero.
    NegativeControlMean,
    /// A treatment has no event and still a p-value of one.
    NoEvents,
    /// The check for sample ratio mismatch compares with equal shares although others are designed.
    EqualSharesAssumed,
    /// Looking daily at this level errs more often than it says.
    SequentialLevelExceedsError,
    /// A check expects too few units in some variant.
    SmallExpectedCounts,
    /// A variant of the data is not in the definition or the designed allocation.
    UndesignedVariant,
    /// The formula of a metric has no value for some units.
    UnitsWithoutValue,
    /// A request asks to cut the outliers of a metric, and they were not cut.
    OutliersNotCut,
    /// A metric is so skewed that the normal approximation needs more units.
    SkewedMetric,
    /// One unit makes a large part of a variance.
    OutlierDominance,
    /// A result is too good, or too equal, to be true.
    StrikingEffect,
    /// Variants differed before the exposure.
    CovariateImbalance,
}

impl WarningCode {
    /// Every code.
    pub const ALL: &'static [WarningCode] = &[
        WarningCode::VariantWithoutData,
        WarningCode::TooFewUnits,
        WarningCode::ZeroVariance,
        WarningCode::GoalNeverSeen,
        WarningCode::NullValues,
        WarningCode::InconsistentExposures,
        WarningCode::MarginalVariance,
        WarningCode::SquaresAssumed,
        WarningCode::AmbiguousPrecedence,
        WarningCode::NegativeVariance,
        WarningCode::PrecisionLost,
        WarningCode::ControlNotSeparatedFromZero,
        WarningCode::NegativeControlMean,
        WarningCode::NoEvents,
        WarningCode::EqualSharesAssumed,
        WarningCode::SequentialLevelExceedsError,
        WarningCode::SmallExpectedCounts,
        WarningCode::UndesignedVariant,
        WarningCode::UnitsWithoutValue,
        WarningCode::OutliersNotCut,
        WarningCode::SkewedMetric,
        WarningCode::OutlierDominance,
        WarningCode::StrikingEffect,
        WarningCode::CovariateImbalance,
    ];

    /// The word: `variant-without-data`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            WarningCode::VariantWithoutData => "variant-without-data",
            WarningCode::TooFewUnits => "too-few-units",
            WarningCode::ZeroVariance => "zero-variance",
            WarningCode::GoalNeverSeen => "goal-never-seen",
            WarningCode::NullValues => "null-values",
            WarningCode::InconsistentExposures => "inconsistent-exposures",
            WarningCode::MarginalVariance => "marginal-variance",
            WarningCode::SquaresAssumed => "squares-assumed",
            WarningCode::AmbiguousPrecedence => "ambiguous-precedence",
            WarningCode::NegativeVariance => "negative-variance",
            WarningCode::PrecisionLost => "precision-lost",
            WarningCode::ControlNotSeparatedFromZero => "control-not-separated-from-zero",
            WarningCode::NegativeControlMean => "negative-control-mean",
            WarningCode::NoEvents => "no-events",
            WarningCode::EqualSharesAssumed => "equal-shares-assumed",
            WarningCode::SequentialLevelExceedsError => "sequential-level-exceeds-error",
            WarningCode::SmallExpectedCounts => "small-expected-counts",
            WarningCode::UndesignedVariant => "undesigned-variant",
            WarningCode::UnitsWithoutValue => "units-without-value",
            WarningCode::OutliersNotCut => "outliers-not-cut",
            WarningCode::SkewedMetric => "skewed-metric",
            WarningCode::OutlierDominance => "outlier-dominance",
            WarningCode::StrikingEffect => "striking-effect",
            WarningCode::CovariateImbalance => "covariate-imbalance",
        }
    }
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
