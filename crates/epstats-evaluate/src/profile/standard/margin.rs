//! An effect against a margin.

use epstats_experiment::stats::distribution::{StudentTQuantile, student_t_ln_sf, student_t_sf};
use epstats_experiment::stats::{
    AbsoluteEffect, Alternative, Better, Contrast, Interval, MarginTest, Undefined,
};
use epstats_experiment::{Margin, MarginScale, MarginSize};

use super::compare::{Compared, limits};
use super::family::Corrected;
use crate::scorecard::finite;
use crate::{MarginOutcome, MarginResult};

/// Both tests against the margin of a metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarginTests {
    margin: Margin,
    /// Speaks for the treatment.
    towards: Tail,
    /// Speaks against it.
    opposite: Tail,
    /// Which limits the tests are about.
    side: Alternative,
    /// On the scale of the margin.
    interval: Result<Interval, Undefined>,
}

#[derive(Debug, Clone, Copy)]
struct Tail {
    p_value: f64,
    ln_p_value: f64,
}

impl Tail {
    /// P(T > t) with `df` degrees of freedom.
    fn above(statistic: f64, df: f64) -> Self {
        Tail {
            p_value: student_t_sf(statistic, df),
            ln_p_value: student_t_ln_sf(statistic, df),
        }
    }

    /// The p-value after a correction, which cannot make it smaller.
    fn adjusted(self, corrected: Option<Corrected>) -> f64 {
        corrected.map_or(self.p_value, |corrected| {
            corrected.p_value.max(self.p_value)
        })
    }

    fn larger(self, other: Self) -> Self {
        if self.ln_p_value >= other.ln_p_value {
            self
        } else {
            other
        }
    }

    /// The smaller of two, as a test that either may decide.
    fn either(self, other: Self) -> Self {
        let smaller = if self.ln_p_value <= other.ln_p_value {
            self
        } else {
            other
        };
        Tail {
            p_value: (2.0 * smaller.p_value).min(1.0),
            ln_p_value: (std::f64::consts::LN_2 + smaller.ln_p_value).min(0.0),
        }
    }
}

impl MarginTests {
    pub(super) fn of(
        margin: Margin,
        better: Better,
        compared: &Compared,
        alpha: f64,
    ) -> Result<Self, Undefined> {
        let contrast = compared.contrast?;
        let absolute = contrast.absolute(Alternative::TwoSided)?;
        match margin {
            Margin::NonInferiority(size) | Margin::Superiority(size) => {
                one_sided(margin, size, better, &contrast, &absolute, alpha)
            }
            Margin::Equivalence {
                lower,
                upper,
                scale,
            } => {
                let limits = Interval { lower, upper };
                equivalence(margin, limits, scale, &contrast, &absolute, alpha)
            }
        }
    }

    pub(super) fn ln_p_value(&self) -> f64 {
        self.towards.ln_p_value
    }

    pub(super) fn ln_p_value_opposite(&self) -> f64 {
        self.opposite.ln_p_value
    }

    /// What the scorecard tells; without corrections the tests count as they are.
    pub(super) fn result(
        &self,
        towards: Option<Corrected>,
        opposite: Option<Corrected>,
        alpha: f64,
    ) -> MarginResult {
        let p_value = self.towards.adjusted(towards);
        let against = self.opposite.adjusted(opposite);
        let outcome = if p_value <= alpha {
            MarginOutcome::Holds
        } else if against <= alpha {
            MarginOutcome::Broken
        } else {
            MarginOutcome::Inconclusive
        };
        let [lower, upper] = limits(self.side, self.interval);
        MarginResult {
            margin: self.margin,
            p_value: Ok(self.towards.p_value),
            ln_p_value: finite(self.towards.ln_p_value),
            p_value_adjusted: Ok(p_value),
            p_value_opposite: Ok(self.opposite.p_value),
            lower,
            upper,
            outcome: Ok(outcome),
        }
    }
}

/// What is told of a margin that cannot be tested.
pub(super) fn without_test(margin: Margin, reason: Undefined) -> MarginResult {
    MarginResult {
        margin,
        p_value: Err(reason),
        ln_p_value: Err(reason),
        p_value_adjusted: Err(reason),
        p_value_opposite: Err(reason),
        lower: Err(reason),
        upper: Err(reason),
        outcome: Err(reason),
    }
}

/// Non-inferiority and superiority, with the one-sided limit on the bad side.
fn one_sided(
    margin: Margin,
    MarginSize { size, scale }: MarginSize,
    better: Better,
    contrast: &Contrast,
    absolute: &AbsoluteEffect,
    alpha: f64,
) -> Result<MarginTests, Undefined> {
    let side = match better {
        Better::Higher => Alternative::Greater,
        Better::Lower => Alternative::Less,
    };
    let quantile = StudentTQuantile::new(alpha);
    let is_superiority = matches!(margin, Margin::Superiority(_));
    let (test, interval): (MarginTest, _) = match scale {
        MarginScale::Absolute => {
            let tests = absolute.against_margin(size, better, alpha)?;
            let test = if is_superiority {
                tests.superiority
            } else {
                tests.noninferiority
            };
            let interval = Interval {
                lower: tests.bound,
                upper: tests.bound,
            };
            (test, Ok(interval))
        }
        MarginScale::Relative => {
            let tests = contrast.relative_margin(size, better)?;
            let test = if is_superiority {
                tests.superiority
            } else {
                tests.noninferiority
            };
            let worse = is_superiority == (better == Better::Lower);
            let part = if worse { -size } else { size };
            let limits = contrast.fieller_beside(part, &quantile);
            let interval = limits.map(|limits| Interval {
                lower: limits.lower,
                upper: limits.upper,
            });
            (test, interval)
        }
    };
    Ok(MarginTests {
        margin,
        towards: Tail {
            p_value: test.p_value,
            ln_p_value: test.ln_p_value,
        },
        opposite: Tail::above(-test.statistic, test.degrees_of_freedom),
        side,
        interval,
    })
}

/// Two one-sided tests, with the interval of error 2 alpha that lies within the limits exactly where both reject.
fn equivalence(
    margin: Margin,
    within: Interval,
    scale: MarginScale,
    contrast: &Contrast,
    absolute: &AbsoluteEffect,
    alpha: f64,
) -> Result<MarginTests, Undefined> {
    let (above, below, interval) = match scale {
        MarginScale::Absolute => {
            let tests = absolute.equivalence(within, alpha)?;
            let against = |statistic| Against {
                statistic,
                df: tests.degrees_of_freedom,
            };
            (
                against(tests.statistic_lower),
                against(tests.statistic_upper),
                Ok(tests.interval),
            )
        }
        MarginScale::Relative => {
            let quantile = StudentTQuantile::new(alpha);
            let side = contrast.base().signum();
            let limits = |limit: f64| contrast.fieller_beside(limit * side, &quantile);
            (
                Against::share(within.lower, contrast)?,
                Against::share(within.upper, contrast)?,
                limits(within.lower).and_then(|lower| {
                    Ok(Interval {
                        lower: lower.lower,
                        upper: limits(within.upper)?.upper,
                    })
                }),
            )
        }
    };
    Ok(MarginTests {
        margin,
        towards: above.exceeds().larger(below.falls_short()),
        opposite: above.falls_short().either(below.exceeds()),
        side: Alternative::TwoSided,
        interval,
    })
}

/// An effect against one limit.
#[derive(Debug, Clone, Copy)]
struct Against {
    /// Distance from the limit over its standard error.
    statistic: f64,
    df: f64,
}

impl Against {
    /// The difference against a share of control.
    fn share(share: f64, contrast: &Contrast) -> Result<Self, Undefined> {
        let base = contrast.base();
        if base == 0.0 {
            return Err(Undefined::ControlMeanZero);
        }
        let part = share * base.signum();
        let error = contrast.standard_error_beside(part);
        if error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        let against = Against {
            statistic: (contrast.difference() - part * base) / error,
            df: contrast.degrees_of_freedom_beside(part),
        };
        if against.statistic.is_nan() || against.df.is_nan() {
            return Err(Undefined::InvalidInput);
        }
        Ok(against)
    }

    /// Speaks for an effect above the limit.
    fn exceeds(self) -> Tail {
        Tail::above(self.statistic, self.df)
    }

    /// Speaks for an effect below it.
    fn falls_short(self) -> Tail {
        Tail::above(-self.statistic, self.df)
    }
}
