//! Goals: `function(unit_type.aggregation.name(filters))`.

use crate::cursor::{is_closing, is_opening};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::field::Residue;
use crate::formula::Node;
use crate::goal::{Aggregation, Function, Goal};
use crate::suggest::{did_you_mean, one_of, quote};

use super::{Operand, Parser, found_text, known_operand};

mod filters;

impl<'t> Parser<'t> {
    /// Reads a goal from its function on.
    pub(super) fn goal(&mut self) -> Operand {
        let start = self.cursor.position();
        let word = self.cursor.take_while(is_word);
        let word_span = self.cursor.span_from(start);
        self.cursor.skip_blanks();
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
                known_operand(Node::Goal(goal), value, span)
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

    /// Reads `unit_type.aggregation.name`; `None` if one is missing, an inner `None` if one is there but wrong.
    fn names(&mut self) -> Option<Names> {
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
    fn checked_name(
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

    /// Goes past the parenthesis that closes a goal, reporting what else stands before it.
    fn close_goal(&mut self, opening: usize, understood: bool) {
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

type Names = (Option<String>, Option<Aggregation>, Option<String>);

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
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
