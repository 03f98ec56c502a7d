//! How a command ends: the one place where problems become text and exit codes.

use std::fmt;
use std::io;
use std::path::Path;

use epstats::EvaluationError;
use epstats::experiment::Diagnostic;
use epstats_demo::DemoError;
use epstats_source::SourceError;

/// Exit codes, the same for every subcommand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything worked.
    Fine,
    /// Evaluated, but a check of the data failed and `--strict` was given.
    CheckFailed,
    /// The command line or the definition is wrong.
    WrongInput,
    /// A source, or the place to write to, refused.
    SourceFailed,
    /// Somebody pressed Ctrl-C before the source had answered.
    Interrupted,
}

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::CheckFailed => 1,
            Exit::WrongInput => 2,
            Exit::SourceFailed => 3,
            // As a shell says of a process that ended by the signal.
            Exit::Interrupted => 130,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum CommandError {
    /// The definition, or the definition of a source, has problems; with the name of the file.
    Definition {
        /// File the problems are in.
        document: String,
        /// All of them.
        problems: Vec<Diagnostic>,
    },
    /// The source did not answer.
    Source(SourceError),
    /// A file or folder could not be read or written.
    File {
        /// Stable word.
        code: &'static str,
        /// What was tried and why it failed.
        message: String,
        /// What to do.
        help: Option<String>,
        /// Is it the input, or the world?
        exit: Exit,
    },
    /// Somebody pressed Ctrl-C before the source had answered.
    Interrupted,
    /// Arguments that do not go together, or a name that is not known.
    Usage {
        /// Stable word.
        code: &'static str,
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
}

impl CommandError {
    /// How the process ends because of it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            CommandError::Definition { .. } | CommandError::Usage { .. } => Exit::WrongInput,
            CommandError::Source(_) => Exit::SourceFailed,
            CommandError::Interrupted => Exit::Interrupted,
            CommandError::File { exit, .. } => *exit,
        }
    }

    /// A mistake on the command line.
    #[must_use]
    pub fn usage(code: &'static str, message: impl Into<String>, help: Option<&str>) -> Self {
        CommandError::Usage {
            code,
            message: message.into(),
            help: help.map(str::to_owned),
        }
    }

    /// A file of the input that cannot be read.
    #[must_use]
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        CommandError::File {
            code: "unreadable-definition",
            message: format!("`{}` cannot be read: {}", path.display(), reason(error)),
            help: None,
            exit: Exit::WrongInput,
        }
    }

    /// A place that cannot be written to.
    #[must_use]
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        CommandError::File {
            code: "cannot-write",
            message: format!("`{}` cannot be written: {}", path.display(), reason(error)),
            help: None,
            exit: Exit::SourceFailed,
        }
    }

    /// What an evaluation failed with; `document` names the definition.
    #[must_use]
    pub fn of_evaluation(error: EvaluationError, document: &str) -> Self {
        match error {
            EvaluationError::Definition(problems) => CommandError::Definition {
                document: document.to_owned(),
                problems,
            },
            EvaluationError::Source(error) => CommandError::Source(error),
        }
    }
}

impl From<SourceError> for CommandError {
    fn from(error: SourceError) -> Self {
        CommandError::Source(error)
    }
}

impl From<DemoError> for CommandError {
    fn from(error: DemoError) -> Self {
        let code = error.code();
        CommandError::File {
            code,
            message: error.to_string(),
            help: None,
            exit: match code {
                "cannot-write" => Exit::SourceFailed,
                _ => Exit::WrongInput,
            },
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Definition { document, problems } => {
                for (position, problem) in problems.iter().enumerate() {
                    if position > 0 {
                        writeln!(f)?;
                    }
                    writeln!(f, "{}", problem.render().trim_end())?;
                }
                write!(f, "\n{} in `{document}`", counted(problems))
            }
            CommandError::Source(error) => headed(
                f,
                error.kind.code(),
                &format!("source `{}`: {}", error.source_name, error.message),
                error.help.as_deref(),
            ),
            CommandError::Interrupted => headed(
                f,
                "interrupted",
                "interrupted before the source had answered",
                None,
            ),
            CommandError::File {
                code,
                message,
                help,
                ..
            }
            | CommandError::Usage {
                code,
                message,
                help,
            } => headed(f, code, message, help.as_deref()),
        }
    }
}

fn headed(
    f: &mut fmt::Formatter<'_>,
    code: &str,
    message: &str,
    help: Option<&str>,
) -> fmt::Result {
    write!(f, "error: {message} [{code}]")?;
    match help {
        Some(help) => write!(f, "\n  help: {help}"),
        None => Ok(()),
    }
}

fn counted(problems: &[Diagnostic]) -> String {
    match problems.len() {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    }
}

/// The words of the system without its number.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "that is not allowed".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}
