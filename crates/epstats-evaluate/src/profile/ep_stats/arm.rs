//! A metric in one variant, and the reasons behind every NaN of `ep-stats`.

use epstats_experiment::GoalSums;
use epstats_experiment::stats::{Undefined, from_sums};

use crate::Value;
use crate::ep_stats::Variant;

/// A metric in one variant.
pub(super) struct Arm {
    pub(super) numbers: Variant,
    pub(super) unit_variance: Value,
    pub(super) precision_lost: bool,
    /// What is missing where one of the numbers is NaN.
    pub(super) reason: Undefined,
}

impl Arm {
    pub(super) fn of(total: GoalSums, n: f64, missing: Option<Undefined>) -> Self {
        let sums = from_sums(n, total.sum, total.sum_of_squares);
        let reason = missing.unwrap_or(match sums.variance {
            _ if n == 0.0 => Undefined::DenominatorZero,
            Err(reason) => reason,
            Ok(_) => Undefined::InvalidInput,
        });
        Arm {
            numbers: Variant::from_sums(n, total.sum, total.sum_of_squares),
            unit_variance: sums.variance,
            precision_lost: sums.precision_lost(),
            reason,
        }
    }

    pub(super) fn unanswered() -> Self {
        Arm::of(
            GoalSums {
                sum: f64::NAN,
                sum_of_squares: f64::NAN,
            },
            f64::NAN,
            Some(Undefined::InvalidInput),
        )
    }
}

/// Why numbers of a comparison are NaN.
pub(super) fn why(control: &Arm, treatment: &Arm) -> Undefined {
    for arm in [control, treatment] {
        if arm.unit_variance.is_err() {
            return arm.reason;
        }
    }
    if control.numbers.mean == 0.0 {
        Undefined::ControlMeanZero
    } else if control.numbers.std == 0.0 && treatment.numbers.std == 0.0 {
        Undefined::ZeroVariance
    } else {
        Undefined::InvalidInput
    }
}

/// A number of `ep-stats`, infinities included; its NaN is undefined.
pub(super) fn number(value: f64, reason: Undefined) -> Value {
    if value.is_nan() {
        Err(reason)
    } else {
        Ok(value)
    }
}
