//! Twyman's law: a figure that looks interesting is usually wrong.

use crate::{Comparison, Estimate};

/// Why a result should be checked before it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Twyman {
    /// A significant relative effect beyond what experiments usually find.
    LargeEffect,
    /// A statistic far beyond what so few units usually give.
    LargeStatistic,
    /// Control and treatment have the same value, as if they were the same data.
    IdenticalVariants,
}

/// What an effect is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Striking {
    /// The relative effect, where there is one.
    pub relative_effect: Option<f64>,
    /// The test statistic of the effect, where there is one.
    pub statistic: Option<f64>,
    /// Was it significant, by whatever rule decides?
    pub is_significant: bool,
}

/// From where on a result is striking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwymanLimits {
    /// Size of a relative effect that is seldom true.
    pub relative_effect: f64,
    /// Size of a statistic that is seldom true for fewer than `units`.
    pub statistic: f64,
    /// Units of both variants together from which on any statistic is believed.
    pub units: f64,
    /// Values that differ by no more than this part of the larger are the same.
    pub identical: f64,
}

impl Default for TwymanLimits {
    /// Half of control; ten standard errors with fewer than 100,000 units; 1e-12, which is some thousand roundings.
    fn default() -> Self {
        Self {
            relative_effect: 0.5,
            statistic: 10.0,
            units: 1e5,
            identical: 1e-12,
        }
    }
}

/// All reasons to check a result before it is believed.
///
/// **Assumptions**: these are rules of thumb about where mistakes in data show, not tests. Counts of few units agree by chance now and then.
/// **Edges**: values that are both zero are no news: such a metric is undefined elsewhere. **Source**: Kohavi, Tang and Xu 2020, chapter 3.
///
/// ```
/// use epstats_stats::{Comparison, Estimate, Striking, Twyman, TwymanLimits, twyman};
/// let estimate = |value| Estimate { value, unit_variance: 1.0, n: 1000.0 };
/// let variants = Comparison { control: estimate(1.0), treatment: estimate(1.7) };
/// let found = Striking { relative_effect: Some(0.7), statistic: Some(15.7), is_significant: true };
/// let reasons = twyman(&variants, &found, &TwymanLimits::default());
/// assert_eq!(reasons, [Twyman::LargeEffect, Twyman::LargeStatistic]);
/// ```
#[must_use]
pub fn twyman(
    variants: &Comparison<Estimate>,
    found: &Striking,
    limits: &TwymanLimits,
) -> Vec<Twyman> {
    let beyond = |value: Option<f64>, limit: f64| value.is_some_and(|value| value.abs() > limit);
    let Comparison { control, treatment } = variants;
    let larger = control.value.abs().max(treatment.value.abs());
    let apart = (treatment.value - control.value).abs();
    let reasons = [
        (
            Twyman::LargeEffect,
            found.is_significant && beyond(found.relative_effect, limits.relative_effect),
        ),
        (
            Twyman::LargeStatistic,
            control.n + treatment.n < limits.units && beyond(found.statistic, limits.statistic),
        ),
        (
            Twyman::IdenticalVariants,
            larger > 0.0 && apart <= limits.identical * larger,
        ),
    ];
    let holds = reasons.into_iter().filter(|(_, holds)| *holds);
    holds.map(|(reason, _)| reason).collect()
}
