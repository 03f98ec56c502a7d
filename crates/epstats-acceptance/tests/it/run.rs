//! Runs the command in this process, with pipes for its terminal.

use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

use clap::Parser;
use epstats_cli::{Arguments, Terminal};

/// How a run of the command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Exit code.
    pub(crate) code: u8,
    /// Standard output.
    pub(crate) output: String,
    /// Standard error.
    pub(crate) errors: String,
}

/// Runs `epstats` with arguments.
pub(crate) fn epstats(arguments: &[&str]) -> Ended {
    epstats_with_input(arguments, "")
}

/// Runs `epstats` with arguments and standard input.
pub(crate) fn epstats_with_input(arguments: &[&str], input: &str) -> Ended {
    let output = Written::default();
    let errors = Written::default();
    let mut terminal = Terminal::of_pipes(
        Cursor::new(input.to_owned()),
        output.clone(),
        errors.clone(),
    );
    let arguments = std::iter::once("epstats").chain(arguments.iter().copied());
    let code = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => epstats_cli::run(arguments, &mut terminal).code(),
        Err(error) => {
            terminal.error(&error.to_string());
            2
        }
    };
    Ended {
        code,
        output: output.text(),
        errors: errors.text(),
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
