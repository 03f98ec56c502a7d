//! Several definitions: their source is asked for all of them at once, and one that fails keeps no other from its scorecard.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use epstats::evaluate::Scorecard;
use epstats::experiment::{Belief, Experiment};
use epstats_sources::AnySource;

use super::{a_check_failed, answer, belief, believe, is_in_scorecard, shows_progress, table};
use crate::args::{Evaluate, Format, Overrides, SourceOptions};
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::output;
use crate::terminal::Terminal;

pub(super) fn run(
    paths: &[PathBuf],
    arguments: &Evaluate,
    terminal: &mut Terminal,
) -> Result<Exit, CommandError> {
    let past = arguments.past.as_deref();
    let belief = past.map(|path| belief(path, terminal)).transpose()?;
    let mut failures = Failures::default();
    let mut sound = Vec::new();
    for (position, path) in paths.iter().enumerate() {
        match read(path, &arguments.overrides, belief.as_ref(), terminal) {
            Ok((document, experiment)) => sound.push(Asked {
                position,
                document,
                experiment,
            }),
            Err(error) => failures.add(&path.display().to_string(), &error),
        }
    }
    failures.tell(terminal);
    let shows_progress = shows_progress(arguments, terminal);
    let mut scorecards: BTreeMap<usize, Scorecard> = BTreeMap::new();
    for (asked, answer) in answers(sound, &arguments.source, shows_progress)? {
        match answer {
            Ok(scorecard) => {
                scorecards.insert(asked.position, scorecard);
            }
            Err(error) => failures.add(&asked.document, &error),
        }
    }
    failures.tell(terminal);
    if !scorecards.is_empty() {
        let in_order: Vec<Option<&Scorecard>> = (0..paths.len())
            .map(|position| scorecards.get(&position))
            .collect();
        let text = text(&in_order, arguments, terminal);
        output::deliver(&text, arguments.out.as_deref(), terminal)?;
    }
    Ok(match failures.exit {
        Some(exit) => exit,
        None if arguments.strict && scorecards.values().any(a_check_failed) => Exit::CheckFailed,
        None => Exit::Fine,
    })
}

/// An experiment that a source is asked about.
struct Asked {
    /// Position of its definition.
    position: usize,
    /// Name of its file.
    document: String,
    experiment: Experiment,
}

fn read(
    path: &Path,
    overrides: &Overrides,
    belief: Option<&Belief>,
    terminal: &mut Terminal,
) -> Result<(String, Experiment), CommandError> {
    let mut read = definition::read(path, overrides, terminal)?;
    for warning in read
        .warnings
        .iter()
        .filter(|&warning| !is_in_scorecard(warning))
    {
        let text = warning.render();
        terminal.error(&format!("{}\n  in `{}`", text.trim_end(), read.document));
    }
    if let Some(belief) = belief {
        believe(belief.clone(), &mut read.experiment)?;
    }
    Ok((read.document, read.experiment))
}

type Answer = Result<Scorecard, CommandError>;

/// Evaluates experiments on the source that flags name, those of one unit type together.
fn answers(
    asked: Vec<Asked>,
    options: &SourceOptions,
    shows_progress: bool,
) -> Result<Vec<(Asked, Answer)>, CommandError> {
    let mut by_unit_type: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    for asked in asked {
        let unit_type = asked.experiment.unit_type.clone();
        by_unit_type.entry(unit_type).or_default().push(asked);
    }
    let mut all = Vec::new();
    for asked in by_unit_type.into_values() {
        let experiments: Vec<Experiment> =
            asked.iter().map(|asked| asked.experiment.clone()).collect();
        let ask = async |source: &AnySource| epstats::evaluate_many(&experiments, source).await;
        let answers = answer(options, &experiments[0], shows_progress, ask)?;
        all.extend(asked.into_iter().zip(answers).map(|(asked, answer)| {
            let answer =
                answer.map_err(|error| CommandError::of_evaluation(error, &asked.document));
            (asked, answer)
        }));
    }
    all.sort_by_key(|(asked, _)| asked.position);
    Ok(all)
}

/// One scorecard after the other; a list has nothing where there is none.
fn text(scorecards: &[Option<&Scorecard>], arguments: &Evaluate, terminal: &Terminal) -> String {
    let there: Vec<&Scorecard> = scorecards.iter().copied().flatten().collect();
    let one_after_the_other = |text: &dyn Fn(&Scorecard) -> String| {
        let texts: Vec<String> = there.iter().map(|scorecard| text(scorecard)).collect();
        texts.join("\n")
    };
    match arguments.format {
        Format::Table => one_after_the_other(&|scorecard| table(scorecard, arguments, terminal)),
        Format::Json => epstats_api::scorecards_json(scorecards),
        Format::Csv => epstats_api::scorecards_csv(&there),
        Format::Markdown => one_after_the_other(&epstats_report::markdown),
    }
}

/// What went wrong, each once with all files that it is about.
#[derive(Default)]
struct Failures {
    untold: Vec<(String, Vec<String>)>,
    /// How the command ends because of the worst of them.
    exit: Option<Exit>,
}

impl Failures {
    fn add(&mut self, document: &str, error: &CommandError) {
        let text = error.to_string();
        let is_worse = self
            .exit
            .is_none_or(|exit| exit.code() < error.exit().code());
        if is_worse {
            self.exit = Some(error.exit());
        }
        // These texts name their file.
        let names_it = matches!(
            error,
            CommandError::Definition { .. } | CommandError::File { .. }
        );
        let documents = (!names_it).then(|| format!("`{document}`"));
        match self.untold.iter_mut().find(|(other, _)| *other == text) {
            Some((_, others)) => others.extend(documents),
            None => self.untold.push((text, documents.into_iter().collect())),
        }
    }

    fn tell(&mut self, terminal: &mut Terminal) {
        for (text, documents) in self.untold.drain(..) {
            if documents.is_empty() {
                terminal.error(&text);
            } else {
                terminal.error(&format!("{text}\n  in {}", documents.join(", ")));
            }
        }
    }
}
