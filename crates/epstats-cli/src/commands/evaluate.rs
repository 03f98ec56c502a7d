//! `epstats evaluate`: definitions and data to scorecards.

mod many;

use std::path::Path;

use epstats::evaluate::{Outcome, Scorecard};
use epstats::experiment::{Belief, Code, Diagnostic, Experiment};
use epstats_report::TerminalOptions;
use epstats_sources::AnySource;

use super::shrink;
use crate::args::{Evaluate, Format, SourceOptions};
use crate::definition::{self, ReadDefinition};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;
use crate::{output, progress, sources};

pub(crate) fn run(arguments: &Evaluate, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    match arguments.definitions.as_slice() {
        [path] => one(path, arguments, terminal),
        paths => many::run(paths, arguments, terminal),
    }
}

fn one(path: &Path, arguments: &Evaluate, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let ReadDefinition {
        mut experiment,
        document,
        warnings,
    } = definition::read(path, &arguments.overrides, terminal)?;
    for warning in warnings.iter().filter(|warning| !is_in_scorecard(warning)) {
        terminal.error(&warning.render());
    }
    if let Some(path) = &arguments.past {
        let belief = belief(path, terminal)?;
        believe(belief, &mut experiment)?;
    }
    let shows_progress = shows_progress(arguments, terminal);
    let scorecard = scorecard(&experiment, &document, &arguments.source, shows_progress)?;
    let text = match arguments.format {
        Format::Table => table(&scorecard, arguments, terminal),
        Format::Json => epstats_api::scorecard_json(&scorecard),
        Format::Csv => epstats_api::scorecard_csv(&scorecard),
        Format::Markdown => epstats_report::markdown(&scorecard),
    };
    output::deliver(&text, arguments.out.as_deref(), terminal)?;
    if arguments.strict && a_check_failed(&scorecard) {
        return Ok(Exit::CheckFailed);
    }
    Ok(Exit::Fine)
}

fn shows_progress(arguments: &Evaluate, terminal: &Terminal) -> bool {
    terminal.shows_progress() && !arguments.quiet
}

/// What past experiments of a file tell.
fn belief(path: &Path, terminal: &mut Terminal) -> Result<Belief, CommandError> {
    let past = shrink::read(path, terminal)?;
    let effects = past.iter().map(|experiment| experiment.effect).collect();
    Ok(Belief::Past(effects))
}

/// Past experiments tell what is believed beforehand, where the definition does not.
fn believe(belief: Belief, experiment: &mut Experiment) -> Result<(), CommandError> {
    if experiment.belief.is_some() {
        return Err(CommandError::usage(
            "conflicting-fields",
            "`--past` and `bayes` of the definition exclude each other",
            Some("keep one of the two"),
        ));
    }
    experiment.belief = Some(belief);
    Ok(())
}

/// Evaluates an experiment on the source that flags name; `document` names its definition.
pub(super) fn scorecard(
    experiment: &Experiment,
    document: &str,
    options: &SourceOptions,
    shows_progress: bool,
) -> Result<Scorecard, CommandError> {
    let ask = async |source: &AnySource| epstats::evaluate(experiment, source).await;
    let answer = answer(options, experiment, shows_progress, ask)?;
    answer.map_err(|error| CommandError::of_evaluation(error, document))
}

/// What the source that flags name answers; files that flags describe have ids of the unit type of the experiment.
fn answer<T>(
    options: &SourceOptions,
    experiment: &Experiment,
    shows_progress: bool,
    ask: impl AsyncFnOnce(&AnySource) -> T,
) -> Result<T, CommandError> {
    let source = sources::open(options, experiment)?;
    let (bar, report) = shows_progress.then(progress::rows).unzip();
    let source = sources::watched(source, report);
    let answer = sources::answer(&source, ask(&source));
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    answer
}

/// What a formula may not mean stands among the warnings of the scorecard.
fn is_in_scorecard(warning: &Diagnostic) -> bool {
    matches!(warning.code, Code::Formula(_))
}

fn table(scorecard: &Scorecard, arguments: &Evaluate, terminal: &Terminal) -> String {
    let options = TerminalOptions {
        width: arguments.width.map_or(terminal.width(), usize::from),
        color: arguments.out.is_none() && terminal.color_of(false),
        unicode: !arguments.ascii,
    };
    epstats_report::terminal(scorecard, &options)
}

/// A check that could not be evaluated has not passed.
fn a_check_failed(scorecard: &Scorecard) -> bool {
    scorecard
        .checks
        .iter()
        .any(|check| !matches!(check.outcome, Outcome::Passed))
}
