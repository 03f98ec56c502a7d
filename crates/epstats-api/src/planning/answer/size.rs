//! What an experiment of one size can show.

use epstats_experiment::stats::{
    Comparison, Design, PlannedVariant, Reference, Undefined, minimum_detectable_effect, power,
    student_t_minimum_detectable_effect, student_t_power,
};

use super::{PlannedUnits, design};
use crate::planning::{Answered, PlanRequest};

/// What an experiment of one size can show.
#[derive(Clone, Copy)]
pub(super) struct Size {
    planned: Comparison<PlannedVariant>,
    pub(super) standard_error: f64,
    reference: Reference,
    pub(super) design: Design,
}

impl Size {
    pub(super) fn of(request: &PlanRequest, units: PlannedUnits) -> Answered<Self> {
        let Comparison { control, treatment } = request.unit_variances;
        let variant = |unit_variance, n| PlannedVariant { unit_variance, n };
        let error = (control / units.control + treatment / units.treatment).sqrt();
        Ok(Size {
            planned: Comparison {
                control: variant(control, units.control),
                treatment: variant(treatment, units.treatment),
            },
            standard_error: error,
            reference: request.reference,
            design: design(request),
        })
    }

    pub(super) fn power(&self, distance: f64) -> Answered<f64> {
        if self.standard_error == 0.0 {
            return self.without_error(distance);
        }
        match self.reference {
            Reference::Normal => power(distance, self.standard_error, &self.design),
            Reference::StudentT(pooling) => {
                student_t_power(distance, &self.planned, pooling, &self.design)
                    .map(|found| found.power)
            }
        }
    }

    /// Infinitely many units, or values that do not vary: any distance is seen, and none is no more than chance.
    fn without_error(&self, distance: f64) -> Answered<f64> {
        if distance > 0.0 {
            let is_infinite = self.planned.control.n.is_infinite();
            return if is_infinite {
                Err(Undefined::InvalidInput)
            } else {
                Ok(1.0)
            };
        }
        power(0.0, 1.0, &self.design)
    }

    pub(super) fn minimum_detectable_effect(&self, power: f64) -> Answered<f64> {
        if self.standard_error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        match self.reference {
            Reference::Normal => {
                minimum_detectable_effect(power, self.standard_error, &self.design)
            }
            Reference::StudentT(pooling) => {
                student_t_minimum_detectable_effect(power, &self.planned, pooling, &self.design)
            }
        }
    }
}
