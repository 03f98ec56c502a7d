//! Words for messages: suggestions, lists of choices, quotations.

/// `` did you mean `unit`? `` if one of the choices is close to what was written.
pub(crate) fn did_you_mean(written: &str, choices: &[&str]) -> Option<String> {
    if written.len() > LONGEST_MISTYPED {
        return None;
    }
    let written = written.to_ascii_lowercase();
    choices
        .iter()
        .map(|choice| (strsim::damerau_levenshtein(&written, choice), choice))
        .filter(|(distance, choice)| *distance <= choice.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| format!("did you mean `{choice}`?"))
}

/// Far longer than any word of the language; comparing longer ones would only cost time.
const LONGEST_MISTYPED: usize = 40;

/// `` `a`, `b` or `c` ``
pub(crate) fn one_of(choices: &[&str]) -> String {
    let quoted = |choice: &&str| format!("`{choice}`");
    match choices {
        [] => String::new(),
        [only] => quoted(only),
        [others @ .., last] => {
            let others = others.iter().map(quoted).collect::<Vec<_>>();
            format!("{} or {}", others.join(", "), quoted(last))
        }
    }
}

/// The writer's text in backticks, shortened, on one line and without characters that disturb a terminal.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", shorten(text, 40))
}

/// At most so many characters of a text, on one line and without characters that disturb a terminal.
pub(crate) fn shorten(text: &str, max_characters: usize) -> String {
    let mut characters = text.chars().map(printable);
    let mut short = characters.by_ref().take(max_characters).collect::<String>();
    if characters.next().is_some() {
        short.pop();
        short.push('…');
    }
    short
}

/// The character itself, a blank for white space, or a stand-in for one that controls a terminal.
pub(crate) fn printable(character: char) -> char {
    match character {
        _ if character.is_whitespace() => ' ',
        // Marks that turn the direction of text could hide what a formula says.
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}
