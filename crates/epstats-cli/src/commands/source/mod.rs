//! `epstats source`: looks at data before any experiment is evaluated on them.

mod check;
mod init;

use crate::args::source::SourceCommand;
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(crate) fn run(command: &SourceCommand, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    match command {
        SourceCommand::Check(arguments) => check::run(arguments, terminal),
        SourceCommand::Init(arguments) => init::run(arguments, terminal),
    }
}
