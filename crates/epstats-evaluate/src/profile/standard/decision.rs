//! What follows from the numbers: for each metric of a treatment, and for the treatment.

use std::sync::Arc;

use epstats_experiment::stats::Better;
use epstats_experiment::{Margin, Metric, Role};

use crate::{
    CheckResult, Decision, Effect, Finding, MarginOutcome, MetricResult, Outcome,
    TreatmentDecision, VariantResult, Verdict,
};

/// What the data say about one metric of one treatment.
pub(super) fn of_metric(metric: &Metric, effect: &Effect) -> Decision {
    let direction = direction(metric, effect);
    let Some(margin) = effect.margin else {
        return by_difference(effect, direction);
    };
    let outcome = match margin.outcome {
        Ok(outcome) => outcome,
        Err(reason) => return undecided(format!("no test: {}", reason.sentence())),
    };
    match (margin.margin, outcome) {
        (Margin::NonInferiority(_), MarginOutcome::Holds) => match direction {
            Some(Finding::Better) => decided(Finding::Better, "better than control"),
            Some(_) => decided(
                Finding::Acceptable,
                "worse than control, but not by as much as the margin",
            ),
            None => decided(Finding::Acceptable, "not worse by as much as the margin"),
        },
        (Margin::NonInferiority(_), MarginOutcome::Broken) => {
            decided(Finding::Worse, "worse by more than the margin")
        }
        (Margin::NonInferiority(_), MarginOutcome::Inconclusive) => {
            undecided("neither shown to be worse by more than the margin, nor not to be".to_owned())
        }
        (Margin::Superiority(_), MarginOutcome::Holds) => {
            decided(Finding::Better, "better by more than the margin")
        }
        (Margin::Superiority(_), _) => match direction {
            Some(Finding::Worse) => decided(Finding::Worse, "worse than control"),
            Some(_) => undecided(
                "better than control, but not shown to be so by more than the margin".to_owned(),
            ),
            None => undecided("not shown to be better by more than the margin".to_owned()),
        },
        (Margin::Equivalence { .. }, MarginOutcome::Holds) => {
            decided(Finding::Acceptable, "equivalent to control")
        }
        (Margin::Equivalence { .. }, MarginOutcome::Broken) => match sign(metric, effect) {
            Some(Finding::Better) => decided(Finding::Better, "better, beyond the limits"),
            _ => decided(Finding::Worse, "worse, beyond the limits"),
        },
        (Margin::Equivalence { .. }, MarginOutcome::Inconclusive) => {
            undecided("neither shown to be equivalent, nor not to be".to_owned())
        }
    }
}

/// A metric without a margin.
fn by_difference(effect: &Effect, direction: Option<Finding>) -> Decision {
    match (direction, effect.p_value) {
        (_, Err(reason)) => undecided(format!("no test: {}", reason.sentence())),
        (Some(Finding::Better), _) => decided(Finding::Better, "better than control"),
        (Some(_), _) => decided(Finding::Worse, "worse than control"),
        (None, _) => undecided("no difference from control is shown".to_owned()),
    }
}

/// Better or worse, where the effect is significant.
fn direction(metric: &Metric, effect: &Effect) -> Option<Finding> {
    sign(metric, effect).filter(|_| effect.significant == Some(true))
}

/// Better or worse, where the two are not the same.
fn sign(metric: &Metric, effect: &Effect) -> Option<Finding> {
    let difference = effect.absolute?.estimate.ok()?;
    if difference == 0.0 {
        return None;
    }
    let is_better = match metric.better {
        Better::Higher => difference > 0.0,
        Better::Lower => difference < 0.0,
    };
    Some(if is_better {
        Finding::Better
    } else {
        Finding::Worse
    })
}

fn decided(finding: Finding, reason: &str) -> Decision {
    Decision {
        finding,
        reason: reason.to_owned(),
    }
}

fn undecided(reason: String) -> Decision {
    Decision {
        finding: Finding::Inconclusive,
        reason,
    }
}

/// What follows for each treatment.
pub(crate) fn of_treatments(
    metrics: &[MetricResult],
    checks: &[CheckResult],
) -> Vec<TreatmentDecision> {
    let Some(first) = metrics.first() else {
        return Vec::new();
    };
    let treatments = first.variants.iter().enumerate();
    treatments
        .filter(|(_, row)| !row.is_control)
        .map(|(place, row)| of_treatment(&row.variant, place, metrics, checks))
        .collect()
}

fn of_treatment(
    variant: &Arc<str>,
    place: usize,
    metrics: &[MetricResult],
    checks: &[CheckResult],
) -> TreatmentDecision {
    let failed: Vec<String> = checks
        .iter()
        .filter(|check| check.outcome == Outcome::Failed)
        .map(|check| {
            format!(
                "the check `{}` failed, so the data should not be trusted",
                check.name
            )
        })
        .collect();
    let told = |wanted: &dyn Fn(Role, Finding) -> bool| -> Vec<String> {
        let rows = metrics.iter().filter_map(|metric| {
            let decision = decision(&metric.variants[place])?;
            wanted(metric.role, decision.finding).then(|| sentence(metric, decision))
        });
        rows.collect()
    };
    let bad = told(&|role, finding| role != Role::Secondary && finding == Finding::Worse);
    let good = told(&|role, finding| {
        role == Role::Primary && matches!(finding, Finding::Better | Finding::Acceptable)
    });
    let open = told(&|role, finding| role == Role::Guardrail && finding == Finding::Inconclusive);
    let (verdict, reasons) = if !failed.is_empty() {
        (Verdict::Inconclusive, failed)
    } else if !bad.is_empty() {
        (Verdict::DoNotShip, bad)
    } else if !open.is_empty() {
        (Verdict::Inconclusive, open)
    } else if !good.is_empty() {
        (Verdict::Ship, good)
    } else if metrics.iter().all(|metric| metric.role != Role::Primary) {
        let reason = "no metric is primary, so there is nothing to ship for".to_owned();
        (Verdict::Inconclusive, vec![reason])
    } else {
        let primary =
            told(&|role, finding| role == Role::Primary && finding == Finding::Inconclusive);
        (Verdict::Inconclusive, primary)
    };
    TreatmentDecision {
        variant: Arc::clone(variant),
        verdict,
        reasons,
    }
}

fn decision(row: &VariantResult) -> Option<&Decision> {
    row.decision.as_ref()
}

fn sentence(metric: &MetricResult, decision: &Decision) -> String {
    let role = match metric.role {
        Role::Primary => "primary metric",
        Role::Secondary => "secondary metric",
        Role::Guardrail => "guardrail",
    };
    [role, " `", &metric.name, "`: ", &decision.reason].concat()
}
