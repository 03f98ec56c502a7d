//! Statistics of wide frames: a row per variant, a column per goal, its squares beside it.

use std::collections::BTreeMap;

use epstats_experiment::{GoalSums, MarginalSums, Observations, Statistics, Sums};
use epstats_plan::Plan;
use epstats_source::{FailureKind, Refusal};
use pyo3::prelude::*;

use crate::failure;
use crate::frame::Frame;

/// Reads the sums of all goals of a plan; the first two columns are experiment and variant, whatever their names.
///
/// A column whose name has `square` in it belongs to the goal before its last `_`; a goal without squares has its sum for them.
pub(crate) fn statistics(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    plan: &Plan,
) -> PyResult<Statistics> {
    let frame = Frame::read(frame, |_| true)?;
    let [experiment, variant, rest @ ..] = frame.names() else {
        let message = "the frame has fewer than two columns, expected experiment and variant first";
        let refusal = Refusal::new(FailureKind::MissingColumn, message.to_owned());
        return Err(failure::refused(py, refusal));
    };
    let (experiment, variant) = (frame.texts(py, experiment)?, frame.texts(py, variant)?);
    let experiment_code = experiment.code_of(&plan.experiment);
    let squares_of: BTreeMap<&str, &str> = rest
        .iter()
        .filter(|name| name.contains("square"))
        .filter_map(|name| Some((name.rsplit_once('_')?.0, name.as_str())))
        .collect();
    let mut observations = Observations::default();
    let mut variants: BTreeMap<String, MarginalSums> = BTreeMap::new();
    let rows: Vec<(usize, &str)> = (0..frame.n_rows())
        .filter(|&row| Some(experiment.codes[row]) == experiment_code)
        .filter_map(|row| Some((row, &**variant.get(row)?)))
        .filter(|(_, name)| is_asked(plan, name))
        .collect();
    for (_, name) in &rows {
        let sums = variants.entry((*name).to_owned()).or_default();
        sums.goals = vec![GoalSums::default(); plan.goals.len()];
    }
    for (place, goal) in plan.goals.iter().enumerate() {
        if !rest.contains(&goal.name) {
            observations.goals_never_seen.push(place);
            continue;
        }
        let sums = frame.numbers(py, &goal.name)?;
        let squares = match squares_of.get(goal.name.as_str()) {
            Some(column) => frame.numbers(py, column)?,
            None => {
                observations.squares_assumed.push(place);
                sums.clone()
            }
        };
        for &(row, name) in &rows {
            let (sum, square) = (sums[row], squares[row]);
            observations.null_values += u64::from(sum.is_nan());
            if let Some(known) = variants.get_mut(name) {
                let known = &mut known.goals[place];
                known.sum += if sum.is_nan() { 0.0 } else { sum };
                known.sum_of_squares += if square.is_nan() { 0.0 } else { square };
            }
        }
    }
    // A column may say that nobody was exposed by not being there: simple metrics do not need it.
    observations.goals_never_seen.retain(|&place| place > 0);
    Ok(Statistics {
        observations,
        ..Statistics::new(plan.goals.clone(), Sums::Marginal { variants })
    })
}

fn is_asked(plan: &Plan, variant: &str) -> bool {
    let asked = plan.variants.as_ref();
    asked.is_none_or(|variants| variants.iter().any(|name| name == variant))
}
