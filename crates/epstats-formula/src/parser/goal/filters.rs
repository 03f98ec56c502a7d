//! Filters of a goal: `(dimension op value, …)`, also in square brackets.

use std::collections::BTreeSet;

use crate::cursor::{is_closing, is_opening};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::goal::{DimensionFilter, FilterOperator};
use crate::parser::chain::Parser;
use crate::parser::wrong::found_text;
use crate::suggest::{one_of, quote};

impl Parser<'_> {
    /// Reads the filters if there are any. What is wrong is reported and left out.
    pub(super) fn filters(&mut self) -> Vec<DimensionFilter> {
        self.cursor.skip_blanks();
        let opening = self.cursor.span_of_next();
        let Some(bracket) = self.cursor.peek().filter(|next| is_opening(*next)) else {
            return Vec::new();
        };
        self.cursor.take(bracket);
        let partner = self.cursor.partner(opening.start);
        let mut filters = Vec::new();
        let mut dimensions = BTreeSet::new();
        let mut is_first = true;
        loop {
            self.cursor.skip_blanks();
            if !is_first && self.cursor.peek().is_some_and(is_closing) {
                break;
            }
            if let Some((filter, span)) = self.filter() {
                if !dimensions.insert(filter.dimension.clone()) {
                    self.duplicate(&filter.dimension, span);
                }
                filters.push(filter);
            }
            is_first = false;
            self.end_filter();
            if !self.cursor.take(',') {
                break;
            }
        }
        if partner.is_some() {
            let right = if bracket == '(' { ')' } else { ']' };
            self.closing_bracket(bracket, right);
        } else {
            let message = format!("`{bracket}` is never closed");
            self.report(
                Diagnostic::error(Code::UnbalancedParenthesis, opening, message)
                    .expected(if bracket == '(' {
                        "a closing `)`"
                    } else {
                        "a closing `]`"
                    })
                    .found(found_text(self.cursor.peek())),
            );
        }
        filters
    }

    /// Reads one filter and tells where its dimension is; `None` if it is wrong.
    fn filter(&mut self) -> Option<(DimensionFilter, Span)> {
        let start = self.cursor.position();
        let dimension = self
            .cursor
            .take_while(|character| !ends_part(character) && !is_operator_sign(character));
        let span = self.cursor.span_from(start);
        if dimension.is_empty() {
            self.incomplete_filter();
        }
        let name = if dimension.is_empty() {
            None
        } else {
            self.checked_name(dimension, span, "dimension", |first| {
                !first.is_ascii_digit()
            })
        };
        let operator = self.filter_operator(dimension)?;
        let value = self.filter_value()?;
        let filter = DimensionFilter {
            dimension: name?,
            operator: operator?,
            value,
        };
        Some((filter, span))
    }

    /// `None` if there is none, an inner `None` if it is unknown.
    fn filter_operator(&mut self, dimension: &str) -> Option<Option<FilterOperator>> {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        let mut written = self.cursor.take_while(is_operator_sign);
        if written.is_empty() {
            written = self.cursor.take_while(char::is_alphabetic);
        }
        let signs = FilterOperator::ALL.iter().map(|known| known.as_str());
        let choices = one_of(&signs.collect::<Vec<_>>());
        if written.is_empty() {
            if !dimension.is_empty() {
                let diagnostic = Diagnostic::error(
                    Code::IncompleteFilter,
                    self.cursor.span_of_next(),
                    format!("dimension {} is compared with nothing", quote(dimension)),
                );
                let found = found_text(self.cursor.peek());
                self.report(diagnostic.expected(choices).found(found));
            }
            return None;
        }
        let operator = FilterOperator::ALL
            .iter()
            .find(|known| known.as_str() == written);
        if operator.is_none() {
            let span = self.cursor.span_from(start);
            self.report(
                Diagnostic::error(
                    Code::UnknownOperator,
                    span,
                    format!("unknown operator {}", quote(written)),
                )
                .expected(choices)
                .found(quote(written))
                .maybe_help(meant(written)),
            );
        }
        Some(operator.copied())
    }

    fn filter_value(&mut self) -> Option<String> {
        self.cursor.skip_blanks();
        let value = self.cursor.take_while(may_be_in_value).trim_end();
        let next = self.cursor.peek();
        if next.is_none_or(|next| next == ',' || is_closing(next) || next.is_whitespace()) {
            if !value.is_empty() {
                return Some(value.to_owned());
            }
            let diagnostic = Diagnostic::error(
                Code::MissingValue,
                self.cursor.span_of_next(),
                "the value is missing",
            );
            self.report(diagnostic.expected("a value").found(found_text(next)));
            return None;
        }
        let diagnostic = Diagnostic::error(
            Code::UnexpectedCharacter,
            self.cursor.span_of_next(),
            format!("{} cannot stand in a value", found_text(next)),
        )
        .expected("letters, digits, blanks, `_-.%/|`")
        .found(found_text(next));
        let is_quoted = value.is_empty() && matches!(next, Some('"' | '\'' | '“' | '‘' | '`'));
        self.report(if is_quoted {
            diagnostic.help("write the value without quotes")
        } else {
            diagnostic
        });
        self.skip_to_end_of_filter();
        None
    }

    /// Goes to the comma or bracket that ends a filter, reporting what else stands before it.
    fn end_filter(&mut self) {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        self.skip_to_end_of_filter();
        let span = self.cursor.span_from(start);
        let text = self.cursor.slice(span).trim_end();
        if !text.is_empty() {
            let text = quote(text);
            self.report(
                Diagnostic::error(
                    Code::TrailingText,
                    span,
                    format!("{text} belongs to nothing"),
                )
                .expected("`,` or a closing bracket")
                .found(text),
            );
        }
    }

    /// Goes to the next comma or closing bracket, over brackets that are opened on the way.
    fn skip_to_end_of_filter(&mut self) {
        while let Some(next) = self.cursor.peek()
            && next != ','
            && !is_closing(next)
        {
            let here = self.cursor.position();
            match self.cursor.partner(here) {
                Some(partner) => self.cursor.jump(partner + 1),
                None => {
                    self.cursor.take(next);
                }
            }
        }
    }

    fn incomplete_filter(&mut self) {
        let diagnostic = Diagnostic::error(
            Code::IncompleteFilter,
            self.cursor.span_of_next(),
            "the dimension is missing",
        );
        let found = found_text(self.cursor.peek());
        self.report(
            diagnostic
                .expected("a filter such as `country=CZ`")
                .found(found),
        );
    }

    fn duplicate(&mut self, dimension: &str, span: Span) {
        self.report(
            Diagnostic::error(
                Code::DuplicateDimension,
                span,
                format!("dimension {} is filtered twice", quote(dimension)),
            )
            .expected("each dimension once")
            .found(quote(dimension))
            .help("alternatives are written like `product=a|b`"),
        );
    }
}

fn meant(written: &str) -> Option<String> {
    let meant = match written {
        "==" | ":" | "is" | "in" | "IN" => "=",
        "<>" | "=!" | "!" | "≠" | "!==" => "!=",
        "=<" | "≤" => "<=",
        "=>" | "≥" => ">=",
        "^=" | "^" | "like" | "LIKE" => "=^",
        _ => return None,
    };
    Some(format!("did you mean `{meant}`?"))
}

fn ends_part(character: char) -> bool {
    character.is_whitespace() || character == ',' || is_opening(character) || is_closing(character)
}

fn is_operator_sign(character: char) -> bool {
    matches!(
        character,
        '=' | '!' | '<' | '>' | '^' | '~' | ':' | '+' | '*' | '&' | '≠' | '≤' | '≥'
    )
}

fn may_be_in_value(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '%' | '/' | '|' | ' ')
}
