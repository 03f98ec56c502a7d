//! Plans of all metrics of an experiment, from its data.

use std::path::Path;

use epstats::experiment::Experiment;
use epstats::experiment::stats::Undefined;
use epstats_api::{
    ExperimentPlans, MetricPlan, NoPlan, PlanAim, PlanAnswer, PlanKind, PlanRequest, answer_plan,
    plans_json, plans_of_experiment,
};

use super::words::{percent, short};
use super::{Asked, sound};
use crate::args::planning::DataFlags;
use crate::args::{AnswerFormat, Overrides};
use crate::commands::evaluate;
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(super) fn run(
    asked: &Asked<'_>,
    path: &Path,
    data: &DataFlags,
    terminal: &mut Terminal,
) -> Result<Exit, CommandError> {
    let mut read = definition::read(path, &Overrides::default(), terminal)?;
    for warning in &read.warnings {
        terminal.error(&warning.render());
    }
    narrow(&mut read.experiment, &data.metric)?;
    let shows_progress = terminal.shows_progress();
    let scorecard = evaluate::scorecard(
        &read.experiment,
        &read.document,
        &data.source,
        shows_progress,
    )?;
    let ExperimentPlans {
        metrics,
        diagnostics,
    } = plans_of_experiment(&read.experiment, &scorecard, &asked.fields, asked.kind);
    let plans = sound(metrics, diagnostics, &asked.fields, terminal)?;
    let text = match asked.flags.format() {
        AnswerFormat::Text => table(&plans, asked.kind),
        AnswerFormat::Json => plans_json(&plans) + "\n",
    };
    terminal.print(&text);
    Ok(Exit::Fine)
}

/// Leaves the metrics that were asked for; checks are of no use to a plan.
fn narrow(experiment: &mut Experiment, ids: &[String]) -> Result<(), CommandError> {
    experiment.checks.clear();
    let known: Vec<&str> = experiment
        .metrics
        .iter()
        .map(|metric| &*metric.id)
        .collect();
    if let Some(unknown) = ids.iter().find(|id| !known.contains(&&***id)) {
        return Err(CommandError::usage(
            "unknown-metric",
            format!("the definition has no metric with the id `{unknown}`"),
            Some(&format!("it has: {}", known.join(", "))),
        ));
    }
    if !ids.is_empty() {
        experiment.metrics.retain(|metric| ids.contains(&metric.id));
    }
    Ok(())
}

/// A line for each metric, and below why some have no plan.
fn table(plans: &[MetricPlan], kind: PlanKind) -> String {
    let answers: Vec<Option<(&PlanRequest, PlanAnswer)>> = plans
        .iter()
        .map(|plan| plan.request.as_ref().ok().map(|it| (it, answer_plan(it))))
        .collect();
    let any = |has: fn(&PlanRequest) -> bool| {
        let mut planned = answers.iter().flatten();
        planned.any(|(request, _)| has(request))
    };
    let has_ratios = plans.iter().any(|plan| plan.variance_ratio.is_some());
    let has_days = any(|request| request.traffic.is_some());
    let has_shares = any(|request| request.treatment_per_control != 1.0);
    let mut titles = vec!["metric", "mean", "deviation"];
    titles.extend(has_ratios.then_some("variance left"));
    titles.push("to show");
    titles.extend(if has_shares {
        &["units of control", "of a treatment"][..]
    } else {
        &["units per variant"][..]
    });
    titles.push("in all");
    titles.extend(has_days.then_some("days"));
    if kind == PlanKind::Power {
        titles.extend(["power", "smallest found"]);
    }
    let rows: Vec<Vec<String>> = plans
        .iter()
        .zip(&answers)
        .map(|(plan, answer)| {
            let mut cells = vec![
                plan.name.clone(),
                shown(plan.mean, short),
                shown(plan.standard_deviation, short),
            ];
            if has_ratios {
                let ratio = plan.variance_ratio;
                cells.push(ratio.map_or_else(String::new, |ratio| shown(ratio, share)));
            }
            if let Some((request, answer)) = answer {
                cells.push(
                    request
                        .aim
                        .map_or_else(String::new, |aim| to_show(request, aim)),
                );
                let units = answer.units;
                cells.push(shown(units.map(|units| units.control), count));
                if has_shares {
                    cells.push(shown(units.map(|units| units.treatment), count));
                }
                cells.push(shown(units.map(|units| units.total), count));
                if has_days {
                    cells.push(asked(answer.duration_days, count));
                }
                if kind == PlanKind::Power {
                    cells.push(asked(answer.power, share));
                    cells.push(smallest(answer));
                }
            }
            cells
        })
        .collect();
    let reasons = plans
        .iter()
        .filter_map(|plan| Some((plan, plan.request.err()?)));
    let reasons: String = reasons
        .map(|(plan, none)| format!("metric {}: {}\n", plan.id, why(none)))
        .collect();
    epstats_report::aligned(&titles, &rows) + &reasons
}

fn why(none: NoPlan) -> String {
    match none {
        NoPlan::Undefined(reason) => format!("no answer: {}", reason.sentence()),
        NoPlan::NoAim => "it has no minimum effect and no non-inferiority margin; give `--minimum-effect` or `--margin`".to_owned(),
    }
}

fn to_show(request: &PlanRequest, aim: PlanAim) -> String {
    let size = |size: f64| match request.control_mean {
        Some(mean) if mean != 0.0 => share(size / mean.abs()),
        _ => short(size),
    };
    match aim {
        PlanAim::Effect(effect) => format!("effect {}", size(effect)),
        PlanAim::Margin { margin, .. } => format!("margin {}", size(margin)),
    }
}

fn smallest(answer: &PlanAnswer) -> String {
    let found = answer
        .minimum_detectable_effect
        .or(answer.minimum_detectable_margin);
    match found {
        None => String::new(),
        Some(found) => match found.relative {
            Some(Ok(relative)) => share(relative),
            _ => shown(found.absolute, short),
        },
    }
}

fn asked(value: Option<Result<f64, Undefined>>, text: fn(f64) -> String) -> String {
    value.map_or_else(String::new, |value| shown(value, text))
}

fn shown(value: Result<f64, Undefined>, text: fn(f64) -> String) -> String {
    value.map_or_else(|reason| reason.code().to_owned(), text)
}

fn share(share: f64) -> String {
    format!("{}%", short(percent(share)))
}

fn count(units: f64) -> String {
    if units.is_infinite() {
        "no number".to_owned()
    } else {
        units.to_string()
    }
}
