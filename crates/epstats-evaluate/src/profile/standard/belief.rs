//! What is believed of effects.

use epstats_experiment::stats::{
    Alternative, EffectEstimate, EffectScale, NormalBelief, Prior, ScaledBelief, Undefined,
    normal_posterior, shrink,
};
use epstats_experiment::{Belief, Metric};

use super::compare::Compared;
use crate::{BeliefResult, PosteriorResult, PriorResult};

/// What is believed before the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Believed {
    prior: Result<Prior, Undefined>,
    scale: EffectScale,
    past_experiments: Option<usize>,
}

impl Believed {
    pub(super) fn of(belief: &Belief) -> Self {
        let normal = |ScaledBelief { belief, scale }: ScaledBelief| Believed {
            prior: Ok(Prior::Normal(belief)),
            scale,
            past_experiments: None,
        };
        match belief {
            Belief::Flat => Believed {
                prior: Ok(Prior::Flat),
                scale: EffectScale::Absolute,
                past_experiments: None,
            },
            Belief::Normal(belief) => normal(*belief),
            Belief::Past(experiments) => Believed {
                prior: of_past(experiments),
                scale: EffectScale::Relative,
                past_experiments: Some(experiments.len()),
            },
        }
    }

    /// What the scorecard tells of it.
    pub(super) fn result(&self) -> Result<PriorResult, Undefined> {
        Ok(PriorResult {
            scale: self.scale,
            normal: match self.prior? {
                Prior::Flat => None,
                Prior::Normal(belief) => Some((belief.mean, belief.standard_deviation)),
            },
            past_experiments: self.past_experiments,
        })
    }

    /// What is believed of an effect.
    pub(super) fn after(&self, metric: &Metric, compared: &Compared, alpha: f64) -> BeliefResult {
        let posterior = compared.contrast.and_then(|contrast| {
            let estimate: EffectEstimate = match self.scale {
                EffectScale::Absolute => contrast.absolute(Alternative::TwoSided)?.into(),
                EffectScale::Relative => contrast.relative_delta(Alternative::TwoSided)?.into(),
            };
            let posterior = normal_posterior(&estimate, &self.prior?)?;
            let interval = posterior.credible_interval(alpha);
            let loss = posterior.expected_loss(metric.better);
            Ok(PosteriorResult {
                mean: posterior.mean,
                standard_deviation: posterior.standard_deviation,
                lower: interval.lower,
                upper: interval.upper,
                chance_to_win: posterior.chance_to_win(metric.better).chance,
                expected_loss_of_treatment: loss.of_treatment,
                expected_loss_of_control: loss.of_control,
            })
        });
        BeliefResult {
            scale: self.scale,
            posterior,
        }
    }
}

/// The distribution of the true effects of past experiments; undefined where their scatter is no more than chance.
fn of_past(experiments: &[EffectEstimate]) -> Result<Prior, Undefined> {
    let past = shrink(experiments)?;
    if past.tau_squared > 0.0 {
        Ok(Prior::Normal(NormalBelief {
            mean: past.mean,
            standard_deviation: past.tau_squared.sqrt(),
        }))
    } else {
        Err(Undefined::ZeroVariance)
    }
}
