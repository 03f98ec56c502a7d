//! What is wrong with a formula: kind, place, and what would be right.

use std::fmt;

use crate::excerpt::render_excerpt;

/// Something about a formula that its writer should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Does it stop the evaluation?
    pub severity: Severity,
    /// Stable word for the kind of problem.
    pub code: Code,
    /// One sentence: lower case, no final dot, the writer's text in backticks.
    pub message: String,
    /// Where in the text.
    pub span: Span,
    /// What was expected there.
    pub expected: Option<String>,
    /// What was found there.
    pub found: Option<String>,
    /// At most one suggestion.
    pub help: Option<String>,
}

impl Diagnostic {
    /// The diagnostic for a terminal: message, the line of the formula with the place underlined, and help.
    ///
    /// ```
    /// let text = "count(user.units.click)";
    /// let parsed = epstats_formula::parse(text);
    /// assert_eq!(parsed.diagnostics[0].render(text), "\
    /// error: unknown aggregation `units` [unknown-aggregation]
    ///   | count(user.units.click)
    ///   |            ^^^^^ expected `unit` or `global`
    ///   help: did you mean `unit`?");
    /// ```
    #[must_use]
    pub fn render(&self, text: &str) -> String {
        let mut rendered = format!("{}: {} [{}]", self.severity, self.message, self.code);
        for line in render_excerpt(text, self.span, &self.label()).lines() {
            rendered.push_str("\n  ");
            rendered.push_str(line);
        }
        if let Some(help) = &self.help {
            rendered.push_str("\n  help: ");
            rendered.push_str(help);
        }
        rendered
    }

    /// The words beside the carets: `` expected `unit` or `global` ``; empty if nothing particular was expected.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.expected {
            Some(expected) => format!("expected {expected}"),
            None => String::new(),
        }
    }

    pub(crate) fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            expected: None,
            found: None,
            help: None,
        }
    }

    pub(crate) fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Diagnostic {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Diagnostic {
        self.found = Some(found.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help;
        self
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The formula cannot be evaluated.
    Error,
    /// It can, but perhaps not as meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// A stretch of a text, in bytes, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The kinds of problems; each has a stable word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text has another value in school arithmetic; a warning.
    AmbiguousPrecedence,
    /// A goal is filtered twice by the same dimension.
    DuplicateDimension,
    /// There is nothing in the formula, or between two parentheses.
    EmptyFormula,
    /// The formula has numbers only.
    FormulaWithoutGoal,
    /// A filter has no dimension or no operator.
    IncompleteFilter,
    /// A goal has no function, or not all of its three names.
    IncompleteGoal,
    /// A quantile has no level or no goal.
    IncompleteQuantile,
    /// A name has a character that names cannot have.
    InvalidName,
    /// Something begins like a number but is none.
    MalformedNumber,
    /// A quantile in a formula that is not the numerator of a metric.
    MisplacedQuantile,
    /// An operator has nothing to work on.
    MissingOperand,
    /// A filter has no value.
    MissingValue,
    /// Parentheses are nested deeper than the limit.
    NestingTooDeep,
    /// A number is too large or too small for double precision.
    NumberOutOfRange,
    /// A quantile with operators around it.
    QuantileInArithmetic,
    /// The level of a quantile is not between 0 and 1.
    QuantileLevelOutOfRange,
    /// A quantile of a goal whose function is not `value`.
    QuantileWithoutValues,
    /// The text is longer than the limit.
    TextTooLong,
    /// Text after something complete, with no operator before it.
    TrailingText,
    /// A parenthesis without its partner.
    UnbalancedParenthesis,
    /// A character that cannot stand in this place.
    UnexpectedCharacter,
    /// The second name of a goal is neither `unit` nor `global`.
    UnknownAggregation,
    /// A goal's function is none of `count`, `value`, `unique`.
    UnknownFunction,
    /// A sign or word in the place of an operator that is none.
    UnknownOperator,
}

impl Code {
    /// Every code, in the order of its words.
    pub const ALL: &[Code] = &[
        Code::AmbiguousPrecedence,
        Code::DuplicateDimension,
        Code::EmptyFormula,
        Code::FormulaWithoutGoal,
        Code::IncompleteFilter,
        Code::IncompleteGoal,
        Code::IncompleteQuantile,
        Code::InvalidName,
        Code::MalformedNumber,
        Code::MisplacedQuantile,
        Code::MissingOperand,
        Code::MissingValue,
        Code::NestingTooDeep,
        Code::NumberOutOfRange,
        Code::QuantileInArithmetic,
        Code::QuantileLevelOutOfRange,
        Code::QuantileWithoutValues,
        Code::TextTooLong,
        Code::TrailingText,
        Code::UnbalancedParenthesis,
        Code::UnexpectedCharacter,
        Code::UnknownAggregation,
        Code::UnknownFunction,
        Code::UnknownOperator,
    ];

    /// The stable word: `unknown-aggregation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::AmbiguousPrecedence => "ambiguous-precedence",
            Code::DuplicateDimension => "duplicate-dimension",
            Code::EmptyFormula => "empty-formula",
            Code::FormulaWithoutGoal => "formula-without-goal",
            Code::IncompleteFilter => "incomplete-filter",
            Code::IncompleteGoal => "incomplete-goal",
            Code::IncompleteQuantile => "incomplete-quantile",
            Code::InvalidName => "invalid-name",
            Code::MalformedNumber => "malformed-number",
            Code::MisplacedQuantile => "misplaced-quantile",
            Code::MissingOperand => "missing-operand",
            Code::MissingValue => "missing-value",
            Code::NestingTooDeep => "nesting-too-deep",
            Code::NumberOutOfRange => "number-out-of-range",
            Code::QuantileInArithmetic => "quantile-in-arithmetic",
            Code::QuantileLevelOutOfRange => "quantile-level-out-of-range",
            Code::QuantileWithoutValues => "quantile-without-values",
            Code::TextTooLong => "text-too-long",
            Code::TrailingText => "trailing-text",
            Code::UnbalancedParenthesis => "unbalanced-parenthesis",
            Code::UnexpectedCharacter => "unexpected-character",
            Code::UnknownAggregation => "unknown-aggregation",
            Code::UnknownFunction => "unknown-function",
            Code::UnknownOperator => "unknown-operator",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
