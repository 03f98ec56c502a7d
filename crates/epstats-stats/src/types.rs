//! Small types that keep two numbers of a kind apart.

/// The estimate of one variant: a value with the variance of one unit.
///
/// The variance of the estimate is `unit_variance / n`; its degrees of freedom are `n - 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimated value, such as the mean per unit.
    pub value: f64,
    /// Variance of one unit, with divisor n − 1; at least 0.
    pub unit_variance: f64,
    /// Number of units.
    pub n: f64,
}

/// An effect with its standard error, whatever the metric and the scale: what is asked of it needs no more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectEstimate {
    /// The estimated effect.
    pub value: f64,
    /// Its standard error, above 0.
    pub standard_error: f64,
}

/// A thing of control beside the same thing of a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison<T> {
    /// The variant that is compared against.
    pub control: T,
    /// The variant that is compared.
    pub treatment: T,
}

impl<T> Comparison<T> {
    /// Control and treatment changed in the same way.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Comparison<U> {
        Comparison {
            control: change(self.control),
            treatment: change(self.treatment),
        }
    }
}

/// Which differences speak against the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Alternative {
    /// Differences in either direction.
    #[default]
    TwoSided,
    /// The treatment is larger.
    Greater,
    /// The treatment is smaller.
    Less,
}

impl Alternative {
    /// The probability beyond each bounded end of an interval with error `alpha`.
    #[must_use]
    pub fn tail(self, alpha: f64) -> f64 {
        match self {
            Alternative::TwoSided => alpha / 2.0,
            Alternative::Greater | Alternative::Less => alpha,
        }
    }
}

/// Lower and upper limit; an open side is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit, at least `lower`.
    pub upper: f64,
}

impl Interval {
    /// Is the value between the limits, or one of them?
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// A share of repeated experiments whose interval covers the truth; between 0 and 1, both excluded.
///
/// ```
/// use epstats_stats::ConfidenceLevel;
/// assert_eq!(ConfidenceLevel::new(0.95).unwrap().value(), 0.95);
/// assert!(ConfidenceLevel::new(95.0).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ConfidenceLevel(f64);

impl ConfidenceLevel {
    /// 95%, the level where nobody says otherwise.
    pub const DEFAULT: ConfidenceLevel = ConfidenceLevel(0.95);

    /// The level, if it is between 0 and 1.
    #[must_use]
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    /// The level as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// The error that remains: one minus the level.
    #[must_use]
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }
}

/// A probability; between 0 and 1, both included.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Probability(f64);

impl Probability {
    /// The probability, if it is between 0 and 1.
    #[must_use]
    pub fn new(probability: f64) -> Option<Self> {
        (0.0..=1.0)
            .contains(&probability)
            .then_some(Self(probability))
    }

    /// The probability as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}
