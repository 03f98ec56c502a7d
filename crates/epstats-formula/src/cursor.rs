//! A place in a text that moves forward.

use crate::diagnostic::Span;

/// Reads a text from left to right.
///
/// What a character means depends on where it stands: `-` is an operator between goals, a sign before a number and
/// part of a filter's value. So the parser reads characters, not ready-made tokens.
#[derive(Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    position: usize,
    /// For each byte that is an opening bracket, the byte of its closing partner.
    partners: Vec<Option<usize>>,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Cursor<'t> {
        Cursor {
            text,
            position: 0,
            partners: partners(text),
        }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    pub(crate) fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Goes past the character if it is next.
    pub(crate) fn take(&mut self, character: char) -> bool {
        let is_next = self.peek() == Some(character);
        if is_next {
            self.position += character.len_utf8();
        }
        is_next
    }

    /// Goes past all characters that fit, and returns them.
    pub(crate) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest
            .find(|character| !fits(character))
            .unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Goes forward to a position.
    pub(crate) fn jump(&mut self, position: usize) {
        self.position = self.position.max(position);
    }

    /// From a position to here.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        Span {
            start,
            end: self.position,
        }
    }

    /// The next character, or an empty span at the end.
    pub(crate) fn span_of_next(&self) -> Span {
        Span {
            start: self.position,
            end: self.position + self.peek().map_or(0, char::len_utf8),
        }
    }

    pub(crate) fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start..span.end]
    }

    /// Where the bracket that opens here is closed.
    pub(crate) fn partner(&self, opening: usize) -> Option<usize> {
        self.partners.get(opening).copied().flatten()
    }
}

pub(crate) fn is_opening(character: char) -> bool {
    matches!(character, '(' | '[')
}

pub(crate) fn is_closing(character: char) -> bool {
    matches!(character, ')' | ']')
}

fn partners(text: &str) -> Vec<Option<usize>> {
    let mut open = Vec::new();
    let mut partners = vec![None; text.len()];
    for (position, character) in text.char_indices() {
        if is_opening(character) {
            open.push(position);
        } else if is_closing(character)
            && let Some(opening) = open.pop()
        {
            partners[opening] = Some(position);
        }
    }
    partners
}
