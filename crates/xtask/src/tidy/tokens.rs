//! Rust source as tokens, so that comments and strings are never mistaken for code.

/// A piece of source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// As written; for [`Kind::Text`] what stands between the quotes.
    pub(super) text: &'a str,
    /// From one.
    pub(super) line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Identifier or keyword.
    Word,
    Number,
    /// String, byte string, character.
    Text,
    Lifetime,
    /// `::`, or one other character.
    Mark,
}

impl Token<'_> {
    pub(super) fn is(&self, mark_or_word: &str) -> bool {
        matches!(self.kind, Kind::Mark | Kind::Word) && self.text == mark_or_word
    }
}

/// Splits source text; what does not parse as Rust comes out as single marks.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < source.len() {
        let rest = &source[at..];
        let (length, token) = next(rest);
        if let Some((kind, text)) = token {
            found.push(Token { kind, text, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

/// Up to the bracket that closes the one standing here.
pub(super) fn group_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.kind == Kind::Mark)
    {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The length of what stands first, and the token it is; spaces and comments are none.
fn next(rest: &str) -> (usize, Option<(Kind, &str)>) {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_whitespace() {
        return (first.len_utf8(), None);
    }
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (comment_length(rest), None);
    }
    if let Some((length, text)) = string(rest) {
        return (length, Some((Kind::Text, text)));
    }
    let (length, kind) = if first == '\'' {
        (1 + word_length(&rest[1..]), Kind::Lifetime)
    } else if first.is_ascii_digit() {
        (number_length(rest), Kind::Number)
    } else if let Some(raw) = rest.strip_prefix("r#").filter(|raw| word_length(raw) > 0) {
        (2 + word_length(raw), Kind::Word)
    } else if word_length(rest) > 0 {
        (word_length(rest), Kind::Word)
    } else if rest.starts_with("::") {
        (2, Kind::Mark)
    } else {
        (first.len_utf8(), Kind::Mark)
    };
    (length, Some((kind, &rest[..length])))
}

/// Block comments nest.
fn comment_length(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// A string or character with its prefix: the whole length and what stands between the quotes.
fn string(rest: &str) -> Option<(usize, &str)> {
    let prefix = rest
        .find(|c| !matches!(c, 'b' | 'c' | 'r'))
        .filter(|&length| length <= 2)?;
    let raw = rest[..prefix].contains('r');
    let body = &rest[prefix..];
    if raw {
        let hashes = body.find(|c| c != '#')?;
        let inside = body[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = inside.find(&end).unwrap_or(inside.len());
        let whole = prefix + hashes + 1 + length + end.len();
        return Some((whole.min(rest.len()), &inside[..length]));
    }
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if quote == '\'' && !is_character(&body[1..]) {
        return None;
    }
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some((prefix + at + 1, &body[1..at]));
        }
    }
    Some((rest.len(), &body[1..]))
}

/// After a `'`: a character, not a lifetime?
fn is_character(after_quote: &str) -> bool {
    let mut chars = after_quote.chars();
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn word_length(rest: &str) -> usize {
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(rest.len())
}

/// Digits, one fraction, an exponent with its sign, a type; `1.max(2)` and `0..5` end before the dot.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let part = |from: usize| {
        let of_number = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        from + bytes[from..]
            .iter()
            .take_while(|byte| of_number(byte))
            .count()
    };
    let mut at = part(0);
    if bytes.get(at) == Some(&b'.') {
        match bytes.get(at + 1) {
            Some(byte) if byte.is_ascii_digit() => at = part(at + 1),
            Some(byte) if *byte == b'.' || *byte == b'_' || byte.is_ascii_alphabetic() => {
                return at;
            }
            _ => at += 1,
        }
    }
    let exponent = !rest.starts_with("0x") && matches!(bytes[at - 1], b'e' | b'E');
    if exponent && matches!(bytes.get(at), Some(b'+' | b'-')) {
        at = part(at + 1);
    }
    at
}
