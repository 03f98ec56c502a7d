//! Texts of a known width.

use unicode_width::UnicodeWidthStr;

/// Columns that a text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text without characters that would move the cursor or end the line.
pub(crate) fn clean(text: &str) -> String {
    let visible = |character: char| {
        if character.is_whitespace() {
            ' '
        } else if character.is_control() || is_invisible(character) {
            '?'
        } else {
            character
        }
    };
    text.chars().map(visible).collect()
}

/// Marks that reorder or join what stands around them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text, or as much of its beginning as fits, with a mark that it goes on.
pub(crate) fn cut(text: &str, columns: usize, mark: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(mark));
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept) > room {
            kept.pop();
            break;
        }
    }
    if width(mark) <= columns {
        kept.push_str(mark);
    }
    kept
}

/// The text with blanks behind it.
pub(crate) fn left(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// The text with blanks before it.
pub(crate) fn right(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(blanks))
}

/// The text in lines of at most so many columns, broken at blanks where there are any.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(broken(word, columns)),
        }
    }
    lines
}

/// A word in pieces that fit.
fn broken(word: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        let last = pieces.last_mut().expect("there is a piece");
        last.push(character);
        if width(last) > columns && last.chars().count() > 1 {
            last.pop();
            pieces.push(character.to_string());
        }
    }
    pieces
}
