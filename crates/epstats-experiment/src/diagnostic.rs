//! Something that a person wrote is wrong: what, where, and what would be right.

use std::fmt;

use epstats_formula::Span;

use crate::Code;

/// A problem of a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Does it stop the evaluation?
    pub severity: Severity,
    /// Stable word for the kind of problem.
    pub code: Code,
    /// One sentence: lower case, no final dot, the writer's text in backticks.
    pub message: String,
    /// Where in the document.
    pub place: Place,
    /// What was expected there.
    pub expected: Option<String>,
    /// What was found there.
    pub found: Option<String>,
    /// At most one suggestion.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a path of the document, without expectation and help.
    #[must_use]
    pub fn error(code: Code, path: Vec<Step>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            place: Place {
                path,
                ..Place::default()
            },
            expected: None,
            found: None,
            help: None,
        }
    }

    /// A problem inside the formula `text` that stands at `place`.
    #[must_use]
    pub fn in_formula(problem: epstats_formula::Diagnostic, text: &str, place: Place) -> Self {
        Diagnostic {
            severity: match problem.severity {
                epstats_formula::Severity::Error => Severity::Error,
                epstats_formula::Severity::Warning => Severity::Warning,
            },
            code: Code::Formula(problem.code),
            message: problem.message,
            place: Place {
                formula: Some((text.to_owned(), problem.span)),
                ..place
            },
            expected: problem.expected,
            found: problem.found,
            help: problem.help,
        }
    }

    /// Says what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Suggests what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the metric or check that it is about.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.place.name = Some(name.into());
        self
    }

    /// Does it stop the evaluation?
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The definition cannot be evaluated.
    Error,
    /// It can, but perhaps not as meant.
    Warning,
}

/// Where in a definition: a path in the document, and a span in a formula.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Place {
    /// Path from the root of the document; empty for the whole.
    pub path: Vec<Step>,
    /// Name of the metric or check there, for people.
    pub name: Option<String>,
    /// The text of the formula and the span in it.
    pub formula: Option<(String, Span)>,
    /// Line and column in the file, from one, where known.
    pub line_column: Option<(usize, usize)>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field of an object.
    Field(String),
    /// An entry of a list, from zero.
    Index(usize),
}

impl From<&str> for Step {
    fn from(field: &str) -> Self {
        Step::Field(field.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

impl fmt::Display for Place {
    /// `metrics[2].nominator`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.path.iter().enumerate() {
            match step {
                Step::Field(name) if position == 0 => write!(f, "{name}")?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
