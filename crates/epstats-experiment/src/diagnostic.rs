//! Something that a person wrote is wrong: what, where, and what would be right.

use std::fmt;

use epstats_formula::Span;

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
