//! JSON as that service writes it: compact, and NaN where there is one.

use serde::Serialize;

use super::json::Json;

/// How numbers are written that are not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonFinite {
    /// As the bare tokens `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes and reads.
    #[default]
    Tokens,
    /// As `null`: strict JSON.
    Null,
}

/// A JSON text that grows.
pub(super) struct Writer {
    text: Vec<u8>,
    numbers: NonFinite,
}

impl Writer {
    pub(super) fn new(numbers: NonFinite) -> Self {
        Writer {
            text: Vec::with_capacity(4096),
            numbers,
        }
    }

    pub(super) fn finish(self) -> String {
        String::from_utf8(self.text).expect("only texts and ASCII were written")
    }

    /// An object; `write` writes its fields.
    pub(super) fn object(&mut self, write: impl FnOnce(&mut Self)) {
        self.comma();
        self.text.push(b'{');
        write(self);
        self.text.push(b'}');
    }

    /// A list; `write` writes its entries.
    pub(super) fn list(&mut self, write: impl FnOnce(&mut Self)) {
        self.comma();
        self.text.push(b'[');
        write(self);
        self.text.push(b']');
    }

    /// The name of a field, whose value comes next. Names of ours need no escapes.
    pub(super) fn name(&mut self, name: &'static str) -> &mut Self {
        self.comma();
        self.text.push(b'"');
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"\":");
        self
    }

    pub(super) fn string(&mut self, text: &str) {
        self.serialize(text);
    }

    pub(super) fn boolean(&mut self, value: bool) {
        self.serialize(value);
    }

    pub(super) fn optional_string(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    pub(super) fn number(&mut self, number: f64) {
        if number.is_finite() {
            self.serialize(number);
        } else if number.is_nan() {
            self.token("NaN");
        } else if number > 0.0 {
            self.token("Infinity");
        } else {
            self.token("-Infinity");
        }
    }

    /// A number of units: an integer where it is whole.
    pub(super) fn count(&mut self, count: f64) {
        const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
        if count.fract() == 0.0 && count.abs() <= LARGEST_EXACT {
            self.serialize(count as i64);
        } else {
            self.number(count);
        }
    }

    /// The id of a metric or check: a number with all its digits, or a text.
    pub(super) fn id(&mut self, id: &str) {
        let digits = id.strip_prefix('-').unwrap_or(id);
        let is_integer = match digits.as_bytes() {
            [b'0'] => digits == id,
            [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        if is_integer {
            self.raw(id);
        } else {
            self.string(id);
        }
    }

    /// A value of the client, as it came.
    pub(super) fn json(&mut self, json: &Json<'_>) {
        match json {
            Json::Null => self.raw("null"),
            Json::Boolean(value) => self.boolean(*value),
            Json::Number(token) if token.ends_with(['N', 'y']) => self.token(token),
            Json::Number(digits) => self.raw(digits),
            Json::Text(text) => self.string(text),
            Json::List(list) => self.list(|writer| {
                for entry in list {
                    writer.json(entry);
                }
            }),
            Json::Object(fields) => self.object(|writer| {
                for (name, value) in fields {
                    writer.string(name);
                    writer.text.push(b':');
                    writer.json(value);
                }
            }),
        }
    }

    fn token(&mut self, token: &str) {
        match self.numbers {
            NonFinite::Tokens => self.raw(token),
            NonFinite::Null => self.raw("null"),
        }
    }

    fn raw(&mut self, text: &str) {
        self.comma();
        self.text.extend_from_slice(text.as_bytes());
    }

    fn serialize(&mut self, value: impl Serialize) {
        self.comma();
        serde_json::to_writer(&mut self.text, &value)
            .expect("texts and numbers can be written, and memory takes them");
    }

    /// Separates a value from the one before it. Texts end in quotes, so these bytes are brackets and colons.
    fn comma(&mut self) {
        if !matches!(self.text.last(), None | Some(b'{' | b'[' | b':')) {
            self.text.push(b',');
        }
    }
}
