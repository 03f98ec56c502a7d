//! Patterns as the text that `LIKE` reads.

use crate::query::PatternPart;

/// The pattern with `%` for any run of characters, and a sign before each wildcard, and before itself, that is meant literally.
pub(in crate::dialect) fn escaped(
    pattern: &[PatternPart],
    sign: char,
    wildcards: &[char],
) -> String {
    let mut text = String::new();
    for part in pattern {
        match part {
            PatternPart::Anything => text.push('%'),
            PatternPart::Literal(literal) => {
                for character in literal.chars() {
                    if character == sign || wildcards.contains(&character) {
                        text.push(sign);
                    }
                    text.push(character);
                }
            }
        }
    }
    text
}
