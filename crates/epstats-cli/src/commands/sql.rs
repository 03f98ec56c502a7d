//! `epstats sql`: the text that an evaluation would run.

use crate::args::{Dialect, Sql};
use crate::definition;
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Sql, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let Dialect::Datafusion = arguments.dialect;
    let experiment = definition::read(&arguments.definition, terminal)?.experiment;
    let source = sources::open(&arguments.source, &experiment)?;
    let statement = sources::statement(&source, &experiment)?;
    terminal.print(&format!("{}\n", statement.trim_end()));
    Ok(Exit::Fine)
}
