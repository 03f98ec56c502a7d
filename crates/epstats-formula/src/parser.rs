//! From text to tree, with everything that is wrong on the way.

mod chain;
mod goal;
mod number;
mod operator;
mod wrong;

use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::formula::Formula;

use chain::Parser;

/// Texts of more characters are refused.
pub const MAX_CHARACTERS: usize = 10_000;

/// Parentheses nested deeper are refused; those of goals and filters do not count.
pub const MAX_NESTING: usize = 100;

/// What the parser understood, and everything it has to say about the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The formula, unless an error made the text meaningless.
    ///
    /// It is there with the error `formula-without-goal`, which is none where another formula has a goal.
    pub formula: Option<Formula>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Is there an error?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The same, but a formula of numbers only is no error: for one half of a metric whose other half has a goal.
    #[must_use]
    pub fn allowing_no_goal(mut self) -> Parsed {
        self.diagnostics
            .retain(|diagnostic| diagnostic.code != Code::FormulaWithoutGoal);
        self
    }
}

/// Reads a formula to its end and tells everything that is wrong with it.
///
/// Never panics; time and memory are linear in the length of the text.
///
/// ```
/// let parsed = epstats_formula::parse("value(user.unit.purchase) / count(user.global.exposure)");
/// assert!(!parsed.has_errors());
///
/// let parsed = epstats_formula::parse("vale(user.unit.purchase) / count(user.globl.exposure");
/// let codes = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect::<Vec<_>>();
/// assert_eq!(codes, ["unknown-function", "unbalanced-parenthesis", "unknown-aggregation"]);
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed {
    if let Some((position, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        return Parsed {
            formula: None,
            diagnostics: vec![too_long(text, position)],
        };
    }
    let (formula, mut diagnostics) = Parser::new(text).finish();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    let mut parsed = Parsed {
        formula: None,
        diagnostics,
    };
    if let Some(formula) = formula
        && !parsed.has_errors()
    {
        if formula.goals().is_empty() {
            parsed.diagnostics.push(without_goal(text));
        }
        let ambiguities = parsed
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::AmbiguousPrecedence)
            .map(|diagnostic| diagnostic.message.clone())
            .collect();
        parsed.formula = Some(formula.with_ambiguities(ambiguities));
    }
    parsed
}

fn too_long(text: &str, position: usize) -> Diagnostic {
    let span = Span {
        start: position,
        end: text.len(),
    };
    let n_characters = text.chars().count();
    let message = format!("the formula has {n_characters} characters");
    Diagnostic::error(Code::TextTooLong, span, message)
        .expected(format!("at most {MAX_CHARACTERS}"))
        .found(n_characters.to_string())
}

fn without_goal(text: &str) -> Diagnostic {
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len();
    let span = Span {
        start,
        end: start + trimmed.trim_end().len(),
    };
    Diagnostic::error(Code::FormulaWithoutGoal, span, "the formula has no goal")
        .expected("at least one goal")
        .found("numbers only")
        .help("a goal is written like `count(user.unit.click)`")
}
