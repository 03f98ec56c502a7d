//! `epstats sql`: the texts that an evaluation would run.

use crate::args::{Dialect, Sql};
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Sql, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let Dialect::Datafusion = arguments.dialect;
    let experiment = definition::read(&arguments.definition, terminal)?.experiment;
    let source = sources::open(&arguments.source, &experiment)?;
    let statements = sources::statements(&source, &experiment)?;
    let texts: Vec<&str> = statements.iter().map(|text| text.trim_end()).collect();
    // One statement is printed as it is; several are told apart as everywhere in SQL.
    terminal.print(&format!("{}\n", texts.join(";\n\n")));
    Ok(Exit::Fine)
}
