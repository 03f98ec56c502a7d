//! The estimate of a metric in one variant, with the variance of one unit.

mod affine;
mod exact;
mod marginal;
mod quantile;
mod quantities;
mod quotient;

use epstats_experiment::stats::{Estimate, Undefined};
use epstats_experiment::{Metric, MetricNeeds, Reading, Statistics, Sums};

pub(super) use self::affine::{Affine, Tangent};
use self::exact::Exact;
use self::marginal::Marginal;
use self::quantile::Quantile;
pub(super) use self::quantities::Quantities;
use self::quotient::Quotient;
use crate::Value;
use crate::variants::{Data, Variant};

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
    /// From order statistics of events.
    Quantile(Quantile<'a>),
    /// The statistics do not have the goals.
    Unanswered,
}

impl<'a> Estimator<'a> {
    /// For a metric and what it reads; `numerator` is that of the needs, or the one without caps.
    pub(super) fn new(
        metric: &'a Metric,
        needs: &'a MetricNeeds<'a>,
        numerator: &'a Reading<'a>,
        statistics: &'a Statistics,
        unit_type: &str,
    ) -> Self {
        if let Some(quantile) = &needs.quantile {
            let found = Quantile::new(quantile, statistics);
            return found.map_or(Estimator::Unanswered, Estimator::Quantile);
        }
        let estimator = match &statistics.sums {
            Sums::Exact { pairs, .. } => {
                let quantities = Quantities::of(statistics);
                let denominator = needs.denominator.as_ref();
                Quotient::compile(numerator, denominator, quantities, unit_type)
                    .map(|quotient| Estimator::Exact(Exact::new(quotient, pairs)))
            }
            Sums::Marginal { .. } => {
                Marginal::new(metric, &statistics.goals).map(Estimator::Marginal)
            }
        };
        estimator.unwrap_or(Estimator::Unanswered)
    }

    /// The estimate in one variant; `scratch` is room for gradients, whatever is in it.
    pub(super) fn arm(&self, variant: &Variant<'_>, scratch: &mut Vec<f64>) -> Arm {
        match (self, variant.data) {
            (Estimator::Quantile(quantile), _) => quantile.arm(&variant.name),
            (_, Data::Nothing(reason)) => Arm::nothing(reason),
            (Estimator::Exact(exact), Data::Exact(moments)) => exact.arm(moments, scratch),
            (Estimator::Marginal(marginal), Data::Marginal(sums)) => marginal.arm(sums),
            _ => Arm::nothing(Undefined::InvalidInput),
        }
    }
}
