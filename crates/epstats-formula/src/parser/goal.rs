//! Goals: `function(unit_type.aggregation.name(filters))`.

use crate::cursor::is_closing;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::field::Residue;
use crate::formula::Node;
use crate::goal::{Function, Goal};
use crate::suggest::{did_you_mean, one_of, quote};

use super::chain::{Operand, Parser};
use super::quantile;
use super::wrong::found_text;

mod filters;
mod names;

impl<'t> Parser<'t> {
    /// Reads a goal, or a quantile of one.
    pub(super) fn goal(&mut self) -> Operand {
        let start = self.cursor.position();
        let (word, span) = self.function_word();
        match self.cursor.peek() {
            Some('(') if word == quantile::WORD => self.quantile(start),
            Some('.') => self.goal_from(word, span),
            _ if word == quantile::WORD => self.quantile_alone(span),
            _ => self.goal_from(word, span),
        }
    }

    /// Reads a goal; the word `quantile` is no function here.
    pub(super) fn plain_goal(&mut self) -> Operand {
        let (word, span) = self.function_word();
        self.goal_from(word, span)
    }

    /// Reads the word that a goal begins with, and the blanks after it.
    fn function_word(&mut self) -> (&'t str, Span) {
        let start = self.cursor.position();
        let word = self.cursor.take_while(is_word);
        let span = self.cursor.span_from(start);
        self.cursor.skip_blanks();
        (word, span)
    }

    /// Reads a goal from its opening parenthesis on.
    fn goal_from(&mut self, word: &str, word_span: Span) -> Operand {
        let start = word_span.start;
        let opening = self.cursor.position();
        if !self.cursor.take('(') {
            return self.goal_without_function(word, word_span);
        }
        let function = self.function(word, word_span);
        let names = self.names();
        // After a name is missing, nothing on the way to the closing parenthesis can be understood.
        let filters = names.as_ref().map(|_| self.filters());
        self.close_goal(opening, names.is_some());
        let span = self.cursor.span_from(start);
        match (function, names, filters) {
            (
                Some(function),
                Some((Some(unit_type), Some(aggregation), Some(name))),
                Some(filters),
            ) => {
                let goal = Goal {
                    function,
                    unit_type,
                    aggregation,
                    name,
                    filters,
                };
                let value = Residue::of_goal(&goal);
                Operand::known(Node::Goal(goal), value, span)
            }
            _ => Operand::wrong(span),
        }
    }

    fn function(&mut self, word: &str, span: Span) -> Option<Function> {
        let function = Function::ALL
            .iter()
            .find(|function| function.as_str() == word);
        if function.is_none() {
            let words = Function::ALL.iter().map(|function| function.as_str());
            let choices = words.collect::<Vec<_>>();
            self.report(
                Diagnostic::error(
                    Code::UnknownFunction,
                    span,
                    format!("unknown function {}", quote(word)),
                )
                .expected(one_of(&choices))
                .found(quote(word))
                .maybe_help(did_you_mean(word, &choices)),
            );
        }
        function.copied()
    }

    /// Goes past the parenthesis that closes a goal or a quantile, reporting what else stands before it.
    pub(super) fn close_goal(&mut self, opening: usize, understood: bool) {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        if self.cursor.take(')') {
            return;
        }
        let Some(partner) = self.cursor.partner(opening).filter(|&at| at >= start) else {
            let span = Span {
                start: opening,
                end: opening + 1,
            };
            self.report(
                Diagnostic::error(Code::UnbalancedParenthesis, span, "`(` is never closed")
                    .expected("a closing `)`")
                    .found(found_text(self.cursor.peek())),
            );
            return;
        };
        self.cursor.jump(partner);
        if understood && partner > start {
            let span = self.cursor.span_from(start);
            let text = quote(self.cursor.slice(span).trim_end());
            self.report(
                Diagnostic::error(
                    Code::TrailingText,
                    span,
                    format!("{text} belongs to nothing"),
                )
                .expected("`)`")
                .found(text),
            );
        }
        self.closing_bracket('(', ')');
    }

    /// Goes past a closing bracket, reporting one of the wrong shape.
    fn closing_bracket(&mut self, opening: char, right: char) {
        let Some(found) = self.cursor.peek().filter(|found| is_closing(*found)) else {
            return;
        };
        let span = self.cursor.span_of_next();
        self.cursor.take(found);
        if found != right {
            self.report(
                Diagnostic::error(
                    Code::UnbalancedParenthesis,
                    span,
                    format!("`{opening}` is closed by `{found}`"),
                )
                .expected(format!("`{right}`"))
                .found(format!("`{found}`")),
            );
        }
    }

    /// Reports a word that no parenthesis follows, with the names and filters that may follow it.
    fn goal_without_function(&mut self, word: &str, span: Span) -> Operand {
        let start = span.start;
        self.cursor
            .take_while(|character| is_word(character) || character == '.');
        if let Some(partner) = self.cursor.partner(self.cursor.position()) {
            self.cursor.jump(partner + 1);
        }
        let whole = Span {
            start,
            end: self.cursor.position(),
        };
        let text = self.cursor.slice(whole).trim_end();
        let span = Span {
            start,
            end: start + text.len(),
        };
        let is_function = Function::ALL
            .iter()
            .any(|function| function.as_str() == word);
        let (message, help) = if text.contains('.') && !is_function {
            (
                format!("goal {} has no function", quote(text)),
                format!("write {}", quote(&format!("count({text})"))),
            )
        } else if is_function {
            (
                format!("function {} has no goal", quote(text)),
                format!("write `{word}(user.unit.click)`"),
            )
        } else {
            (
                format!("{} is not a goal", quote(text)),
                "a goal is written like `count(user.unit.click)`".to_owned(),
            )
        };
        self.report(
            Diagnostic::error(Code::IncompleteGoal, span, message)
                .expected("a function and a goal in parentheses")
                .found(quote(text))
                .help(help),
        );
        Operand::wrong(span)
    }
}

pub(super) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
