//! What is wrong with the experiment of a request as a whole.

use epstats_experiment::{Code, Diagnostic, Experiment, Step};

use crate::ep_stats::detail::{Detail, Details, Problem};
use crate::ep_stats::failure::sentence;
use crate::ep_stats::json::Json;
use crate::ep_stats::walk::At;

/// Refuses what [`Experiment::diagnose`] finds wrong, but for what ep-stats finds only while it evaluates.
pub(super) fn check(at: &At<'_, '_>, experiment: &Experiment, details: &mut Details) {
    let problems = experiment.diagnose();
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        if !fails_later(problem) {
            details.push(|| detail(at.json, problem));
        }
    }
}

/// An unknown control, for instance, is a failed evaluation in that service, and no wrong request. A name that is empty is a mistake that can be told at
/// once.
fn fails_later(problem: &Diagnostic) -> bool {
    if problem.code == Code::EmptyValue {
        return false;
    }
    let is = |step: Option<&Step>, names: &[&str]| matches!(step, Some(Step::Field(field)) if names.contains(&&**field));
    let path = &problem.place.path;
    is(
        path.first(),
        &["id", "control_variant", "variants", "unit_type"],
    ) || is(path.last(), &["minimum_effect"])
}

fn detail(body: &Json<'_>, problem: &Diagnostic) -> Detail {
    let path = &problem.place.path;
    let input = path.iter().try_fold(body, |json, step| match (step, json) {
        (Step::Field(name), json) => json.get(name),
        (Step::Index(index), Json::List(list)) => list.get(*index),
        _ => None,
    });
    let mut loc = vec!["body".into()];
    loc.extend_from_slice(path);
    Detail::new(
        Problem::Value(sentence(problem)),
        loc,
        input.unwrap_or(&Json::Null),
    )
}
