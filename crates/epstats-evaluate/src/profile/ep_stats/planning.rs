//! What a metric's minimum effect asks for: required sample size, power, and the risk of a false positive.

use epstats_experiment::stats::{Probability, Undefined, false_positive_risk};

use super::arm::{Arm, number};
use crate::Value;
use crate::ep_stats::{power_from_required, round_sample_size, sample_size};
use crate::profile::REQUIRED_POWER;

/// Planning quantities of one treatment; `None` where they are not asked for.
#[derive(Default)]
pub(super) struct Planning {
    pub(super) required_sample_size: Option<Value>,
    pub(super) power: Option<Value>,
    pub(super) false_positive_risk: Option<Value>,
}

/// How all treatments of an experiment are judged.
pub(super) struct Judgement {
    /// The confidence level in force.
    pub(super) level: f64,
    /// Number of variants, control included.
    pub(super) n_variants: usize,
    /// Share of experiments without an effect.
    pub(super) null_hypothesis_rate: Option<Probability>,
}

impl Judgement {
    /// The quantities of one treatment; `reason` is behind every NaN.
    pub(super) fn planning(
        &self,
        minimum_effect: f64,
        control: &Arm,
        arm: &Arm,
        p_value: f64,
        reason: Undefined,
    ) -> Planning {
        let Judgement {
            level, n_variants, ..
        } = *self;
        let deviations = (control.numbers.std, Some(arm.numbers.std));
        let mean = control.numbers.mean;
        let required = sample_size(
            n_variants,
            minimum_effect,
            mean,
            deviations,
            level,
            REQUIRED_POWER,
        )
        .map_or(f64::NAN, round_sample_size);
        let n = arm.numbers.n;
        let power = power_from_required(n_variants, n, required, REQUIRED_POWER, level);
        let power = number(power, reason);
        let rate = self.null_hypothesis_rate.filter(|_| p_value < 1.0 - level);
        Planning {
            required_sample_size: Some(number(required, reason)),
            power: Some(power),
            false_positive_risk: rate
                .map(|rate| false_positive_risk(p_value, power?, rate.value())),
        }
    }
}
