//! `epstats shrink`: what to believe of past experiments, each in the light of all others.

use std::fmt::Write as _;
use std::path::Path;

use epstats::experiment::stats::{Shrinkage, shrink};
use epstats_api::{PastExperiment, ReadPast, read_past, shrinkage_json};

use super::planning::short;
use crate::args::Shrink;
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Shrink, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let past = read(&arguments.file, terminal)?;
    let effects: Vec<_> = past.iter().map(|experiment| experiment.effect).collect();
    let shrinkage = shrink(&effects).map_err(|reason| {
        CommandError::usage(
            "out-of-range",
            format!("the effects cannot be compared: {}", reason.sentence()),
            None,
        )
    })?;
    let text = if arguments.json {
        shrinkage_json(&past, &shrinkage) + "\n"
    } else {
        words(&past, &shrinkage)
    };
    terminal.print(&text);
    Ok(Exit::Fine)
}

/// Past experiments of a file, or all that is wrong with it.
pub(super) fn read(
    path: &Path,
    terminal: &mut Terminal,
) -> Result<Vec<PastExperiment>, CommandError> {
    let (text, document) = definition::text(path, terminal)?;
    let ReadPast {
        experiments,
        diagnostics,
    } = read_past(&text);
    experiments.ok_or(CommandError::Definition {
        document,
        problems: diagnostics,
    })
}

fn words(past: &[PastExperiment], shrinkage: &Shrinkage) -> String {
    let mut text = String::new();
    let k = past.len();
    let _ = writeln!(
        text,
        "{k} experiments; true effects have mean {} and standard deviation {}",
        short(shrinkage.mean),
        short(shrinkage.tau_squared.sqrt()),
    );
    let _ = writeln!(
        text,
        "heterogeneity Q is {}, about {} where all true effects are the same\n",
        short(shrinkage.q),
        k - 1
    );
    let rows: Vec<Vec<String>> = past
        .iter()
        .zip(&shrinkage.posteriors)
        .map(|(experiment, posterior)| {
            vec![
                experiment.name.clone(),
                short(experiment.effect.value),
                short(experiment.effect.standard_error),
                short(posterior.mean),
                short(posterior.standard_deviation),
            ]
        })
        .collect();
    let titles = [
        "experiment",
        "effect",
        "standard error",
        "believed",
        "deviation",
    ];
    text + &epstats_report::aligned(&titles, &rows)
}
