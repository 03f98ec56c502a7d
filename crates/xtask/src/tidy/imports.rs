//! Paths that code names, with every `use` written out.

use super::tokens::{Kind, Token};

/// `std::fs::read`, and where its last word stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedPath<'a> {
    pub(super) words: Vec<&'a str>,
    pub(super) line: usize,
    /// Written in a `use`.
    pub(super) imported: bool,
}

/// All paths, in the order of the text; a word that stands alone is a path of one.
pub(super) fn paths<'a>(tokens: &[Token<'a>]) -> Vec<NamedPath<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // `use<'a>` in a signature is no import.
        if tokens[at].is("use") && !tokens.get(at + 1).is_some_and(|token| token.is("<")) {
            at = branch(tokens, at + 1, &[], &mut found);
        } else if tokens[at].kind == Kind::Word {
            let mut words = vec![tokens[at].text];
            while let [sign, word, ..] = &tokens[at + 1..]
                && sign.is("::")
                && word.kind == Kind::Word
            {
                words.push(word.text);
                at += 2;
            }
            found.push(NamedPath {
                words,
                line: tokens[at].line,
                imported: false,
            });
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// One branch of a `use`, below `above`; returns where the text goes on.
fn branch<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    above: &[&'a str],
    found: &mut Vec<NamedPath<'a>>,
) -> usize {
    let mut words = above.to_vec();
    let mut line = 0;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "::" => at += 1,
            "as" => at += 2,
            "{" => {
                at += 1;
                while tokens
                    .get(at)
                    .is_some_and(|token| !token.is("}") && !token.is(";"))
                {
                    at = branch(tokens, at, &words, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.is(",")));
                }
                return at + 1;
            }
            "self" if !words.is_empty() => {
                line = token.line;
                at += 1;
            }
            _ if token.kind == Kind::Word || token.is("*") => {
                words.push(token.text);
                line = token.line;
                at += 1;
            }
            _ => break,
        }
    }
    if line > 0 {
        found.push(NamedPath {
            words,
            line,
            imported: true,
        });
        at
    } else {
        at + 1
    }
}
