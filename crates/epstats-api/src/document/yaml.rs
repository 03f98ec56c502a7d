//! YAML as a tree with positions.

use std::collections::BTreeMap;

use epstats_experiment::{Diagnostic, shorten};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Field, MAX_DEPTH, MAX_NODES, Node, Position, Value, too_deep, too_many, unreadable};

/// Reads a YAML document: one in the file, types by the core schema.
pub(super) fn parse(text: &str) -> Result<Node, Box<Diagnostic>> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| refuse(&error))?;
        builder.take(event, span)?;
    }
    builder
        .document
        .ok_or_else(|| unreadable(None, "the document is empty"))
}

/// Puts events together to a tree.
#[derive(Default)]
struct Builder {
    document: Option<Node>,
    open: Vec<Open>,
    /// Finished nodes that have an anchor, with their number of values.
    anchors: BTreeMap<usize, (Node, usize)>,
    n_nodes: usize,
}

/// A list or object whose end has not been seen.
struct Open {
    position: Position,
    anchor: usize,
    /// Number of values before it.
    n_before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Object(Vec<Field>, Option<Key>),
}

/// The name of a field whose value has not been seen.
struct Key {
    name: String,
    position: Position,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Box<Diagnostic>> {
        let position = (span.start.line(), span.start.col() + 1);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                if let Some(key) = self.awaited_key() {
                    *key = Some(Key {
                        name: text.into_owned(),
                        position,
                    });
                    return Ok(());
                }
                let node = Node {
                    position: Some(position),
                    value,
                };
                let n_before = self.n_nodes;
                self.count(1, position)?;
                self.finish(node, anchor, n_before)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(position, anchor, Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(position, anchor, Content::Object(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.close(open),
                None => Ok(()),
            },
            Event::Alias(anchor) => self.repeat(anchor, position),
            Event::DocumentStart(..) if self.document.is_some() => Err(unreadable(
                Some(position),
                "the file has more than one document",
            )),
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        position: Position,
        anchor: usize,
        content: Content,
    ) -> Result<(), Box<Diagnostic>> {
        self.refuse_as_key(position)?;
        if self.open.len() > MAX_DEPTH {
            return Err(too_deep(Some(position)));
        }
        let n_before = self.n_nodes;
        self.count(1, position)?;
        self.open.push(Open {
            position,
            anchor,
            n_before,
            content,
        });
        Ok(())
    }

    fn close(&mut self, open: Open) -> Result<(), Box<Diagnostic>> {
        let value = match open.content {
            Content::List(nodes) => Value::List(nodes),
            Content::Object(fields, _) => Value::Object(fields),
        };
        let node = Node {
            position: Some(open.position),
            value,
        };
        self.finish(node, open.anchor, open.n_before)
    }

    /// Puts a copy of an earlier node here.
    fn repeat(&mut self, anchor: usize, position: Position) -> Result<(), Box<Diagnostic>> {
        self.refuse_as_key(position)?;
        let Some((_, n_nodes)) = self.anchors.get(&anchor) else {
            return Err(unreadable(
                Some(position),
                "an alias repeats a value that is not complete here",
            ));
        };
        let (n_nodes, n_before) = (*n_nodes, self.n_nodes);
        self.count(n_nodes, position)?;
        let mut node = self.anchors[&anchor].0.clone();
        node.position = Some(position);
        if self.open.len() + depth(&node) > MAX_DEPTH + 1 {
            return Err(too_deep(Some(position)));
        }
        self.finish(node, 0, n_before)
    }

    /// Puts a finished node into what is open around it.
    fn finish(
        &mut self,
        node: Node,
        anchor: usize,
        n_before: usize,
    ) -> Result<(), Box<Diagnostic>> {
        if anchor > 0 {
            let n_nodes = self.n_nodes - n_before;
            let position = node.position.unwrap_or_default();
            self.count(n_nodes, position)?;
            self.anchors.insert(anchor, (node.clone(), n_nodes));
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.document = Some(node),
            Some(Content::List(nodes)) => nodes.push(node),
            Some(Content::Object(fields, key)) => {
                if let Some(Key { name, position }) = key.take() {
                    fields.push(Field {
                        name,
                        position: Some(position),
                        value: node,
                    });
                }
            }
        }
        Ok(())
    }

    /// The place of the key, where a key must come next.
    fn awaited_key(&mut self) -> Option<&mut Option<Key>> {
        match self.open.last_mut().map(|open| &mut open.content) {
            Some(Content::Object(_, key)) if key.is_none() => Some(key),
            _ => None,
        }
    }

    fn refuse_as_key(&mut self, position: Position) -> Result<(), Box<Diagnostic>> {
        match self.awaited_key() {
            Some(_) => Err(unreadable(
                Some(position),
                "the name of a field is not a plain text",
            )),
            None => Ok(()),
        }
    }

    fn count(&mut self, n_nodes: usize, position: Position) -> Result<(), Box<Diagnostic>> {
        self.n_nodes += n_nodes;
        if self.n_nodes > MAX_NODES {
            return Err(too_many(Some(position)));
        }
        Ok(())
    }
}

/// Levels of lists and objects in a node, one for a scalar.
fn depth(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(nodes) => nodes.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => fields
            .iter()
            .map(|field| depth(&field.value))
            .max()
            .unwrap_or(0),
        _ => 0,
    }
}

/// The value of a scalar: text where it is quoted or tagged so, else by the core schema.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag.and_then(Tag::core_suffix) {
        Some("str") => return Value::Text(text.to_owned()),
        Some(_) => {}
        None if style == ScalarStyle::Plain => {}
        None => return Value::Text(text.to_owned()),
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    }
}

/// Decimal numbers, infinities and NaN of the core schema.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_is_sound = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_is_sound
}

fn refuse(error: &ScanError) -> Box<Diagnostic> {
    let mark = error.marker();
    let position = Some((mark.line(), mark.col() + 1));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(position),
        _ => unreadable(
            position,
            format!("the document is not YAML: {}", shorten(&error.info())),
        ),
    }
}
