//! A treatment against control: the test, and the effect with its intervals.

use epstats_experiment::RelativeMethod;
use epstats_experiment::stats::{
    AbsoluteEffect, Adjusted, Alternative, Comparison, Estimate, Undefined, absolute_effect,
    fieller_interval_at,
};

use crate::profile::estimate::Arm;
use crate::profile::quantiles::Quantiles;
use crate::scorecard::finite;
use crate::{AbsoluteDifference, Effect, RelativeDifference, Value};

/// A treatment tested against control.
pub(super) struct Test {
    variants: Result<Comparison<Estimate>, Undefined>,
    welch: Result<AbsoluteEffect, Undefined>,
}

impl Test {
    pub(super) fn of(control: &Arm, treatment: &Arm, is_control: bool) -> Self {
        if is_control {
            return Test {
                variants: Err(Undefined::InvalidInput),
                welch: Err(Undefined::InvalidInput),
            };
        }
        let variants = control.estimate().and_then(|control| {
            let treatment = treatment.estimate()?;
            Ok(Comparison { control, treatment })
        });
        Test {
            welch: variants.and_then(|variants| absolute_effect(&variants, Alternative::TwoSided)),
            variants,
        }
    }

    pub(super) fn ln_p_value(&self) -> Option<f64> {
        self.welch.ok().map(|welch| welch.ln_p_value)
    }

    /// The effect of one treatment, with intervals at the level of its adjusted p-value.
    pub(super) fn effect(
        &self,
        control: &Arm,
        arm: &Arm,
        adjusted: Option<Adjusted>,
        quantiles: &mut Quantiles,
    ) -> Effect {
        let difference = difference(control, arm);
        let (variants, welch) = match (&self.variants, &self.welch) {
            (Ok(variants), Ok(welch)) => (variants, welch),
            (Err(reason), _) | (_, Err(reason)) => {
                return without_test(difference, relative(difference, control), *reason);
            }
        };
        let ratio = adjusted.map_or(1.0, |adjusted| adjusted.level_ratio);
        let quantile = quantiles.at(ratio);
        let interval = welch.interval_at(quantile);
        let fieller = fieller_interval_at(variants, quantile);
        Effect {
            absolute: Some(AbsoluteDifference {
                estimate: difference,
                standard_error: finite(welch.standard_error),
                lower: finite(interval.lower),
                upper: finite(interval.upper),
            }),
            relative: RelativeDifference {
                estimate: relative(difference, control),
                lower: fieller.map(|interval| interval.lower),
                upper: fieller.map(|interval| interval.upper),
                method: RelativeMethod::Fieller,
                symmetric: None,
            },
            degrees_of_freedom: finite(welch.degrees_of_freedom),
            statistic: finite(welch.statistic),
            p_value: Ok(welch.p_value),
            ln_p_value: finite(welch.ln_p_value),
            // By way of logarithms, so that the last digits could fall below the p-value itself.
            p_value_adjusted: Ok(adjusted.map_or(welch.p_value, |adjusted| {
                adjusted.p_value.max(welch.p_value)
            })),
            significant: adjusted.map(|adjusted| adjusted.p_value <= quantiles.alpha()),
            alternative: Alternative::TwoSided,
            margin: None,
            belief: None,
        }
    }
}

fn difference(control: &Arm, arm: &Arm) -> Value {
    finite(arm.mean? - control.mean?)
}

fn relative(difference: Value, control: &Arm) -> Value {
    let (difference, control) = (difference?, control.mean?);
    if control == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    finite(difference / control.abs())
}

/// What is left of an effect that cannot be tested.
fn without_test(difference: Value, relative: Value, reason: Undefined) -> Effect {
    Effect {
        absolute: Some(AbsoluteDifference {
            estimate: difference,
            standard_error: Err(reason),
            lower: Err(reason),
            upper: Err(reason),
        }),
        relative: RelativeDifference {
            estimate: relative,
            lower: Err(reason),
            upper: Err(reason),
            method: RelativeMethod::Fieller,
            symmetric: None,
        },
        degrees_of_freedom: Err(reason),
        statistic: Err(reason),
        p_value: Err(reason),
        ln_p_value: Err(reason),
        p_value_adjusted: Err(reason),
        significant: None,
        alternative: Alternative::TwoSided,
        margin: None,
        belief: None,
    }
}
