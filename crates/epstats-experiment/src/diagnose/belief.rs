//! What is wrong with beliefs.

use epstats_stats::{EffectEstimate, NormalBelief};

use crate::{Belief, Code, Diagnostic, Experiment, Step};

/// Fewest past effects that tell how much effects differ.
const FEWEST: usize = 2;

impl Experiment {
    pub(super) fn diagnose_belief(&self, problems: &mut Vec<Diagnostic>) {
        match &self.belief {
            None | Some(Belief::Flat) => {}
            Some(Belief::Normal(scaled)) => diagnose_normal(&scaled.belief, problems),
            Some(Belief::Past(effects)) => diagnose_past(effects, problems),
        }
    }
}

fn diagnose_normal(belief: &NormalBelief, problems: &mut Vec<Diagnostic>) {
    let at = |field: &str| vec!["bayes".into(), "prior".into(), field.into()];
    if !belief.mean.is_finite() {
        problems.push(not_finite("mean", at("mean"), belief.mean));
    }
    problems.extend(wrong_spread(
        "standard deviation",
        at("standard_deviation"),
        belief.standard_deviation,
    ));
}

fn diagnose_past(effects: &[EffectEstimate], problems: &mut Vec<Diagnostic>) {
    if effects.len() < FEWEST {
        let path = vec!["bayes".into(), "past".into()];
        problems.push(
            Diagnostic::error(
                Code::OutOfRange,
                path,
                "too few past effects to tell how much effects differ",
            )
            .expected("at least two")
            .found(effects.len().to_string()),
        );
    }
    for (index, effect) in effects.iter().enumerate() {
        let at = |field: &str| vec!["bayes".into(), "past".into(), index.into(), field.into()];
        if !effect.value.is_finite() {
            problems.push(not_finite("effect", at("effect"), effect.value));
        }
        problems.extend(wrong_spread(
            "standard error",
            at("standard_error"),
            effect.standard_error,
        ));
    }
}

fn not_finite(what: &str, path: Vec<Step>, number: f64) -> Diagnostic {
    Diagnostic::error(
        Code::OutOfRange,
        path,
        format!("the {what} is out of range"),
    )
    .expected("a finite number")
    .found(format!("`{number}`"))
}

fn wrong_spread(what: &str, path: Vec<Step>, number: f64) -> Option<Diagnostic> {
    let is_sound = number > 0.0 && number.is_finite();
    let problem = Diagnostic::error(
        Code::OutOfRange,
        path,
        format!("the {what} is out of range"),
    )
    .expected("a finite number above 0")
    .found(format!("`{number}`"));
    (!is_sound).then_some(problem)
}
