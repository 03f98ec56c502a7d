//! Plans of metrics as JSON.

use serde::Serialize;

use super::MetricPlan;
use crate::planning::{PlanAim, PlanAnswer, PlanRequest, answer_plan};
use crate::scorecard::number::{Id, Number, Reasons};

#[derive(Serialize)]
struct MetricPlanDocument<'p> {
    id: Id,
    name: &'p str,
    baseline: Baseline,
    aim: Option<Aim>,
    answer: Option<PlanAnswer>,
    /// Why there is no answer.
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct Baseline {
    mean: Number,
    standard_deviation: Number,
    variance_ratio: Number,
    reasons: Reasons,
}

#[derive(Serialize)]
struct Aim {
    kind: &'static str,
    absolute: Number,
    relative: Number,
}

/// The answers to plans of metrics as JSON: a list with an object for each.
#[must_use]
pub fn plans_json(plans: &[MetricPlan]) -> String {
    let documents: Vec<MetricPlanDocument<'_>> = plans.iter().map(document).collect();
    serde_json::to_string(&documents).expect("a document of finite numbers can always be written")
}

fn document(plan: &MetricPlan) -> MetricPlanDocument<'_> {
    let mut reasons = Reasons::default();
    let baseline = Baseline {
        mean: reasons.number("mean", plan.mean),
        standard_deviation: reasons.number("standard_deviation", plan.standard_deviation),
        variance_ratio: reasons.number("variance_ratio", plan.variance_ratio),
        reasons,
    };
    let request = plan.request.as_ref().ok();
    MetricPlanDocument {
        id: Id::new(&plan.id),
        name: &plan.name,
        baseline,
        aim: request.and_then(aim),
        answer: request.map(answer_plan),
        reason: plan.request.err().map(super::NoPlan::code),
    }
}

fn aim(request: &PlanRequest) -> Option<Aim> {
    let (kind, size) = match request.aim? {
        PlanAim::Effect(effect) => ("effect", effect),
        PlanAim::Margin { margin, .. } => ("margin", margin),
    };
    let mean = request.control_mean.filter(|mean| *mean != 0.0);
    Some(Aim {
        kind,
        absolute: Number::plain(size),
        relative: mean.map_or(Number::NONE, |mean| Number::plain(size / mean.abs())),
    })
}
