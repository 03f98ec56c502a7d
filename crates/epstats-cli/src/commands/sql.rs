//! `epstats sql`: the texts that an evaluation would run.

use epstats::experiment::Experiment;
use epstats::plan::{Dialect, Tables, for_experiment, lower};
use epstats_source::{Refusal, SourceError};

use crate::args::{SourceOptions, Sql};
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Sql, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let experiment = definition::read(
        &arguments.definition.definition,
        &arguments.definition.overrides,
        terminal,
    )?
    .experiment;
    let statements = if arguments.offline {
        offline(&arguments.source, &experiment, arguments.dialect)?
    } else {
        let source = sources::open(&arguments.source, &experiment)?;
        sources::statements(&source, &experiment, arguments.dialect)?
    };
    let texts: Vec<&str> = statements.iter().map(|text| text.trim_end()).collect();
    // One statement is printed as it is; several are told apart as everywhere in SQL.
    terminal.print(&format!("{}\n", texts.join(";\n\n")));
    Ok(Exit::Fine)
}

/// The statements for a source that is not asked: its columns have the types that the mapping suggests.
fn offline(
    options: &SourceOptions,
    experiment: &Experiment,
    dialect: Option<Dialect>,
) -> Result<Vec<String>, CommandError> {
    let (source, _) = sources::definition(options, Some(&experiment.unit_type))?;
    let failure = |refusal: Refusal| -> SourceError { refusal.of(&source.name) };
    let plan = for_experiment(experiment);
    let tables = Tables::assumed(&source.layout, &plan);
    let lowered = lower(&plan, &source.layout, &tables);
    let lowered = lowered.map_err(|error| failure(error.into()))?;
    let (own, names) = source.engine.speaks();
    let statements = lowered.statements();
    Ok(statements
        .map(|query| dialect.unwrap_or(own).render(query, &names))
        .collect())
}
