//! `epstats completions`: a script that completes arguments in a shell.

use crate::args::Completions;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Completions, terminal: &mut Terminal) {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut crate::command(),
        "epstats",
        &mut script,
    );
    terminal.print(&String::from_utf8_lossy(&script));
}
