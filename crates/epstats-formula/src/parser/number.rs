//! Numbers: `[ "-" ] digits [ "." digits ] [ exponent ]`.

use crate::diagnostic::{Code, Diagnostic};
use crate::field::Residue;
use crate::formula::Node;
use crate::suggest::quote;

use super::chain::{Operand, Parser};

impl Parser<'_> {
    /// Is the sign that comes next followed by a digit or a decimal point?
    pub(super) fn number_follows_sign(&self) -> bool {
        let mut characters = self.cursor.rest().chars().skip(1);
        characters
            .next()
            .is_some_and(|next| next.is_ascii_digit() || next == '.')
    }

    /// Reads a number as an operand.
    pub(super) fn number(&mut self) -> Operand {
        let start = self.cursor.position();
        let number = self.read_number();
        let span = self.cursor.span_from(start);
        match number {
            Some(number) => Operand::known(Node::Number(number), Residue::of_number(number), span),
            None => Operand::wrong(span),
        }
    }

    /// Reads everything that hangs together with a number, and judges it as a whole; `None` if it is wrong.
    pub(super) fn read_number(&mut self) -> Option<f64> {
        let start = self.cursor.position();
        let length = extent(self.cursor.rest());
        self.cursor.jump(start + length);
        let span = self.cursor.span_from(start);
        let text = self.cursor.slice(span);
        if !is_number(text) {
            self.report(
                Diagnostic::error(
                    Code::MalformedNumber,
                    span,
                    format!("{} is not a number", quote(text)),
                )
                .expected("one like `10`, `0.5` or `1e6`")
                .found(quote(text)),
            );
            return None;
        }
        let number = text.parse::<f64>().unwrap_or(f64::INFINITY);
        if number.is_infinite() || (number == 0.0 && !is_zero(text)) {
            self.report(
                Diagnostic::error(
                    Code::NumberOutOfRange,
                    span,
                    format!("number {} is out of range", quote(text)),
                )
                .expected("zero, or 5e-324 to 1.7e308")
                .found(quote(text)),
            );
            return None;
        }
        Some(number)
    }
}

/// Length of the letters, digits, points and exponent's sign that hang together.
fn extent(text: &str) -> usize {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let mut previous = ' ';
    let end = unsigned.char_indices().find(|&(_, character)| {
        let hangs_on = character.is_alphanumeric()
            || matches!(character, '.' | '_')
            || (matches!(character, '+' | '-') && matches!(previous, 'e' | 'E'));
        previous = character;
        !hangs_on
    });
    sign + end.map_or(unsigned.len(), |(position, _)| position)
}

fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    is_digits(whole) && fraction.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Is every digit before the exponent a zero?
fn is_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    mantissa.bytes().all(|byte| !matches!(byte, b'1'..=b'9'))
}
