//! What stands where nothing can be made of it.

use crate::cursor::is_closing;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::suggest::quote;

use super::chain::{Operand, Parser};
use super::operator;

impl Parser<'_> {
    pub(super) fn missing_operand(&mut self) -> Operand {
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

    pub(super) fn unexpected_characters(&mut self) -> Operand {
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
    pub(super) fn trailing_text(&mut self) {
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
}

const OPERAND: &str = "a goal, a number or `(`";

/// A character in backticks, or that there is none.
pub(super) fn found_text(found: Option<char>) -> String {
    match found {
        Some(found) => quote(found.encode_utf8(&mut [0; 4])),
        None => "the end".to_owned(),
    }
}
