//! What a metric's minimum effect asks for: required sample size, power, and the risk of a false positive.

use epstats_experiment::stats::{
    Alternative, Comparison, Design, PlannedTest, Probability, Undefined, false_positive_risk,
};

use crate::profile::REQUIRED_POWER;
use crate::profile::estimate::Arm;
use crate::scorecard::finite;
use crate::{Effect, Value};

/// Planning quantities of one treatment; `None` where they are not asked for.
#[derive(Default)]
pub(super) struct Planning {
    pub(super) required_sample_size: Option<Value>,
    pub(super) power: Option<Value>,
    pub(super) false_positive_risk: Option<Value>,
}

/// How all treatments of an experiment are judged.
pub(super) struct Judgement {
    /// With the error of all comparisons of a metric together.
    two_sided: Result<PlannedTest, Undefined>,
    one_sided: Result<PlannedTest, Undefined>,
    /// Share of experiments without an effect.
    null_hypothesis_rate: Option<Probability>,
}

impl Judgement {
    pub(super) fn new(
        alpha: f64,
        n_variants: usize,
        null_hypothesis_rate: Option<Probability>,
    ) -> Self {
        let planned = |alternative| {
            let design = Design {
                alpha,
                alternative,
                comparisons: u32::try_from(n_variants - 1).unwrap_or(u32::MAX),
            };
            PlannedTest::new(&design, REQUIRED_POWER)
        };
        Judgement {
            two_sided: planned(Alternative::TwoSided),
            one_sided: planned(Alternative::Greater),
            null_hypothesis_rate,
        }
    }

    /// The quantities of one treatment, which gets `per_control` units for each unit of control.
    pub(super) fn planning(
        &self,
        minimum_effect: f64,
        alternative: Alternative,
        control: &Arm,
        arm: &Arm,
        per_control: f64,
        effect: &Effect,
    ) -> Planning {
        let planned = match alternative {
            Alternative::TwoSided => self.two_sided,
            Alternative::Greater | Alternative::Less => self.one_sided,
        };
        let to_find = to_find(minimum_effect, control);
        let power = to_find.and_then(|to_find| {
            let absolute = effect.absolute.ok_or(Undefined::InvalidInput)?;
            planned?.power(to_find, absolute.standard_error?)
        });
        let required = to_find.and_then(|to_find| {
            let variances = Comparison {
                control: control.unit_variance?,
                treatment: arm.unit_variance?,
            };
            let of_control = planned?.required_sample_size(&variances, to_find, per_control)?;
            finite((of_control * per_control).ceil().max(2.0))
        });
        let rate = self
            .null_hypothesis_rate
            .filter(|_| effect.significant == Some(true));
        let risk = rate.map(|rate| false_positive_risk(effect.p_value?, power?, rate.value()));
        Planning {
            required_sample_size: Some(required),
            power: Some(power),
            false_positive_risk: risk,
        }
    }
}

/// The minimum effect on the absolute scale.
fn to_find(minimum_effect: f64, control: &Arm) -> Value {
    let mean = control.mean?;
    if mean == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    finite(minimum_effect * mean.abs())
}
