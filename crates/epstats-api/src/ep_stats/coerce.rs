//! What passes for an integer or a number, as pydantic 2 has it.

use std::borrow::Cow;

use super::detail::Problem;
use super::json::Json;

/// The digits of an integer of any size: without plus sign and leading zeros.
///
/// Integers are also `1.0`, `"1"`, `"1.0"`, `" 1 "`, `"+1"`, `"1_000"` and `true`.
pub(super) fn integer(json: &Json<'_>) -> Result<String, Problem> {
    match json {
        Json::Boolean(value) => Ok(u8::from(*value).to_string()),
        Json::Number(digits) if is_integer_literal(digits) => digits_of(digits),
        Json::Number(written) => integer_of_float(float(written)),
        Json::Text(text) => integer_of_text(text),
        Json::Null | Json::List(_) | Json::Object(_) => Err(Problem::IntType),
    }
}

/// A number, which may be NaN or infinite.
///
/// Numbers are also `"0.5"`, `" 1e3 "`, `"1_000"`, `"nan"`, `"inf"` and `true`. A decimal number too large for double precision is
/// infinite; an integer too large is none.
pub(super) fn number(json: &Json<'_>) -> Result<f64, Problem> {
    match json {
        Json::Boolean(value) => Ok(f64::from(u8::from(*value))),
        Json::Number(written) => match float(written) {
            number if number.is_infinite() && is_integer_literal(written) => {
                Err(Problem::FloatType)
            }
            number => Ok(number),
        },
        Json::Text(text) => without_underscores(text.trim())
            .and_then(|text| text.parse().ok())
            .ok_or(Problem::FloatParsing),
        Json::Null | Json::List(_) | Json::Object(_) => Err(Problem::FloatType),
    }
}

/// Longer integers are refused, as Python does.
const MOST_DIGITS: usize = 4300;

fn is_integer_literal(written: &str) -> bool {
    let digits = written.strip_prefix('-').unwrap_or(written);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A JSON number or one of the three tokens.
fn float(written: &str) -> f64 {
    written.parse().unwrap_or(f64::NAN)
}

fn integer_of_float(number: f64) -> Result<String, Problem> {
    /// 2⁶³: the first float above all integers of 64 bits.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if !number.is_finite() {
        Err(Problem::FiniteNumber)
    } else if number.fract() != 0.0 {
        Err(Problem::IntFromFloat)
    } else if number.abs() >= LIMIT {
        Err(Problem::IntParsingSize)
    } else {
        Ok((number as i64).to_string())
    }
}

fn integer_of_text(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        Some(_) => return Err(Problem::IntParsing),
        None => text,
    };
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let digits = without_underscores(unsigned).ok_or(Problem::IntParsing)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::IntParsing);
    }
    if whole.starts_with('-') {
        digits_of(&format!("-{digits}"))
    } else {
        digits_of(&digits)
    }
}

/// The shortest way to write an integer of optional minus sign and digits.
fn digits_of(integer: &str) -> Result<String, Problem> {
    let (sign, digits) = match integer.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", integer),
    };
    match digits.trim_start_matches('0') {
        "" => Ok("0".to_owned()),
        digits if digits.len() > MOST_DIGITS => Err(Problem::IntParsingSize),
        digits => Ok(format!("{sign}{digits}")),
    }
}

/// Underscores may stand between characters, one at a time.
fn without_underscores(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let is_misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!is_misplaced).then(|| Cow::Owned(text.replace('_', "")))
}
