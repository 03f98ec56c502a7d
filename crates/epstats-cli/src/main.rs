//! The command `epstats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    epstats_cli::main()
}
