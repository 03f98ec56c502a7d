//! The estimate of a metric in one variant, with the variance of one unit.

mod exact;
mod marginal;

use epstats_experiment::stats::{Estimate, Undefined};
use epstats_experiment::{Metric, Statistics, Sums};

use self::exact::Exact;
use self::marginal::Marginal;
use crate::Value;
use crate::variants::Data;

/// A metric in one variant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arm {
    pub(super) sample_size: Value,
    pub(super) sum: Value,
    pub(super) mean: Value,
    pub(super) unit_variance: Value,
    /// Do the sums leave the variance fewer than eight digits?
    pub(super) precision_lost: bool,
}

impl Arm {
    fn nothing(reason: Undefined) -> Self {
        Arm {
            sample_size: Err(reason),
            sum: Err(reason),
            mean: Err(reason),
            unit_variance: Err(reason),
            precision_lost: false,
        }
    }

    /// All that an effect needs, or what is missing.
    pub(super) fn estimate(&self) -> Result<Estimate, Undefined> {
        Ok(Estimate {
            value: self.mean?,
            unit_variance: self.unit_variance?,
            n: self.sample_size?,
        })
    }

    /// Standard error of the estimate: √v/√n.
    pub(super) fn standard_error(&self) -> Value {
        Ok(self.unit_variance?.sqrt() / self.sample_size?.sqrt())
    }
}

/// How a metric is estimated in every variant of some statistics.
pub(super) enum Estimator<'a> {
    /// From exact moments.
    Exact(Exact<'a>),
    /// From sums alone.
    Marginal(Marginal<'a>),
    /// The statistics do not have the goals.
    Unanswered,
}

impl<'a> Estimator<'a> {
    pub(super) fn new(metric: &'a Metric, statistics: &'a Statistics, unit_type: &str) -> Self {
        let goals = &statistics.goals[..];
        let estimator = match &statistics.sums {
            Sums::Exact { pairs, .. } => {
                Exact::new(metric, goals, pairs, unit_type).map(Estimator::Exact)
            }
            Sums::Marginal { .. } => Marginal::new(metric, goals).map(Estimator::Marginal),
        };
        estimator.unwrap_or(Estimator::Unanswered)
    }

    /// The estimate in one variant; `scratch` is room for gradients, whatever is in it.
    pub(super) fn arm(&self, data: Data<'_>, scratch: &mut Vec<f64>) -> Arm {
        match (self, data) {
            (_, Data::Nothing(reason)) => Arm::nothing(reason),
            (Estimator::Exact(exact), Data::Exact(moments)) => exact.arm(moments, scratch),
            (Estimator::Marginal(marginal), Data::Marginal(sums)) => marginal.arm(sums),
            _ => Arm::nothing(Undefined::InvalidInput),
        }
    }
}
