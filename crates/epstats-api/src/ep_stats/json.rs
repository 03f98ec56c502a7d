//! The body of a request as a tree.
//!
//! It is not the tree of [`crate::document`]: that one is strict and knows the line of every value; this one may hold `NaN`
//! and infinities, lets the last of repeated keys win, and borrows its texts from the body, because it is read for every
//! request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiter::{Jiter, JiterError, Peek};

use crate::document::{MAX_DEPTH, json_reason};

/// A value of a body.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json<'b> {
    Null,
    Boolean(bool),
    /// As it is written, so that ids keep all their digits; also `NaN`, `Infinity` and `-Infinity`.
    Number(Cow<'b, str>),
    Text(Cow<'b, str>),
    List(Vec<Json<'b>>),
    /// Each name once, where it came first, with the value that came last.
    Object(Vec<Field<'b>>),
}

/// One field of an object.
pub(super) type Field<'b> = (Cow<'b, str>, Json<'b>);

/// Why a body is not JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unreadable {
    /// Where, in characters.
    pub(super) offset: usize,
    pub(super) reason: String,
}

/// Reads a body: one value, nothing after it; a byte order mark before it is skipped.
pub(super) fn parse(body: &[u8]) -> Result<Json<'_>, Unreadable> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| Unreadable {
        offset: characters(&String::from_utf8_lossy(&body[..error.valid_up_to()])),
        reason: "the body is not UTF-8".to_owned(),
    })?;
    let mut parser = Parser {
        jiter: Jiter::new(body).with_allow_inf_nan(),
        text,
    };
    parser.document().map_err(|stop| match stop {
        Stop::Syntax(error) => Unreadable {
            offset: characters(&text[..text.floor_char_boundary(error.index)]),
            reason: json_reason(&error),
        },
        Stop::TooDeep(index) => Unreadable {
            offset: characters(&text[..index]),
            reason: format!("the body is nested deeper than {MAX_DEPTH} levels"),
        },
    })
}

impl<'b> Json<'b> {
    /// The value of a field, where this is an object that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Json<'b>> {
        let Json::Object(fields) = self else {
            return None;
        };
        let (_, value) = fields.iter().find(|(field, _)| field == name)?;
        Some(value)
    }

    /// The same value on its own, for answers that outlive the body.
    pub(super) fn to_owned_json(&self) -> Json<'static> {
        let owned = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
        match self {
            Json::Null => Json::Null,
            Json::Boolean(value) => Json::Boolean(*value),
            Json::Number(digits) => Json::Number(owned(digits)),
            Json::Text(text) => Json::Text(owned(text)),
            Json::List(list) => Json::List(list.iter().map(Json::to_owned_json).collect()),
            Json::Object(fields) => {
                let fields = fields.iter();
                Json::Object(
                    fields
                        .map(|(name, value)| (owned(name), value.to_owned_json()))
                        .collect(),
                )
            }
        }
    }
}

enum Stop {
    Syntax(JiterError),
    TooDeep(usize),
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Stop::Syntax(error)
    }
}

struct Parser<'b> {
    jiter: Jiter<'b>,
    text: &'b str,
}

impl<'b> Parser<'b> {
    fn document(&mut self) -> Result<Json<'b>, Stop> {
        let peek = self.jiter.peek()?;
        let value = self.value(peek, 0)?;
        self.jiter.finish()?;
        Ok(value)
    }

    fn value(&mut self, peek: Peek, depth: usize) -> Result<Json<'b>, Stop> {
        let start = self.jiter.current_index();
        if depth > MAX_DEPTH {
            return Err(Stop::TooDeep(start));
        }
        Ok(match peek {
            Peek::Null => {
                self.jiter.known_null()?;
                Json::Null
            }
            Peek::True | Peek::False => Json::Boolean(self.jiter.known_bool(peek)?),
            Peek::String => {
                let text = self.text;
                Json::Text(borrowed(text, start, self.jiter.known_str()?))
            }
            Peek::Array => self.list(depth)?,
            Peek::Object => self.object(depth)?,
            _ => {
                self.jiter.known_number_bytes(peek)?;
                Json::Number(Cow::Borrowed(&self.text[start..self.jiter.current_index()]))
            }
        })
    }

    fn list(&mut self, depth: usize) -> Result<Json<'b>, Stop> {
        let mut list = Vec::new();
        let mut next = self.jiter.known_array()?;
        while let Some(peek) = next {
            list.push(self.value(peek, depth + 1)?);
            next = self.jiter.array_step()?;
        }
        Ok(Json::List(list))
    }

    fn object(&mut self, depth: usize) -> Result<Json<'b>, Stop> {
        let text = self.text;
        let mut fields = Vec::new();
        let mut before = self.jiter.current_index();
        let mut next = self.jiter.known_object()?;
        while let Some(name) = next {
            let name = borrowed(text, before, name);
            let peek = self.jiter.peek()?;
            fields.push((name, self.value(peek, depth + 1)?));
            before = self.jiter.current_index();
            next = self.jiter.next_key()?;
        }
        Ok(Json::Object(last_wins(fields)))
    }
}

/// What was decoded from the next quotes after `from`, as a part of the text where it has no escapes.
fn borrowed<'b>(text: &'b str, from: usize, decoded: &str) -> Cow<'b, str> {
    let quote = text.as_bytes()[from..]
        .iter()
        .position(|byte| *byte == b'"');
    let start = from + quote.unwrap_or(0) + 1;
    match text.get(start..start + decoded.len()) {
        Some(written) if written == decoded => Cow::Borrowed(written),
        _ => Cow::Owned(decoded.to_owned()),
    }
}

/// Drops fields that come again; most objects have none.
fn last_wins(fields: Vec<Field<'_>>) -> Vec<Field<'_>> {
    if !has_repeats(&fields) {
        return fields;
    }
    let mut kept: Vec<Field<'_>> = Vec::new();
    let mut places = BTreeMap::new();
    for (name, value) in fields {
        match places.get(&name) {
            Some(&place) => kept[place] = (name, value),
            None => {
                places.insert(name.clone(), kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}

fn has_repeats(fields: &[Field<'_>]) -> bool {
    /// Up to here comparing each with each is faster than sorting.
    const FEW: usize = 24;
    if fields.len() <= FEW {
        let mut others = fields.iter().enumerate();
        return others.any(|(place, (name, _))| {
            let before = &fields[..place];
            before.iter().any(|(other, _)| other == name)
        });
    }
    let mut names: Vec<&str> = fields.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

fn characters(text: &str) -> usize {
    text.chars().count()
}
