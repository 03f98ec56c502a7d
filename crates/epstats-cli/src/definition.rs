//! The definition of an experiment: from a file or standard input, with what the command line overrides.

use std::fs;
use std::path::Path;

use epstats::experiment::stats::ConfidenceLevel;
use epstats::experiment::{Diagnostic, Experiment, Inference, Severity};
use epstats_api::{DefinitionFormat, read_definition};

use crate::args::{Overrides, Profile};
use crate::failure::CommandError;
use crate::terminal::Terminal;

/// A definition without errors.
pub(crate) struct ReadDefinition {
    /// What it describes.
    pub(crate) experiment: Experiment,
    /// Its file's name, for messages.
    pub(crate) document: String,
    /// What it may not mean as written.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Reads a definition, and fails with all its problems at once.
pub(crate) fn read(
    path: &Path,
    overrides: &Overrides,
    terminal: &mut Terminal,
) -> Result<ReadDefinition, CommandError> {
    let (text, document) = text(path, terminal)?;
    let definition = read_definition(&text, format(path, &text));
    let mut problems = definition.diagnostics;
    let mut experiment = definition.experiment;
    if let Some(experiment) = &mut experiment {
        apply(overrides, experiment)?;
        if are_checked(overrides) {
            problems = experiment.diagnose();
        }
    }
    match experiment {
        Some(experiment)
            if problems
                .iter()
                .all(|problem| problem.severity == Severity::Warning) =>
        {
            Ok(ReadDefinition {
                experiment,
                document,
                warnings: problems,
            })
        }
        _ => Err(CommandError::Definition { document, problems }),
    }
}

/// The text of a file or of standard input, and its name for messages.
pub(crate) fn text(path: &Path, terminal: &mut Terminal) -> Result<(String, String), CommandError> {
    if path == Path::new("-") {
        let text = terminal
            .read()
            .map_err(|error| CommandError::unreadable(Path::new("standard input"), &error))?;
        return Ok((text, "standard input".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| CommandError::unreadable(path, &error))?;
    Ok((text, path.display().to_string()))
}

/// JSON by the file's name, or where the text begins like an object; YAML otherwise.
fn format(path: &Path, text: &str) -> DefinitionFormat {
    let named = path.extension().is_some_and(|ending| ending == "json");
    if named || (path == Path::new("-") && text.trim_start().starts_with('{')) {
        DefinitionFormat::Json
    } else {
        DefinitionFormat::Yaml
    }
}

/// May the experiment have other problems with them?
fn are_checked(overrides: &Overrides) -> bool {
    overrides.confidence_level.is_some() || overrides.date_for.is_some()
}

fn apply(overrides: &Overrides, experiment: &mut Experiment) -> Result<(), CommandError> {
    if let Some(profile) = overrides.inference {
        experiment.inference = match profile {
            Profile::Standard => Inference::Standard,
            Profile::EpStats => Inference::EpStats,
        };
    }
    if let Some(level) = overrides.confidence_level {
        experiment.confidence_level = ConfidenceLevel::new(level).ok_or_else(|| {
            CommandError::usage(
                "out-of-range",
                format!("`--confidence-level {level}` is not between 0 and 1"),
                Some("95% is 0.95"),
            )
        })?;
    }
    if overrides.date_for.is_some() {
        experiment.dates.evaluated_for = overrides.date_for;
    }
    experiment.set_today(jiff::ZonedDateTime::now().date());
    Ok(())
}
