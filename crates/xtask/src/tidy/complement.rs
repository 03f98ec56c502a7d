//! One minus a distribution function: the tail is lost where it matters.

use super::tokens::{Kind, Token, group_length};

/// `1.0 - …cdf(…)`, with whatever path, receiver or field leads to the function.
pub(super) fn complements(tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in 2..tokens.len() {
        let [one, minus] = [tokens[at - 2], tokens[at - 1]];
        if !minus.is("-") || !is_one(one) {
            continue;
        }
        let name = operand(&tokens[at..])
            .find(|word| *word == "cdf" || word.ends_with("_cdf") || word.starts_with("cdf_"));
        if let Some(name) = name {
            found.push((one.line, format!("{} - {name}", one.text)));
        }
    }
    found
}

fn is_one(token: Token<'_>) -> bool {
    let digits = token.text.trim_end_matches("f64").trim_end_matches('_');
    token.kind == Kind::Number && digits.parse::<f64>() == Ok(1.0)
}

/// Words of one operand: a chain of paths, fields and calls; what stands in brackets is skipped.
fn operand<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = &'a str> + use<'t, 'a> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(token) = tokens.get(at) {
            match token.text {
                "(" | "[" => at += group_length(&tokens[at..]),
                "::" | "." | "?" | "&" => at += 1,
                _ if token.kind == Kind::Word => {
                    at += 1;
                    return Some(token.text);
                }
                _ => return None,
            }
        }
        None
    })
}
