//! Failures, in the words of that service.

use epstats_experiment::{Code, Diagnostic, Step};

use super::write::{NonFinite, Writer};

/// The reason that `POST /evaluate` gives for the errors that [`Experiment::diagnose`](epstats_experiment::Experiment::diagnose) found.
///
/// ```
/// use epstats_experiment::Experiment;
///
/// let mut experiment = Experiment::new("checkout", "contrl", "user");
/// experiment.variants = Some(vec!["control".to_owned(), "express".to_owned()]);
/// assert_eq!(
///     epstats_api::ep_stats::reason_of(&experiment.diagnose()),
///     "control `contrl` is not among the variants, expected `control` or `express`; did you mean `control`?"
/// );
/// ```
#[must_use]
pub fn reason_of(problems: &[Diagnostic]) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        let reason = match problem.place.path.last() {
            Some(Step::Field(field)) if field == "minimum_effect" => MINIMUM_EFFECT.to_owned(),
            _ => sentence(problem),
        };
        if reasons.last() != Some(&reason) {
            reasons.push(reason);
        }
    }
    reasons.join("; ")
}

/// The body of a 500 answer of `POST /evaluate`: `Cannot evaluate experiment [<id>] because of <reason>`.
#[must_use]
pub fn evaluation_failure(id: &str, reason: &str) -> String {
    failure(&format!(
        "Cannot evaluate experiment [{id}] because of {reason}"
    ))
}

/// The body of a 500 answer of `POST /sample-size-calculation`: `Cannot calculate the sample size because of: '<reason>'`.
#[must_use]
pub fn sample_size_failure(reason: &str) -> String {
    failure(&format!(
        "Cannot calculate the sample size because of: '{reason}'"
    ))
}

/// What that service says of a minimum effect below zero.
pub(super) const MINIMUM_EFFECT: &str = "minimum_effect must be greater than zero.";

/// A problem of an experiment in one sentence, with what was expected and found, and a hint.
pub(super) fn sentence(problem: &Diagnostic) -> String {
    let mut sentence = problem.message.clone();
    if problem.code == Code::EmptyValue && problem.place.path.len() > 1 {
        sentence.push_str(&format!(" (`{}`)", problem.place));
    }
    add_expectation(
        &mut sentence,
        problem.expected.as_deref(),
        problem.found.as_deref(),
        problem.help.as_deref(),
    );
    sentence
}

/// Adds `, expected …, found …; help`; what was found is left out where the sentence has named it.
pub(super) fn add_expectation(
    sentence: &mut String,
    expected: Option<&str>,
    found: Option<&str>,
    help: Option<&str>,
) {
    let is_named = found.is_some_and(|found| sentence.contains(found));
    if let Some(expected) = expected {
        sentence.push_str(", expected ");
        sentence.push_str(expected);
    }
    if let Some(found) = found.filter(|_| !is_named) {
        sentence.push_str(", found ");
        sentence.push_str(found);
    }
    if let Some(help) = help {
        sentence.push_str("; ");
        sentence.push_str(help);
    }
}

fn failure(detail: &str) -> String {
    let mut writer = Writer::new(NonFinite::Null);
    writer.object(|writer| writer.name("detail").string(detail));
    writer.finish()
}
