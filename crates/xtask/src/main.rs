//! `cargo xtask TASK`: tasks of the project.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

#[allow(clippy::print_stderr, reason = "a task talks to whoever runs it")]
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Runs a task; says whether it found everything in order.
fn run(words: &[String]) -> Result<bool, Box<dyn Error>> {
    // Cargo tells where this crate is, so that tasks run from anywhere in the project.
    let root = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(folder) => Path::new(&folder).join("../.."),
        None => Path::new(".").to_owned(),
    };
    match words.split_first() {
        Some((task, rest)) if task == "tidy" => xtask::tidy::run(&root, rest),
        Some((task, rest)) if task == "reference" => xtask::reference::run(rest),
        Some((task, rest)) if task == "parity" => xtask::parity::run(rest),
        Some((task, rest)) if task == "simulate" => xtask::simulate::simulate(&root, rest),
        _ => Err("usage: cargo xtask tidy [--snapshots FILE]\n       cargo xtask reference DIR\n       cargo xtask parity FILE\n       cargo xtask simulate [--runs N] [--seed N] [--threads N] [--small]".into()),
    }
}
