//! What a command reads from and writes to.

use std::env;
use std::io::{self, IsTerminal, Read, Write};

use crate::args::When;

/// Standard input, output and error, and what is known of them.
pub struct Terminal {
    input: Box<dyn Read + Send>,
    output: Box<dyn Write + Send>,
    errors: Box<dyn Write + Send>,
    output_is_terminal: bool,
    errors_are_terminal: bool,
    width: usize,
    no_color: bool,
    /// What `--color` says.
    pub color: When,
}

/// Columns where nothing is known of the terminal.
const DEFAULT_WIDTH: usize = 80;

impl Terminal {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let output_is_terminal = io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| output_is_terminal)
            .map_or(DEFAULT_WIDTH, |(width, _)| width.0.into());
        Terminal {
            input: Box::new(io::stdin()),
            output: Box::new(io::stdout()),
            errors: Box::new(io::stderr()),
            output_is_terminal,
            errors_are_terminal: io::stderr().is_terminal(),
            width,
            no_color: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            color: When::Auto,
        }
    }

    /// One that is no terminal: pipes, as tests use them.
    #[must_use]
    pub fn of_pipes(
        input: impl Read + Send + 'static,
        output: impl Write + Send + 'static,
        errors: impl Write + Send + 'static,
    ) -> Self {
        Terminal {
            input: Box::new(input),
            output: Box::new(output),
            errors: Box::new(errors),
            output_is_terminal: false,
            errors_are_terminal: false,
            width: DEFAULT_WIDTH,
            no_color: false,
            color: When::Auto,
        }
    }

    /// All of standard input.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is not UTF-8.
    pub fn read(&mut self) -> io::Result<String> {
        let mut text = String::new();
        self.input.read_to_string(&mut text)?;
        Ok(text)
    }

    /// Writes to standard output. A closed pipe (`| head`) is not an error.
    pub fn print(&mut self, text: &str) {
        let _closed = self
            .output
            .write_all(text.as_bytes())
            .and_then(|()| self.output.flush());
    }

    /// Writes a line or several to standard error.
    pub fn error(&mut self, text: &str) {
        let _closed = writeln!(self.errors, "{text}");
    }

    /// Columns of the output.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Should output (or errors) have colours?
    #[must_use]
    pub fn color_of(&self, errors: bool) -> bool {
        let terminal = if errors {
            self.errors_are_terminal
        } else {
            self.output_is_terminal
        };
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !self.no_color,
        }
    }

    /// Should long work show its progress?
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        self.errors_are_terminal
    }
}
