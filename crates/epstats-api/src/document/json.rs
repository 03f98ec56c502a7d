//! JSON as a tree with positions.

use jiter::{Jiter, JiterError, Peek};

use super::{Field, MAX_DEPTH, MAX_NODES, Node, Position, Value, too_deep, too_many, unreadable};
use epstats_experiment::Diagnostic;

/// Reads a JSON document: one value, nothing after it.
pub(super) fn parse(text: &str) -> Result<Node, Box<Diagnostic>> {
    let mut parser = Parser {
        jiter: Jiter::new(text.as_bytes()),
        lines: Lines::of(text),
        n_nodes: 0,
    };
    let peek = parser.jiter.peek().map_err(|error| parser.refuse(&error))?;
    let node = parser.value(peek, 0)?;
    match parser.jiter.finish() {
        Ok(()) => Ok(node),
        Err(error) => Err(parser.refuse(&error)),
    }
}

struct Parser<'t> {
    jiter: Jiter<'t>,
    lines: Lines<'t>,
    n_nodes: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self, peek: Peek, depth: usize) -> Result<Node, Box<Diagnostic>> {
        let position = Some(self.lines.position(self.jiter.current_index()));
        if depth > MAX_DEPTH {
            return Err(too_deep(position));
        }
        self.n_nodes += 1;
        if self.n_nodes > MAX_NODES {
            return Err(too_many(position));
        }
        let value = match peek {
            Peek::Null => self.checked(Jiter::known_null).map(|()| Value::Null)?,
            Peek::True | Peek::False => {
                Value::Boolean(self.checked(|jiter| jiter.known_bool(peek))?)
            }
            Peek::String => {
                Value::Text(self.checked(|jiter| jiter.known_str().map(str::to_owned))?)
            }
            Peek::Array => self.list(depth)?,
            Peek::Object => self.object(depth)?,
            _ => {
                let digits = |jiter: &mut Jiter<'t>| {
                    jiter
                        .known_number_bytes(peek)
                        .map(|digits| String::from_utf8_lossy(digits).into_owned())
                };
                Value::Number(self.checked(digits)?)
            }
        };
        Ok(Node { position, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Box<Diagnostic>> {
        let mut nodes = Vec::new();
        let mut next = self.checked(Jiter::known_array)?;
        while let Some(peek) = next {
            nodes.push(self.value(peek, depth + 1)?);
            next = self.checked(Jiter::array_step)?;
        }
        Ok(Value::List(nodes))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Box<Diagnostic>> {
        let mut fields = Vec::new();
        let mut before = self.jiter.current_index() + 1;
        let mut next =
            self.checked(|jiter| jiter.known_object().map(|key| key.map(str::to_owned)))?;
        while let Some(name) = next {
            let position = Some(self.lines.next_quote(before));
            let peek = self.checked(Jiter::peek)?;
            let value = self.value(peek, depth + 1)?;
            fields.push(Field {
                name,
                position,
                value,
            });
            before = self.jiter.current_index();
            next = self.checked(|jiter| jiter.next_key().map(|key| key.map(str::to_owned)))?;
        }
        Ok(Value::Object(fields))
    }

    fn checked<T>(
        &mut self,
        step: impl FnOnce(&mut Jiter<'t>) -> Result<T, JiterError>,
    ) -> Result<T, Box<Diagnostic>> {
        step(&mut self.jiter).map_err(|error| self.refuse(&error))
    }

    fn refuse(&mut self, error: &JiterError) -> Box<Diagnostic> {
        let reason = reason(error);
        let position = self.lines.position(error.index);
        unreadable(
            Some(position),
            format!("the document is not JSON: {reason}"),
        )
    }
}

/// What a text that is not JSON lacks, in words.
pub(crate) fn reason(error: &JiterError) -> String {
    let text = error.error_type.to_string();
    match text.strip_prefix("EOF") {
        Some(rest) => format!("the text ends{rest}"),
        None => text,
    }
}

/// Lines and columns of a text that is read from front to end.
struct Lines<'t> {
    text: &'t str,
    /// A place whose position is known; the next one asked for is rarely before it.
    index: usize,
    position: Position,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Lines {
            text,
            index: 0,
            position: (1, 1),
        }
    }

    fn position(&mut self, index: usize) -> Position {
        let index = self.text.floor_char_boundary(index);
        if index < self.index {
            *self = Lines::of(self.text);
        }
        let (line, column) = &mut self.position;
        for character in self.text[self.index..index].chars() {
            if character == '\n' {
                *line += 1;
                *column = 1;
            } else {
                *column += 1;
            }
        }
        self.index = index;
        self.position
    }

    /// Where the key begins that was read next after an index.
    fn next_quote(&mut self, index: usize) -> Position {
        let index = self.text.floor_char_boundary(index);
        let skipped = self.text[index..].find('"').unwrap_or(0);
        self.position(index + skipped)
    }
}
