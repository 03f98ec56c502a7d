//! One file per subcommand.

mod api_key;
mod check;
mod completions;
mod demo;
mod evaluate;
mod man;
mod planning;
mod serve;
mod shrink;
mod source;
mod sql;

use crate::args::{Arguments, Command};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

/// Runs the subcommand that was asked for.
pub(crate) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    terminal.color = arguments.color;
    match arguments.command {
        Command::Evaluate(arguments) => evaluate::run(&arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Sql(arguments) => sql::run(&arguments, terminal),
        Command::Source(command) => source::run(&command, terminal),
        Command::SampleSize(arguments) => planning::sample_size(&arguments, terminal),
        Command::Power(arguments) => planning::power(&arguments, terminal),
        Command::Shrink(arguments) => shrink::run(&arguments, terminal),
        Command::Demo(arguments) => demo::run(&arguments, terminal),
        Command::Serve(arguments) => serve::run(&arguments, terminal),
        Command::ApiKey(arguments) => api_key::run(&arguments, terminal),
        Command::Completions(arguments) => {
            completions::run(&arguments, terminal);
            Ok(Exit::Fine)
        }
        Command::Man => {
            man::run(terminal);
            Ok(Exit::Fine)
        }
    }
}
