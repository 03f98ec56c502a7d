//! Numbers per unit that are more than the total of a goal: capped, of several goals, or from before the exposure.

use std::hash::{Hash, Hasher};

use epstats_formula::Formula;

/// A number per unit that is computed from totals of goals.
///
/// The formula is evaluated for every unit by itself, on its totals in the period, and the result is kept between the caps.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitValue {
    /// What is computed for every unit.
    pub formula: Formula,
    /// The events that count.
    pub period: Period,
    /// Limits of the result.
    pub caps: Option<CapRule>,
}

impl Eq for UnitValue {}

/// By canonical text, which equal formulas share.
impl Hash for UnitValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.formula.to_string().hash(state);
        self.period.hash(state);
        self.caps.hash(state);
    }
}

/// Whose events count for a number per unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// Events at or after the first exposure of the unit, as for every goal.
    SinceExposure,
    /// Events before the first exposure of the unit, and at most so long before it.
    BeforeExposure {
        /// Days of 24 hours; `None` means the days of the source's own `lookback`.
        days: Option<u32>,
    },
}

/// Limits between which a number per unit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CapRule {
    /// Smaller values become this.
    pub lower: Option<Limit>,
    /// Larger values become this.
    pub upper: Option<Limit>,
}

/// Where a cap lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// At a number.
    Value(Finite),
    /// At a quantile of the values of all units of all variants together, which leaves so many per cent of them beyond it; from 0 to below 50.
    ///
    /// The quantile interpolates between the two nearest values (type 7 of Hyndman and Fan).
    Percent(Finite),
}

/// A number that is neither NaN nor infinite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Finite(f64);

impl Finite {
    /// The number, if it is finite.
    #[must_use]
    pub fn new(number: f64) -> Option<Self> {
        // Adding zero makes −0 the same as 0, so that equal numbers have equal bits.
        number.is_finite().then_some(Finite(number + 0.0))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

impl Eq for Finite {}

impl Hash for Finite {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}
