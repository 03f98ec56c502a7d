//! The answer to a plan.

mod document;
mod size;

use epstats_experiment::stats::{
    Aim, Alternative, Design, Evidence, RequiredUnits, Requirement, SignAndSize, Undefined,
    duration_days, false_positive_risk, required_units, sign_and_size, up_to_whole_weeks,
};

use super::{Answered, PlanAim, PlanRequest, PlanUnits};
use size::Size;

/// What an experiment of some size can show. `None` means not asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanAnswer {
    /// The units needed, or those there are.
    pub units: Answered<PlannedUnits>,
    /// Days until they have come.
    pub duration_days: Option<Answered<f64>>,
    /// Probability to show the aim with them.
    pub power: Option<Answered<f64>>,
    /// Standard error of the absolute effect.
    pub standard_error: Answered<f64>,
    /// The smallest effect that is found with the power that is asked for.
    pub minimum_detectable_effect: Option<Detectable>,
    /// The smallest margin that is shown with it, where the aim is non-inferiority.
    pub minimum_detectable_margin: Option<Detectable>,
    /// What significant results are like, where a two-sided test looks for an effect.
    pub sign_and_size: Option<Answered<SignAndSize>>,
    /// How often significant results are false ones.
    pub false_positive_risk: Option<FalsePositiveRisk>,
}

/// Units of an experiment; infinite where no number is enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedUnits {
    /// Of control.
    pub control: f64,
    /// Of each treatment.
    pub treatment: f64,
    /// Of all variants together.
    pub total: f64,
}

/// An effect or a margin on both scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detectable {
    /// In units of the metric.
    pub absolute: Answered<f64>,
    /// As a share of control's mean; `None` where that is not known.
    pub relative: Option<Answered<f64>>,
}

/// Probability that there is no effect although a result is significant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FalsePositiveRisk {
    /// Of any significant result.
    pub significant: Answered<f64>,
    /// Of one in the direction that was hoped for.
    pub winner: Answered<f64>,
}

/// Answers a plan: the units it needs, or what those it has can show.
///
/// Each treatment is compared with control, and the error is shared by Bonferroni. What is not given follows from the size: power for the aim, smallest
/// effect for the power, days for the units.
#[must_use]
pub fn answer_plan(request: &PlanRequest) -> PlanAnswer {
    let units = match request.units {
        None => needed(request),
        Some(units) => given(request, units),
    };
    let size = units.and_then(|units| Size::of(request, units));
    let power = request
        .aim
        .map(|aim| size.and_then(|size| size.power(distance(aim))));
    let smallest = size.and_then(|size| size.minimum_detectable_effect(request.power));
    let (effect, margin) = match request.aim {
        None | Some(PlanAim::Effect(_)) => (Some(on_both_scales(request, smallest)), None),
        Some(PlanAim::Margin { true_effect, .. }) => {
            let margin = smallest.map(|distance| (distance - true_effect).max(0.0));
            (None, Some(on_both_scales(request, margin)))
        }
    };
    PlanAnswer {
        units,
        duration_days: request
            .traffic
            .map(|_| units.and_then(|units| days(request, units))),
        power,
        standard_error: size.map(|size| size.standard_error),
        minimum_detectable_effect: effect,
        minimum_detectable_margin: margin,
        sign_and_size: of_significant(request, size),
        false_positive_risk: risk(request, power),
    }
}

/// How each treatment is judged.
fn design(request: &PlanRequest) -> Design {
    let is_one_sided = request.one_sided || matches!(request.aim, Some(PlanAim::Margin { .. }));
    Design {
        alpha: request.confidence_level.alpha(),
        alternative: if is_one_sided {
            Alternative::Greater
        } else {
            Alternative::TwoSided
        },
        comparisons: request.comparisons,
    }
}

/// How far the truth is from the null hypothesis, in the direction that is to be shown.
fn distance(aim: PlanAim) -> f64 {
    match aim {
        PlanAim::Effect(effect) => effect.abs(),
        PlanAim::Margin {
            margin,
            true_effect,
        } => margin + true_effect,
    }
}

fn needed(request: &PlanRequest) -> Answered<PlannedUnits> {
    let aim = match request.aim.ok_or(Undefined::InvalidInput)? {
        PlanAim::Effect(effect) => Aim::Absolute(effect.abs()),
        PlanAim::Margin {
            margin,
            true_effect,
        } => Aim::NonInferiority {
            margin,
            true_effect,
        },
    };
    let RequiredUnits {
        control,
        treatment,
        total,
        ..
    } = required_units(&Requirement {
        unit_variances: request.unit_variances,
        aim,
        power: request.power,
        design: design(request),
        treatments: request.treatments,
        treatment_per_control: request.treatment_per_control,
        reference: request.reference,
    })?;
    Ok(PlannedUnits {
        control,
        treatment,
        total,
    })
}

/// The units there are, in whole ones.
fn given(request: &PlanRequest, units: PlanUnits) -> Answered<PlannedUnits> {
    let treatments = f64::from(request.treatments);
    let ratio = request.treatment_per_control;
    let control = match units {
        PlanUnits::Control(control) => control,
        PlanUnits::Total(total) => total / (1.0 + treatments * ratio),
        PlanUnits::Days(days) => {
            let traffic = request.traffic.ok_or(Undefined::InvalidInput)?;
            let total = run_days(request, days) * traffic.daily_units * traffic.share;
            total / (1.0 + treatments * ratio)
        }
    };
    let treatment = down_to_whole(control * ratio);
    let control = down_to_whole(control);
    if control < 2.0 || treatment < 2.0 {
        return Err(Undefined::TooFewUnits);
    }
    Ok(PlannedUnits {
        control,
        treatment,
        total: control + treatments * treatment,
    })
}

/// The largest whole number that is not above, where a few missing roundings are none.
fn down_to_whole(units: f64) -> f64 {
    (units * (1.0 + 4.0 * f64::EPSILON)).floor()
}

fn days(request: &PlanRequest, units: PlannedUnits) -> Answered<f64> {
    let traffic = request.traffic.ok_or(Undefined::InvalidInput)?;
    let days = match request.units {
        Some(PlanUnits::Days(days)) => days,
        _ => duration_days(units.total, &traffic)?,
    };
    Ok(run_days(request, days))
}

/// The days that the experiment runs: those that it takes, or whole weeks of them.
fn run_days(request: &PlanRequest, days: f64) -> f64 {
    if request.whole_weeks {
        up_to_whole_weeks(days)
    } else {
        days
    }
}

fn on_both_scales(request: &PlanRequest, absolute: Answered<f64>) -> Detectable {
    let share = |mean: f64| {
        if mean == 0.0 {
            Err(Undefined::ControlMeanZero)
        } else {
            absolute.map(|absolute| absolute / mean.abs())
        }
    };
    Detectable {
        absolute,
        relative: request.control_mean.map(share),
    }
}

/// Errors of sign and of size; of a one-sided test or of a margin there is no such question.
fn of_significant(request: &PlanRequest, size: Answered<Size>) -> Option<Answered<SignAndSize>> {
    match request.aim {
        Some(PlanAim::Effect(effect)) if !request.one_sided => Some(size.and_then(|size| {
            let alpha = size.design.alpha / f64::from(size.design.comparisons);
            sign_and_size(effect, size.standard_error, alpha)
        })),
        _ => None,
    }
}

fn risk(request: &PlanRequest, power: Option<Answered<f64>>) -> Option<FalsePositiveRisk> {
    let (rate, power) = (request.null_hypothesis_rate?, power?);
    let design = design(request);
    let alpha = design.alpha / f64::from(design.comparisons);
    let of = |evidence: Evidence| {
        power.and_then(|power| false_positive_risk(evidence.false_positive_rate(), power, rate))
    };
    let any = Evidence::Level(alpha);
    Some(FalsePositiveRisk {
        significant: of(any),
        winner: of(match design.alternative {
            Alternative::TwoSided => Evidence::WinningSide(alpha),
            Alternative::Greater | Alternative::Less => any,
        }),
    })
}
