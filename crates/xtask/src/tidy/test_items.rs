//! Items that are compiled for tests only, which the product does not ship.

use super::tokens::{Kind, Token, group_length};

/// Tokens without items that are compiled for tests only.
pub(super) fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match test_attribute(&tokens[at..]) {
            Some(TestAttribute::WholeFile) => return Vec::new(),
            Some(TestAttribute::Item(length)) => at += length + item_length(&tokens[at + length..]),
            None => {
                kept.push(tokens[at]);
                at += 1;
            }
        }
    }
    kept
}

/// Names of modules that are declared for tests only and have a file of their own.
pub(super) fn test_modules<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for at in 0..tokens.len() {
        if let Some(TestAttribute::Item(length)) = test_attribute(&tokens[at..])
            && let [keyword, name, end, ..] = &tokens[at + length..]
            && keyword.is("mod")
            && end.is(";")
        {
            names.push(name.text);
        }
    }
    names
}

enum TestAttribute {
    /// `#![cfg(test)]`
    WholeFile,
    /// `#[cfg(test)]`, and how many tokens it has.
    Item(usize),
}

/// Does `#[cfg(test)]` or `#[cfg(all(test, …))]` stand here?
fn test_attribute(tokens: &[Token<'_>]) -> Option<TestAttribute> {
    let inner = tokens.get(1)?.is("!");
    let open = if inner { 2 } else { 1 };
    if !tokens[0].is("#") || !tokens.get(open)?.is("[") {
        return None;
    }
    let length = open + group_length(&tokens[open..]);
    let words = || {
        tokens[open..length]
            .iter()
            .filter(|token| token.kind == Kind::Word)
    };
    let only_tests = words().next()?.text == "cfg"
        && words().any(|word| word.text == "test")
        && !words().any(|word| word.text == "any" || word.text == "not");
    only_tests.then_some(if inner {
        TestAttribute::WholeFile
    } else {
        TestAttribute::Item(length)
    })
}

/// Up to the end of an item: its `;`, or its braces.
fn item_length(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            ";" => return at + 1,
            "{" => return at + group_length(&tokens[at..]),
            "(" | "[" => at += group_length(&tokens[at..]),
            "}" => return at,
            _ => at += 1,
        }
    }
    at
}
