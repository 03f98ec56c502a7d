//! Lines of styled text that never get too wide.

use super::TerminalOptions;
use crate::text::{cut, width, wrap};

/// The lines of a text for the terminal.
pub(super) struct Page {
    pub(super) signs: &'static Signs,
    pub(super) width: usize,
    color: bool,
    text: String,
}

/// How a piece of text looks where colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Caution,
}

/// A piece of a line.
pub(super) type Piece = (Style, String);

/// Signs and lines, in Unicode or ASCII.
pub(super) struct Signs {
    pub(super) passed: &'static str,
    pub(super) failed: &'static str,
    pub(super) caution: &'static str,
    pub(super) cut: &'static str,
    pub(super) none: &'static str,
    pub(super) between: &'static str,
    pub(super) line: char,
    pub(super) zero: char,
    pub(super) crossing: char,
    pub(super) point: char,
}

const UNICODE: Signs = Signs {
    passed: "✓",
    failed: "✗",
    caution: "!",
    cut: "…",
    none: "–",
    between: " · ",
    line: '─',
    zero: '│',
    crossing: '┼',
    point: '●',
};

const ASCII: Signs = Signs {
    passed: "+",
    failed: "x",
    caution: "!",
    cut: "...",
    none: "-",
    between: ", ",
    line: '-',
    zero: '|',
    crossing: '+',
    point: 'o',
};

impl Page {
    pub(super) fn new(options: &TerminalOptions) -> Self {
        Page {
            signs: if options.unicode { &UNICODE } else { &ASCII },
            width: options.width,
            color: options.color,
            text: String::new(),
        }
    }

    /// Adds a line; what does not fit is cut off, visibly.
    pub(super) fn line(&mut self, pieces: &[Piece]) {
        let is_blank = |(_, text): &Piece| text.trim_end().is_empty();
        let n_shown = pieces.len()
            - pieces
                .iter()
                .rev()
                .take_while(|piece| is_blank(piece))
                .count();
        let mut shown = pieces[..n_shown].to_vec();
        if let Some((_, last)) = shown.last_mut() {
            last.truncate(last.trim_end().len());
        }
        let whole: String = shown.iter().map(|(_, text)| &**text).collect();
        if width(&whole) > self.width {
            shorten(&mut shown, self.width, self.signs.cut);
        }
        for (style, text) in shown {
            let painted = self.painted(style, &text);
            self.text.push_str(&painted);
        }
        self.text.push('\n');
    }

    /// Adds a text in as many lines as it takes, each so far from the left.
    pub(super) fn paragraph(&mut self, indent: usize, style: Style, text: &str) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(&[(style, " ".repeat(indent) + &line)]);
        }
    }

    /// Adds an empty line.
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds the title of a section.
    pub(super) fn title(&mut self, text: &str) {
        self.blank();
        self.line(&[(Style::Strong, text.to_owned())]);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn painted(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => return text.to_owned(),
            Style::Strong => "1",
            Style::Faint => "2",
            Style::Good => "32",
            Style::Bad => "1;31",
            Style::Caution => "33",
        };
        if self.color && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Cuts the piece that goes beyond the width, and drops those after it.
fn shorten(pieces: &mut Vec<Piece>, columns: usize, mark: &str) {
    let mut room = columns;
    for position in 0..pieces.len() {
        let text = &mut pieces[position].1;
        let taken = width(text);
        // A piece that just fits is cut too: the mark must stand somewhere.
        if taken >= room {
            *text = cut(&format!("{text}{mark}"), room, mark);
            pieces.truncate(position + 1);
            return;
        }
        room -= taken;
    }
}
