//! The line of a text that a diagnostic is about, with the place underlined.

use crate::diagnostic::Span;
use crate::suggest::printable;

/// Two lines: the text, and carets under the span with a label beside them.
///
/// ```text
/// | count(user.units.click)
/// |            ^^^^^ expected `unit` or `global`
/// ```
///
/// Of a text with several lines, the line where the span begins is shown. Of a long line, a window around the
/// span is shown, so that both lines, indented by two, fit into 80 columns unless the label alone is longer. An
/// ellipsis marks what is left out. Tabs become four blanks; wide and combining characters are counted as
/// terminals draw them. Spans beyond the text or inside a character are moved to the nearest place.
#[must_use]
pub fn render_excerpt(text: &str, span: Span, label: &str) -> String {
    let start = floor_boundary(text, span.start);
    let line_start = text[..start].rfind(LINE_ENDS).map_or(0, |end| end + 1);
    let line_end = text[start..]
        .find(LINE_ENDS)
        .map_or(text.len(), |length| start + length);
    let cells = cells(&text[line_start..line_end]);
    let carets = columns(
        &cells,
        start - line_start,
        span.end.min(line_end).saturating_sub(line_start),
    );
    let window = Window::around(&carets, total_width(&cells), label.chars().count());
    let (shown, caret_column) = window.show(&cells, carets.start);
    let mut lines = format!("| {}\n| ", shown.trim_end());
    lines.push_str(&" ".repeat(caret_column));
    lines.push_str(&"^".repeat(window.n_carets));
    if !label.is_empty() {
        lines.push(' ');
        lines.push_str(label);
    }
    lines
}

/// Columns for the line itself: 80 less the indentation of two and the bar with its blank.
const COLUMNS: usize = 76;
/// At least so many columns stand before the carets where the line is cut, if the label leaves room.
const CONTEXT: usize = 12;
/// Carets end after so many columns where the line is cut.
const MAX_CARETS: usize = 30;

const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// One character as it is drawn.
struct Cell {
    character: char,
    /// Byte in the line.
    position: usize,
    /// Column where it begins.
    column: usize,
    width: usize,
}

/// The columns of a line that are shown, and how many carets are drawn.
struct Window {
    start: usize,
    end: usize,
    total: usize,
    n_carets: usize,
}

impl Window {
    fn around(carets: &std::ops::Range<usize>, total: usize, label: usize) -> Window {
        let room_for_label = if label == 0 { 0 } else { label + 1 };
        if total.max(carets.end) <= COLUMNS && carets.end + room_for_label <= COLUMNS {
            return Window {
                start: 0,
                end: COLUMNS,
                total,
                n_carets: carets.len(),
            };
        }
        let n_carets = carets.len().min(MAX_CARETS);
        let room = COLUMNS.saturating_sub(n_carets + room_for_label);
        let balanced = if total > COLUMNS {
            COLUMNS / 2
        } else {
            COLUMNS
        };
        let context = room.min(balanced).max(CONTEXT);
        let start = carets.start.saturating_sub(context);
        Window {
            start,
            end: start + COLUMNS,
            total,
            n_carets,
        }
    }

    /// The text in the window, and the column in it that shows the column `caret` of the line.
    fn show(&self, cells: &[Cell], caret: usize) -> (String, usize) {
        let (cut_left, cut_right) = (self.start > 0, self.end < self.total);
        let first = self.start + usize::from(cut_left);
        let last = self.end - usize::from(cut_right);
        let mut shown = String::new();
        if cut_left {
            shown.push('…');
        }
        let inside = |cell: &&Cell| cell.column >= first && cell.column + cell.width <= last;
        let mut column = first;
        for cell in cells.iter().filter(inside) {
            // A wide character that the edge of the window would halve leaves a blank.
            shown.extend(std::iter::repeat_n(' ', cell.column.saturating_sub(column)));
            column = cell.column + cell.width;
            match cell.character {
                '\t' => shown.push_str("    "),
                character => shown.push(printable(character)),
            }
        }
        if cut_right {
            shown.push('…');
        }
        (shown, caret - self.start)
    }
}

fn cells(line: &str) -> Vec<Cell> {
    let mut column = 0;
    line.char_indices()
        .map(|(position, character)| {
            let cell = Cell {
                character,
                position,
                column,
                width: width(character),
            };
            column += cell.width;
            cell
        })
        .collect()
}

fn total_width(cells: &[Cell]) -> usize {
    cells.last().map_or(0, |cell| cell.column + cell.width)
}

/// The columns of a stretch of bytes; at least one.
fn columns(cells: &[Cell], start: usize, end: usize) -> std::ops::Range<usize> {
    let column_of = |position: usize| {
        let index = cells.partition_point(|cell| cell.position < position);
        cells
            .get(index)
            .map_or(total_width(cells), |cell| cell.column)
    };
    let first = column_of(start);
    first..column_of(end).max(first + 1)
}

/// How many columns a terminal gives to a character.
///
/// Blocks of Unicode 16 that are wide as a whole or combine as a whole; rare exceptions inside them
/// shift a caret by a column and harm nothing.
fn width(character: char) -> usize {
    match character {
        '\t' => 4,
        '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' => 0,
        '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' => 2,
        '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' => 2,
        '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' => 2,
        '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' => 2,
        '\u{1f900}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

fn floor_boundary(text: &str, position: usize) -> usize {
    let position = position.min(text.len());
    (0..=position)
        .rev()
        .find(|&position| text.is_char_boundary(position))
        .unwrap_or(0)
}
