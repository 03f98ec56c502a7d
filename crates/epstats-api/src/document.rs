//! Documents as trees that remember where every value stands, before anything is known about their meaning.

mod json;
mod yaml;

pub(crate) use json::reason as json_reason;

use epstats_experiment::{Code, Diagnostic, Place, Step, shorten};

/// The text form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionFormat {
    /// YAML 1.2.
    Yaml,
    /// JSON, as its standard has it.
    Json,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Line and column, from one, where the document has any.
    pub(crate) position: Option<Position>,
    pub(crate) value: Value,
}

/// Line and column, from one.
pub(crate) type Position = (usize, usize);

/// The types that YAML and JSON share.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    /// A number as it is written, so that ids keep all their digits.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Field>),
}

/// One field of an object; a name may repeat.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) position: Option<Position>,
    pub(crate) value: Node,
}

/// Longest document that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 10_000_000;
/// Deepest nesting that is read.
pub(crate) const MAX_DEPTH: usize = 64;
/// Most values that are read, those that aliases repeat among them.
const MAX_NODES: usize = 1_000_000;

/// Reads a document.
pub(crate) fn parse(text: &str, format: DefinitionFormat) -> Result<Node, Box<Diagnostic>> {
    if text.len() > MAX_BYTES {
        let message = format!("the document is longer than {MAX_BYTES} bytes");
        let problem = too_large(None, message).found(format!("{} bytes", text.len()));
        return Err(Box::new(problem));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        DefinitionFormat::Yaml => yaml::parse(text),
        DefinitionFormat::Json => json::parse(text),
    }
}

impl Node {
    /// The value in words, for "found …".
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Boolean(value) => format!("`{value}`"),
            Value::Number(digits) => format!("the number `{}`", shorten(digits)),
            Value::Text(text) if text.is_empty() => "an empty text".to_owned(),
            Value::Text(text) => format!("the text `{}`", shorten(text)),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }

    /// The value at a path, if the document has it.
    pub(crate) fn at(&self, path: &[Step]) -> Option<&Node> {
        path.iter()
            .try_fold(self, |node, step| match (step, &node.value) {
                (Step::Field(name), Value::Object(fields)) => fields
                    .iter()
                    .rfind(|field| field.name == *name)
                    .map(|field| &field.value),
                (Step::Index(index), Value::List(nodes)) => nodes.get(*index),
                _ => None,
            })
    }
}

fn unreadable(position: Option<Position>, message: impl Into<String>) -> Box<Diagnostic> {
    at(
        position,
        Diagnostic::error(Code::UnreadableDefinition, Vec::new(), message),
    )
}

fn too_large(position: Option<Position>, message: impl Into<String>) -> Box<Diagnostic> {
    at(
        position,
        Diagnostic::error(Code::DefinitionTooLarge, Vec::new(), message),
    )
}

fn too_deep(position: Option<Position>) -> Box<Diagnostic> {
    too_large(
        position,
        format!("the document is nested deeper than {MAX_DEPTH} levels"),
    )
}

fn too_many(position: Option<Position>) -> Box<Diagnostic> {
    too_large(
        position,
        format!("the document has more than {MAX_NODES} values"),
    )
}

fn at(position: Option<Position>, problem: Diagnostic) -> Box<Diagnostic> {
    Box::new(Diagnostic {
        place: Place {
            line_column: position,
            ..problem.place.clone()
        },
        ..problem
    })
}
