//! Patterns with alternatives and wildcards, and what they become for each type of column.

use crate::query::{CastType, Expression, PatternPart};

/// Pieces of a text that is looked for, in order.
pub(crate) type Pattern = Vec<PatternPart>;

/// `a|b%`: alternatives in which `%` stands for any run of characters.
pub(crate) fn alternatives(value: &str) -> Vec<Pattern> {
    value
        .split('|')
        .map(|alternative| {
            let mut pattern = Vec::new();
            for (position, piece) in alternative.split('%').enumerate() {
                if position > 0 && pattern.last() != Some(&PatternPart::Anything) {
                    pattern.push(PatternPart::Anything);
                }
                if !piece.is_empty() {
                    pattern.push(PatternPart::Literal(piece.to_owned()));
                }
            }
            pattern
        })
        .collect()
}

/// The text that a pattern without wildcards stands for.
pub(crate) fn literal(pattern: &Pattern) -> Option<&str> {
    match pattern.as_slice() {
        [] => Some(""),
        [PatternPart::Literal(text)] => Some(text),
        _ => None,
    }
}

/// Does a text match one of the patterns?
pub(crate) fn text_matches(value: &Expression, patterns: &[Pattern]) -> Expression {
    let (literals, patterns): (Vec<_>, Vec<_>) = patterns
        .iter()
        .partition(|pattern| literal(pattern).is_some());
    let mut texts = Vec::new();
    for text in literals
        .into_iter()
        .filter_map(literal)
        .map(Expression::text)
    {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let mut matches = Vec::new();
    if !texts.is_empty() {
        matches.push(value.clone().is_one_of(texts));
    }
    for pattern in patterns {
        matches.push(Expression::Like(Box::new(value.clone()), pattern.clone()));
    }
    Expression::any(matches)
}

/// Compares values with values where every alternative is one, and texts with texts otherwise.
pub(crate) fn typed_matches(
    value: &Expression,
    patterns: &[Pattern],
    read: impl Fn(&str) -> Option<Expression>,
) -> Expression {
    let typed: Option<Vec<Expression>> = patterns
        .iter()
        .map(|pattern| literal(pattern).and_then(&read))
        .collect();
    match typed {
        Some(values) => value.clone().is_one_of(values),
        None => text_matches(&value.clone().cast(CastType::Text), patterns),
    }
}

/// Does the text of a truth value match one of the patterns? There are only two, so they are matched here and now.
pub(crate) fn boolean_matches(value: &Expression, patterns: &[Pattern]) -> Expression {
    let matched = |text: &str| patterns.iter().any(|pattern| is_match(text, pattern));
    match (matched("true"), matched("false")) {
        (true, true) => value.clone().is_not_null(),
        (true, false) => value.clone(),
        (false, true) => value.clone().negated(),
        (false, false) => Expression::Boolean(false),
    }
}

fn is_match(text: &str, pattern: &[PatternPart]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((PatternPart::Literal(literal), rest)) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|remaining| is_match(remaining, rest)),
        Some((PatternPart::Anything, rest)) => (0..=text.len())
            .filter(|&start| text.is_char_boundary(start))
            .any(|start| is_match(&text[start..], rest)),
    }
}
