//! Operators between operands.

use crate::cursor::is_closing;
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Operator;
use crate::suggest::{one_of, quote};

use super::chain::Parser;

impl Parser<'_> {
    /// Reads an operator. One that does not exist is reported and passes for one that does; `None` if what
    /// comes next is not even meant as one.
    pub(super) fn operator(&mut self) -> Option<Operator> {
        let start = self.cursor.position();
        let written = self.cursor.rest();
        let doubled = ["**", "//"]
            .iter()
            .find(|doubled| written.starts_with(**doubled));
        if doubled.is_none()
            && let Some(operator) = self.cursor.peek().and_then(known)
        {
            self.cursor.jump(start + operator.as_str().len());
            return Some(operator);
        }
        let text = self.cursor.take_while(looks_like_operator);
        if text.is_empty() {
            return None;
        }
        let span = self.cursor.span_from(start);
        let signs = Operator::ALL.iter().map(|operator| operator.as_str());
        self.report(
            Diagnostic::error(
                Code::UnknownOperator,
                span,
                format!("unknown operator {}", quote(text)),
            )
            .expected(one_of(&signs.collect::<Vec<_>>()))
            .found(quote(text))
            .maybe_help(meant(text)),
        );
        Some(Operator::Add)
    }
}

/// Does an operand end before this character?
pub(super) fn ends_operand(character: char) -> bool {
    known(character).is_some() || is_closing(character)
}

/// What a writer who used this sign had in mind.
pub(super) fn meant(text: &str) -> Option<String> {
    let meant = match text {
        "×" | "·" | "∙" | "⋅" | "∗" => "*",
        "÷" | ":" | "//" | "∕" | "⁄" => "/",
        "−" | "–" | "—" | "‐" | "‑" => "-",
        "∼" | "˜" | "～" => "~",
        "＋" => "+",
        "**" | "^" => return Some("there are no powers; multiply the goal by itself".to_owned()),
        _ => return None,
    };
    Some(format!("did you mean `{meant}`?"))
}

fn known(character: char) -> Option<Operator> {
    let sign = |operator: &&Operator| operator.as_str().starts_with(character);
    Operator::ALL.iter().find(sign).copied()
}

/// Signs that somebody could take for an operator: all that are neither letters, digits, blanks nor punctuation.
fn looks_like_operator(character: char) -> bool {
    match character {
        '*' | '/' | '^' | '%' | '&' | '|' | '!' | '=' | '<' | '>' | '@' | '#' | '$' | '?' | ':'
        | '\\' => true,
        _ if character.is_ascii() => false,
        '–' | '—' | '‐' | '‑' | '·' | '˜' | '×' | '÷' | '＋' | '～' | '⁄' => true,
        // Mathematical operators.
        _ => ('\u{2200}'..='\u{22ff}').contains(&character),
    }
}
