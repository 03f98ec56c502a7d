//! The command `epstats`: convert in, call, convert out.
//!
//! Every subcommand is one file of `commands`. They take what they read and write from [`Terminal`], so that
//! tests can run them without a process.

mod args;
mod commands;
mod definition;
mod failure;
mod output;
mod progress;
mod sources;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use args::Arguments;
pub use failure::{CommandError, Exit};
pub use terminal::Terminal;

/// Runs the command with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let mut terminal = Terminal::of_process();
    let exit = match command().try_get_matches() {
        Ok(matches) => match Arguments::from_arg_matches(&matches) {
            Ok(arguments) => run(arguments, &mut terminal),
            Err(error) => usage(&error, &mut terminal),
        },
        Err(error) => usage(&error, &mut terminal),
    };
    ExitCode::from(exit.code())
}

/// Runs parsed arguments and says how the process should end.
pub fn run(arguments: Arguments, terminal: &mut Terminal) -> Exit {
    match commands::run(arguments, terminal) {
        Ok(exit) => exit,
        Err(error) => {
            terminal.error(&error.to_string());
            error.exit()
        }
    }
}

/// The description of the whole command line, for parsing, completions and the man page.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Prints help and versions to standard output, mistakes of usage to standard error.
fn usage(error: &clap::Error, terminal: &mut Terminal) -> Exit {
    let text = if terminal.color_of(error.use_stderr()) {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    if error.use_stderr() {
        terminal.error(text.trim_end());
        Exit::WrongInput
    } else {
        terminal.print(&text);
        Exit::Fine
    }
}
