//! Chains of operands with operators between them, to any depth of parentheses.
//!
//! An opening parenthesis begins a chain inside the chain; open chains wait on a stack, so that no text can
//! exhaust the program's own. When a chain ends, its operands are joined by precedence. After an error the parser
//! reads on: what is missing is taken as written, what belongs to nothing is reported and passed over. It
//! never goes back, so its time is linear.

use std::mem;

use crate::cursor::{Cursor, is_closing};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::field::Residue;
use crate::formula::{Formula, Node, Operator};
use crate::goal::Goal;
use crate::precedence::{self, Term};

use super::{MAX_NESTING, operator, quantile};

pub(super) struct Parser<'t> {
    pub(super) cursor: Cursor<'t>,
    diagnostics: Vec<Diagnostic>,
    /// The chain that is being read.
    pub(super) chain: Chain,
    /// The chains around it, outermost first.
    outer: Vec<Chain>,
    /// Operands so far, the missing ones among them; what is in parentheses does not count as one.
    n_operands: usize,
    /// The quantiles so far.
    pub(super) quantiles: Vec<quantile::Found>,
}

/// Operands and the operators between them.
#[derive(Default)]
pub(super) struct Chain {
    /// The parenthesis that began it; none around the whole text.
    pub(super) opening: Option<Span>,
    pub(super) operands: Vec<Operand>,
    pub(super) operators: Vec<Operator>,
}

/// One operand: where it is, and what it is unless it is wrong.
pub(super) struct Operand {
    span: Span,
    known: Option<(Formula, Residue)>,
}

impl Operand {
    pub(super) fn known(node: Node, value: Residue, span: Span) -> Operand {
        Operand {
            span,
            known: Some((Formula::new(node, span), value)),
        }
    }

    pub(super) fn wrong(span: Span) -> Operand {
        Operand { span, known: None }
    }

    /// The goal that it is, if it is one.
    pub(super) fn into_goal(self) -> Option<(Goal, Residue)> {
        let (formula, value) = self.known?;
        match formula.node() {
            Node::Goal(goal) => Some((goal.clone(), value)),
            _ => None,
        }
    }
}

/// What a whole text is.
pub(super) struct Finished {
    /// A quantile in it is there as its goal.
    pub(super) formula: Option<Formula>,
    pub(super) is_one_operand: bool,
    pub(super) quantiles: Vec<quantile::Found>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Is there more to read?
#[derive(PartialEq)]
enum Reading {
    GoesOn,
    Ends,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parser<'t> {
        Parser {
            cursor: Cursor::new(text),
            diagnostics: Vec::new(),
            chain: Chain::default(),
            outer: Vec::new(),
            n_operands: 0,
            quantiles: Vec::new(),
        }
    }

    /// Reads the whole text.
    pub(super) fn finish(mut self) -> Finished {
        let formula = self.formula();
        Finished {
            formula,
            is_one_operand: self.n_operands == 1,
            quantiles: self.quantiles,
            diagnostics: self.diagnostics,
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

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
            self.n_operands += 1;
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
}

fn begins_operand(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '(')
}

fn connect(operator: Operator, left: Formula, right: Formula) -> Formula {
    let span = Span {
        start: left.span().start,
        end: right.span().end,
    };
    Formula::operation(operator, left, right).with_span(span)
}
