//! From text to tree, with everything that is wrong on the way.
//!
//! The text is a chain: operands with operators between them. An opening parenthesis begins a chain inside the
//! chain; open chains wait on a stack, so that no text can exhaust the program's own. When a chain
//! ends, its operands are joined by precedence. After an error the parser reads on: what is missing is
//! taken as written, what belongs to nothing is reported and passed over. It never goes back, so its time is linear.

mod goal;
mod number;
mod operator;

use std::mem;

use crate::cursor::{Cursor, is_closing};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::field::Residue;
use crate::formula::{Formula, Node, Operator};
use crate::precedence::{self, Term};
use crate::suggest::quote;

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
    let mut parser = Parser {
        cursor: Cursor::new(text),
        diagnostics: Vec::new(),
        chain: Chain::default(),
        outer: Vec::new(),
    };
    let formula = parser.formula();
    let mut diagnostics = parser.diagnostics;
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
        parsed.formula = Some(formula);
    }
    parsed
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    diagnostics: Vec<Diagnostic>,
    /// The chain that is being read.
    chain: Chain,
    /// The chains around it, outermost first.
    outer: Vec<Chain>,
}

/// Operands and the operators between them.
#[derive(Default)]
struct Chain {
    /// The parenthesis that began it; none around the whole text.
    opening: Option<Span>,
    operands: Vec<Operand>,
    operators: Vec<Operator>,
}

/// One operand: where it is, and what it is unless it is wrong.
struct Operand {
    span: Span,
    known: Option<(Formula, Residue)>,
}

impl Operand {
    fn wrong(span: Span) -> Operand {
        Operand { span, known: None }
    }
}

/// Is there more to read?
#[derive(PartialEq)]
enum Reading {
    GoesOn,
    Ends,
}

impl Parser<'_> {
    fn formula(&mut self) -> Option<Formula> {
        loop {
            if self.operand() == Reading::Ends {
                return None;
            }
            if self.operators() == Reading::Ends {
                break;
            }
        }
        while let Some(opening) = self.chain.opening {
            self.report(
                Diagnostic::error(Code::UnbalancedParenthesis, opening, "`(` is never closed")
                    .expected("a closing `)`")
                    .found("the end"),
            );
            let operand = self.close_chain();
            self.chain.operands.push(operand);
        }
        let chain = mem::take(&mut self.chain);
        self.join(chain).known.map(|(formula, _)| formula)
    }

    /// Reads opening parentheses and the operand after them; ends only where nesting is too deep.
    fn operand(&mut self) -> Reading {
        loop {
            self.cursor.skip_blanks();
            let start = self.cursor.position();
            let operand = match self.cursor.peek() {
                Some('(') if self.outer.len() == MAX_NESTING => {
                    self.nesting_too_deep();
                    return Reading::Ends;
                }
                Some('(') => {
                    self.cursor.take('(');
                    self.open_chain(start);
                    continue;
                }
                Some('a'..='z' | 'A'..='Z' | '_') => self.goal(),
                Some('0'..='9' | '.') => self.number(),
                Some('-') if self.number_follows_sign() => self.number(),
                Some(other) if !operator::ends_operand(other) => {
                    let wrong = self.unexpected_characters();
                    if self.cursor.peek().is_some_and(begins_operand) {
                        continue;
                    }
                    wrong
                }
                _ => self.missing_operand(),
            };
            self.chain.operands.push(operand);
            return Reading::GoesOn;
        }
    }

    fn open_chain(&mut self, start: usize) {
        let inner = Chain {
            opening: Some(self.cursor.span_from(start)),
            ..Chain::default()
        };
        self.outer.push(mem::replace(&mut self.chain, inner));
    }

    fn nesting_too_deep(&mut self) {
        let message = format!("parentheses nested deeper than {MAX_NESTING}");
        self.report(
            Diagnostic::error(Code::NestingTooDeep, self.cursor.span_of_next(), message)
                .expected(format!("at most {MAX_NESTING} levels"))
                .found(format!("{} levels", MAX_NESTING + 1)),
        );
    }

    /// Reads closing parentheses and the operator after them; ends at the end of the text.
    fn operators(&mut self) -> Reading {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek() {
                None => return Reading::Ends,
                Some(closing) if is_closing(closing) => self.closing(closing),
                Some(_) => {
                    if let Some(operator) = self.operator() {
                        self.chain.operators.push(operator);
                        return Reading::GoesOn;
                    }
                    self.trailing_text();
                }
            }
        }
    }

    fn closing(&mut self, closing: char) {
        let span = self.cursor.span_of_next();
        self.cursor.take(closing);
        if self.chain.opening.is_none() {
            let message = format!("`{closing}` closes nothing");
            self.report(Diagnostic::error(
                Code::UnbalancedParenthesis,
                span,
                message,
            ));
            return;
        }
        if closing != ')' {
            let message = format!("`(` is closed by `{closing}`");
            self.report(
                Diagnostic::error(Code::UnbalancedParenthesis, span, message)
                    .expected("`)`")
                    .found(format!("`{closing}`")),
            );
        }
        let operand = self.close_chain();
        self.chain.operands.push(operand);
    }

    /// Goes back to the chain around this one, for which this one is an operand.
    fn close_chain(&mut self) -> Operand {
        let outer = self.outer.pop().unwrap_or_default();
        let chain = mem::replace(&mut self.chain, outer);
        let start = chain.opening.map_or(0, |opening| opening.start);
        let span = self.cursor.span_from(start);
        let operand = self.join(chain);
        Operand {
            span,
            known: operand
                .known
                .map(|(formula, value)| (formula.with_span(span), value)),
        }
    }

    /// One operand from a whole chain; wrong if any of its operands is.
    fn join(&mut self, chain: Chain) -> Operand {
        let span = Span {
            start: chain.operands.first().map_or(0, |first| first.span.start),
            end: chain.operands.last().map_or(0, |last| last.span.end),
        };
        let mut formulas = Vec::new();
        let mut terms = Vec::new();
        for operand in chain.operands {
            let Some((formula, value)) = operand.known else {
                return Operand::wrong(span);
            };
            formulas.push(formula);
            terms.push(Term {
                value,
                span: operand.span,
            });
        }
        let text = self.cursor.text();
        let value = precedence::review(text, &terms, &chain.operators, &mut self.diagnostics);
        let formula = precedence::join(formulas, &chain.operators, precedence::level, connect);
        Operand {
            span,
            known: formula.zip(value),
        }
    }

    fn missing_operand(&mut self) -> Operand {
        let span = self.cursor.span_of_next();
        let found = self.cursor.peek();
        let is_alone = self.chain.operands.is_empty();
        let at_end = found.is_none_or(is_closing);
        let diagnostic = match (is_alone && at_end, self.chain.opening) {
            (true, None) if found.is_none() => {
                Diagnostic::error(Code::EmptyFormula, span, "the formula is empty")
                    .help("a formula is made of goals, such as `count(user.unit.click)`")
            }
            (true, Some(opening)) => {
                let span = Span {
                    end: span.end,
                    ..opening
                };
                Diagnostic::error(Code::EmptyFormula, span, "nothing between the parentheses")
            }
            _ => self.operator_without_operand(span, found),
        };
        self.report(diagnostic.expected(OPERAND).found(found_text(found)));
        Operand::wrong(span)
    }

    fn operator_without_operand(&self, span: Span, found: Option<char>) -> Diagnostic {
        let message = match (self.chain.operators.last(), found) {
            (Some(operator), _) => format!("nothing after `{operator}`"),
            (None, Some(found)) => format!("nothing before `{found}`"),
            (None, None) => "an operand is missing".to_owned(),
        };
        let diagnostic = Diagnostic::error(Code::MissingOperand, span, message);
        if found == Some('-') {
            diagnostic.help("to change a sign, write `-1 * …`")
        } else {
            diagnostic
        }
    }

    fn unexpected_characters(&mut self) -> Operand {
        let start = self.cursor.position();
        let text = self.cursor.take_while(|character| {
            !character.is_whitespace()
                && !character.is_ascii_alphanumeric()
                && !operator::ends_operand(character)
                && character != '('
        });
        let span = self.cursor.span_from(start);
        let message = format!("{} cannot stand here", quote(text));
        self.report(
            Diagnostic::error(Code::UnexpectedCharacter, span, message)
                .expected(OPERAND)
                .found(quote(text))
                .maybe_help(operator::meant(text)),
        );
        Operand::wrong(span)
    }

    /// Reports what follows something complete and is no operator, and passes over it.
    fn trailing_text(&mut self) {
        let start = self.cursor.position();
        match self.cursor.partner(start) {
            Some(partner) => self.cursor.jump(partner + 1),
            None => self.pass_word(),
        }
        let span = self.cursor.span_from(start);
        let text = quote(self.cursor.slice(span));
        let message = format!("{text} belongs to nothing");
        self.report(
            Diagnostic::error(Code::TrailingText, span, message)
                .expected("an operator or the end")
                .found(text),
        );
    }

    /// Passes over a word and, if it looks like a goal, what stands in parentheses after it.
    fn pass_word(&mut self) {
        let start = self.cursor.position();
        self.cursor.take_while(|character| {
            !character.is_whitespace() && character != '(' && !operator::ends_operand(character)
        });
        if let Some(partner) = self.cursor.partner(self.cursor.position()) {
            self.cursor.jump(partner + 1);
        } else if self.cursor.position() == start
            && let Some(next) = self.cursor.peek()
        {
            self.cursor.take(next);
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

fn begins_operand(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '(')
}

const OPERAND: &str = "a goal, a number or `(`";

fn connect(operator: Operator, left: Formula, right: Formula) -> Formula {
    let span = Span {
        start: left.span().start,
        end: right.span().end,
    };
    Formula::operation(operator, left, right).with_span(span)
}

fn known_operand(node: Node, value: Residue, span: Span) -> Operand {
    Operand {
        span,
        known: Some((Formula::new(node, span), value)),
    }
}

fn found_text(found: Option<char>) -> String {
    match found {
        Some(found) => quote(found.encode_utf8(&mut [0; 4])),
        None => "the end".to_owned(),
    }
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
