//! A treatment against control: the test, and the effect with its intervals.

use epstats_experiment::stats::{
    AbsoluteEffect, Alternative, Comparison, Contrast, Estimate, Interval, LogRatio, Undefined,
    log_ratio,
};
use epstats_experiment::{Metric, RelativeMethod};

use super::family::Corrected;
use crate::profile::estimate::Arm;
use crate::profile::quantiles::Quantiles;
use crate::scorecard::finite;
use crate::{AbsoluteDifference, Effect, RelativeDifference, Value};

/// A treatment beside control.
pub(super) struct Compared {
    /// The difference, and what it is relative to.
    pub(super) contrast: Result<Contrast, Undefined>,
    /// The test of the difference.
    pub(super) absolute: Result<AbsoluteEffect, Undefined>,
    /// The logarithm of the ratio, where the metric asks for it.
    logarithm: Option<Result<LogRatio, Undefined>>,
    /// Treatment minus control, also where it cannot be tested.
    pub(super) difference: Value,
    /// The same over the size of control.
    pub(super) relative: Value,
}

impl Compared {
    /// Two independent estimates.
    pub(super) fn independent(metric: &Metric, control: &Arm, treatment: &Arm) -> Self {
        let difference = treatment.mean.and_then(|mean| finite(mean - control.mean?));
        let points = Points {
            difference,
            relative: difference.and_then(|difference| relative(difference, control.mean?)),
        };
        let pair = control.estimate().and_then(|control| {
            let treatment = treatment.estimate()?;
            Ok(Comparison { control, treatment })
        });
        let contrast = pair.and_then(|pair| Contrast::of_independent(&pair));
        Self::new(
            metric,
            contrast,
            || log_ratio(&pair?, metric.alternative),
            points,
        )
    }

    /// A contrast of what covariates or strata leave; `pair` are its two estimates.
    pub(super) fn adjusted(
        metric: &Metric,
        contrast: Result<Contrast, Undefined>,
        pair: Result<Comparison<Estimate>, Undefined>,
    ) -> Self {
        let points = Points {
            difference: contrast.map(|contrast| contrast.difference()),
            relative: contrast
                .and_then(|contrast| relative(contrast.difference(), contrast.base())),
        };
        Self::new(
            metric,
            contrast,
            || log_ratio(&pair?, metric.alternative),
            points,
        )
    }

    /// A contrast whose estimates are known together only.
    pub(super) fn stratified(metric: &Metric, contrast: Result<Contrast, Undefined>) -> Self {
        let points = Points {
            difference: contrast.map(|contrast| contrast.difference()),
            relative: contrast
                .and_then(|contrast| relative(contrast.difference(), contrast.base())),
        };
        Self::new(
            metric,
            contrast,
            || contrast?.log_ratio(metric.alternative),
            points,
        )
    }

    fn new(
        metric: &Metric,
        contrast: Result<Contrast, Undefined>,
        logarithm: impl FnOnce() -> Result<LogRatio, Undefined>,
        points: Points,
    ) -> Self {
        let logarithm = (metric.relative == RelativeMethod::Log).then(logarithm);
        let relative = match logarithm {
            Some(Ok(logarithm)) => finite(logarithm.relative()),
            _ => points.relative,
        };
        Compared {
            absolute: contrast.and_then(|contrast| contrast.absolute(metric.alternative)),
            contrast,
            logarithm,
            difference: points.difference,
            relative,
        }
    }

    /// Logarithm of the p-value, where there is one.
    pub(super) fn ln_p_value(&self) -> Option<f64> {
        self.absolute.ok().map(|effect| effect.ln_p_value)
    }

    /// The effect, with intervals at the level of its adjusted p-value; margin and belief are left to others.
    pub(super) fn effect(
        &self,
        metric: &Metric,
        corrected: Option<Corrected>,
        alpha: f64,
        quantiles: &mut Quantiles,
    ) -> Effect {
        let (contrast, absolute) = match (&self.contrast, &self.absolute) {
            (Ok(contrast), Ok(absolute)) => (contrast, absolute),
            (Err(reason), _) | (_, Err(reason)) => return self.without_test(metric, *reason),
        };
        let error = corrected.map_or(alpha, |corrected| corrected.error);
        let quantile = quantiles.at(metric.alternative.tail(error));
        // Corrections go by way of logarithms, whose last digits could leave less than the p-value itself.
        let p_value_adjusted = corrected.map_or(absolute.p_value, |corrected| {
            corrected.p_value.max(absolute.p_value)
        });
        let interval = absolute.interval_at(quantile);
        let relative = match (metric.relative, &self.logarithm) {
            (RelativeMethod::Log, Some(logarithm)) => {
                logarithm.map(|logarithm| logarithm.relative_interval(error))
            }
            (RelativeMethod::Delta, _) => contrast
                .relative_delta(metric.alternative)
                .map(|effect| effect.interval_at(quantile)),
            _ => contrast.fieller_at(quantile).map(|limits| Interval {
                lower: limits.lower,
                upper: limits.upper,
            }),
        };
        let [lower, upper] = limits(metric.alternative, Ok(interval));
        let [relative_lower, relative_upper] = limits(metric.alternative, relative);
        Effect {
            absolute: Some(AbsoluteDifference {
                estimate: self.difference,
                standard_error: finite(absolute.standard_error),
                lower,
                upper,
            }),
            relative: RelativeDifference {
                estimate: self.relative,
                lower: relative_lower,
                upper: relative_upper,
                method: metric.relative,
                symmetric: None,
            },
            degrees_of_freedom: finite(absolute.degrees_of_freedom),
            statistic: finite(absolute.statistic),
            alternative: metric.alternative,
            p_value: Ok(absolute.p_value),
            ln_p_value: finite(absolute.ln_p_value),
            p_value_adjusted: Ok(p_value_adjusted),
            significant: Some(p_value_adjusted <= alpha),
            margin: None,
            belief: None,
        }
    }

    /// What is left of an effect that cannot be tested.
    fn without_test(&self, metric: &Metric, reason: Undefined) -> Effect {
        Effect {
            absolute: Some(AbsoluteDifference {
                estimate: self.difference,
                standard_error: Err(reason),
                lower: Err(reason),
                upper: Err(reason),
            }),
            relative: RelativeDifference {
                estimate: self.relative,
                lower: Err(reason),
                upper: Err(reason),
                method: metric.relative,
                symmetric: None,
            },
            degrees_of_freedom: Err(reason),
            statistic: Err(reason),
            alternative: metric.alternative,
            p_value: Err(reason),
            ln_p_value: Err(reason),
            p_value_adjusted: Err(reason),
            significant: None,
            margin: None,
            belief: None,
        }
    }
}

/// Differences that need no variance.
struct Points {
    difference: Value,
    relative: Value,
}

fn relative(difference: f64, control: f64) -> Value {
    if control == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    finite(difference / control.abs())
}

/// The limits of an interval, of which a one-sided alternative leaves one open.
pub(super) fn limits(
    alternative: Alternative,
    interval: Result<Interval, Undefined>,
) -> [Value; 2] {
    let lower = match alternative {
        Alternative::Less => interval.map(|_| f64::NEG_INFINITY),
        Alternative::TwoSided | Alternative::Greater => {
            interval.and_then(|interval| finite(interval.lower))
        }
    };
    let upper = match alternative {
        Alternative::Greater => interval.map(|_| f64::INFINITY),
        Alternative::TwoSided | Alternative::Less => {
            interval.and_then(|interval| finite(interval.upper))
        }
    };
    [lower, upper]
}
