//! `epstats evaluate`: a definition and data to a scorecard.

use std::path::Path;

use epstats::evaluate::{Outcome, Scorecard};
use epstats::experiment::{Belief, Code, Diagnostic, Experiment};
use epstats_report::TerminalOptions;

use super::shrink;
use crate::args::{Evaluate, Format, SourceOptions};
use crate::definition::{self, ReadDefinition};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;
use crate::{output, progress, sources};

pub(crate) fn run(arguments: &Evaluate, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let ReadDefinition {
        mut experiment,
        document,
        warnings,
    } = definition::read(&arguments.definition, terminal)?;
    for warning in warnings.iter().filter(|warning| !is_in_scorecard(warning)) {
        terminal.error(&warning.render());
    }
    if let Some(path) = &arguments.past {
        believe(path, &mut experiment, terminal)?;
    }
    let shows_progress = terminal.shows_progress() && !arguments.quiet;
    let scorecard = scorecard(&experiment, &document, &arguments.source, shows_progress)?;
    let text = text(&scorecard, arguments, terminal);
    output::deliver(&text, arguments.out.as_deref(), terminal)?;
    if arguments.strict && a_check_failed(&scorecard) {
        return Ok(Exit::CheckFailed);
    }
    Ok(Exit::Fine)
}

/// Past experiments of a file tell what is believed beforehand.
fn believe(
    path: &Path,
    experiment: &mut Experiment,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    if experiment.belief.is_some() {
        return Err(CommandError::usage(
            "conflicting-fields",
            "`--past` and `bayes` of the definition exclude each other",
            Some("keep one of the two"),
        ));
    }
    let past = shrink::read(path, terminal)?;
    let effects = past.iter().map(|experiment| experiment.effect).collect();
    experiment.belief = Some(Belief::Past(effects));
    Ok(())
}

/// Evaluates an experiment on the source that flags name; `document` names its definition.
pub(super) fn scorecard(
    experiment: &Experiment,
    document: &str,
    options: &SourceOptions,
    shows_progress: bool,
) -> Result<Scorecard, CommandError> {
    let source = sources::open(options, experiment)?;
    let (bar, report) = shows_progress.then(progress::rows).unzip();
    let source = sources::watched(source, report);
    let answer = sources::answer(&source, epstats::evaluate(experiment, &source));
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    answer?.map_err(|error| CommandError::of_evaluation(error, document))
}

/// What a formula may not mean stands among the warnings of the scorecard.
fn is_in_scorecard(warning: &Diagnostic) -> bool {
    matches!(warning.code, Code::Formula(_))
}

fn text(scorecard: &Scorecard, arguments: &Evaluate, terminal: &Terminal) -> String {
    match arguments.format {
        Format::Table => {
            let options = TerminalOptions {
                width: arguments.width.map_or(terminal.width(), usize::from),
                color: arguments.out.is_none() && terminal.color_of(false),
                unicode: !arguments.ascii,
            };
            epstats_report::terminal(scorecard, &options)
        }
        Format::Json => epstats_api::scorecard_json(scorecard),
        Format::Csv => epstats_api::scorecard_csv(scorecard),
        Format::Markdown => epstats_report::markdown(scorecard),
    }
}

/// A check that could not be evaluated has not passed.
fn a_check_failed(scorecard: &Scorecard) -> bool {
    scorecard
        .checks
        .iter()
        .any(|check| !matches!(check.outcome, Outcome::Passed))
}
