//! The names of a goal: `unit_type.aggregation.name`.

use crate::cursor::{is_closing, is_opening};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::goal::Aggregation;
use crate::parser::chain::Parser;
use crate::parser::wrong::found_text;
use crate::suggest::{did_you_mean, one_of, quote};

use super::is_word;

/// Unit type, aggregation and name; `None` for one that is there but wrong.
pub(super) type Names = (Option<String>, Option<Aggregation>, Option<String>);

impl<'t> Parser<'t> {
    /// Reads `unit_type.aggregation.name`; `None` if one is missing, an inner `None` if one is there but wrong.
    pub(super) fn names(&mut self) -> Option<Names> {
        let unit_type = self.name("unit type", |first| !first.is_ascii_digit())?;
        if !self.dot() {
            self.incomplete(
                "the aggregation is missing after the unit type",
                "`.` and a name",
            );
            return None;
        }
        let (word, span) = self.word("aggregation")?;
        let aggregation = Aggregation::ALL.iter().find(|known| known.as_str() == word);
        match (self.dot(), aggregation) {
            (true, Some(_)) => {}
            (true, None) => self.unknown_aggregation(word, span),
            (false, Some(_)) => {
                self.incomplete(
                    "the goal is missing after the aggregation",
                    "`.` and a name",
                );
                return None;
            }
            (false, None) => {
                self.two_names(word, span);
                return None;
            }
        }
        let name = self.name("goal", |_| true)?;
        Some((unit_type, aggregation.copied(), name))
    }

    fn unknown_aggregation(&mut self, word: &str, span: Span) {
        let words = Aggregation::ALL.iter().map(|known| known.as_str());
        let choices = words.collect::<Vec<_>>();
        self.report(
            Diagnostic::error(
                Code::UnknownAggregation,
                span,
                format!("unknown aggregation {}", quote(word)),
            )
            .expected(one_of(&choices))
            .found(quote(word))
            .maybe_help(did_you_mean(word, &choices)),
        );
    }

    /// Reports a goal that leaves out its aggregation, such as `user.click`.
    fn two_names(&mut self, word: &str, span: Span) {
        let message = format!("the aggregation is missing before {}", quote(word));
        self.report(
            Diagnostic::error(Code::IncompleteGoal, span, message)
                .expected("`unit` or `global`")
                .found(quote(word))
                .help(format!("write {}", quote(&format!("unit.{word}")))),
        );
    }

    fn name(&mut self, what: &str, may_begin: fn(char) -> bool) -> Option<Option<String>> {
        let (word, span) = self.word(what)?;
        Some(self.checked_name(word, span, what, may_begin))
    }

    /// The name, if it has only letters of ASCII, digits and `_` and begins as it may.
    pub(super) fn checked_name(
        &mut self,
        word: &str,
        span: Span,
        what: &str,
        may_begin: fn(char) -> bool,
    ) -> Option<String> {
        let wrong = word.char_indices().find(|&(position, character)| {
            !is_word(character) || (position == 0 && !may_begin(character))
        });
        let Some((position, character)) = wrong else {
            return Some(word.to_owned());
        };
        let start = span.start + position;
        let end = start + character.len_utf8();
        let bad = found_text(Some(character));
        let (message, expected) = if is_word(character) {
            (
                format!("{what} {} begins with a digit", quote(word)),
                "a letter or `_`",
            )
        } else {
            (
                format!("{bad} cannot stand in {what} {}", quote(word)),
                "letters a to z, digits and `_`",
            )
        };
        self.report(
            Diagnostic::error(Code::InvalidName, Span { start, end }, message)
                .expected(expected)
                .found(bad),
        );
        None
    }

    /// Reads what stands where a name is due, right or wrong.
    fn word(&mut self, what: &str) -> Option<(&'t str, Span)> {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        let word = self.cursor.take_while(|character| !ends_word(character));
        if word.is_empty() {
            self.incomplete(&format!("the {what} is missing"), "a name");
            return None;
        }
        Some((word, self.cursor.span_from(start)))
    }

    fn dot(&mut self) -> bool {
        self.cursor.skip_blanks();
        self.cursor.take('.')
    }

    fn incomplete(&mut self, message: &str, expected: &str) {
        let found = found_text(self.cursor.peek());
        self.report(
            Diagnostic::error(Code::IncompleteGoal, self.cursor.span_of_next(), message)
                .expected(expected)
                .found(found)
                .help("a goal is written like `count(user.unit.click)`"),
        );
    }
}

fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || is_opening(character)
        || is_closing(character)
        || matches!(
            character,
            '.' | ',' | '+' | '~' | '=' | '!' | '<' | '>' | '^'
        )
}
