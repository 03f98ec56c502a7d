//! From text to tree, with everything that is wrong on the way.

mod chain;
mod goal;
mod number;
mod operator;
mod quantile;
mod wrong;

use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::formula::{Formula, Node};
use crate::numerator::{Numerator, Quantile};

use chain::{Finished, Parser};

/// Texts of more characters are refused.
pub const MAX_CHARACTERS: usize = 10_000;

/// Parentheses nested deeper are refused; those of goals and filters do not count.
pub const MAX_NESTING: usize = 100;

/// What the parser understood, and everything it has to say about the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<F = Formula> {
    /// The formula, unless an error made the text meaningless.
    ///
    /// It is there with the error `formula-without-goal`, which is none where another formula has a goal.
    pub formula: Option<F>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl<F> Parsed<F> {
    /// Is there an error?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The same, but a formula of numbers only is no error: for one half of a metric whose other half has a goal.
    #[must_use]
    pub fn allowing_no_goal(mut self) -> Self {
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
    let (parsed, _) = read(text, |quantile, _| {
        let message = "a quantile cannot stand here";
        let problem = Diagnostic::error(Code::MisplacedQuantile, quantile.span, message)
            .expected("a formula of `count`, `value` and `unique`")
            .found("a quantile")
            .help("in a definition, a quantile is the whole numerator of a metric");
        Some(problem)
    });
    parsed
}

/// Reads the numerator of a metric: what [`parse`] reads, or `quantile(number, goal)` by itself.
///
/// Never panics; time and memory are linear in the length of the text.
///
/// ```
/// use epstats_formula::{Numerator, parse_numerator};
///
/// let parsed = parse_numerator("quantile(0.95, value(user.unit.latency))");
/// let Some(Numerator::Quantile(quantile)) = parsed.formula else { panic!() };
/// assert_eq!(quantile.level(), 0.95);
/// assert_eq!(quantile.goal().to_string(), "value(user.unit.latency)");
///
/// let parsed = parse_numerator("quantile(95, value(user.unit.latency)) * 1000");
/// let codes = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect::<Vec<_>>();
/// assert_eq!(codes, ["quantile-in-arithmetic", "quantile-level-out-of-range"]);
/// ```
#[must_use]
pub fn parse_numerator(text: &str) -> Parsed<Numerator> {
    let (parsed, level) = read(text, |quantile, is_alone| {
        let message = "a quantile cannot be part of a formula";
        let problem = Diagnostic::error(Code::QuantileInArithmetic, quantile.span, message)
            .expected("the quantile alone")
            .found("other operands beside it");
        (!is_alone).then_some(problem)
    });
    Parsed {
        formula: parsed.formula.and_then(|formula| numerator(formula, level)),
        diagnostics: parsed.diagnostics,
    }
}

/// The formula, or the quantile whose goal it is.
fn numerator(formula: Formula, level: Option<f64>) -> Option<Numerator> {
    let Some(level) = level else {
        return Some(Numerator::Formula(formula));
    };
    match formula.node() {
        Node::Goal(goal) => Quantile::new(level, goal.clone()).map(Numerator::Quantile),
        _ => None,
    }
}

/// Reads a text; beside it the level of its quantile, if it has one and no error.
///
/// `judge` is told of each quantile, and whether it is the only operand.
fn read(
    text: &str,
    judge: fn(&quantile::Found, bool) -> Option<Diagnostic>,
) -> (Parsed, Option<f64>) {
    if let Some((position, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        let parsed = Parsed {
            formula: None,
            diagnostics: vec![too_long(text, position)],
        };
        return (parsed, None);
    }
    let Finished {
        formula,
        is_one_operand,
        quantiles,
        mut diagnostics,
    } = Parser::new(text).finish();
    let misused = quantiles
        .iter()
        .filter_map(|found| judge(found, is_one_operand));
    diagnostics.extend(misused);
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
    let level = quantiles.first().and_then(|found| found.level);
    (parsed, level)
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
