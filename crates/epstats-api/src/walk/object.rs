//! Objects whose fields are known: unknown, repeated and missing ones are problems.

use epstats_experiment::{Code, Diagnostic, Step, closest};

use super::{At, Problems, are_enough};
use crate::document::Value;

/// An object whose fields have fixed names.
pub(crate) struct Object<'n> {
    at: At<'n>,
    fields: Vec<(&'n str, At<'n>)>,
    /// Names that unknown fields most likely mean, so that these are not told to be missing, too.
    meant: Vec<String>,
}

impl<'n> Object<'n> {
    /// Opens an object; fields that are not known or repeat are problems.
    pub(crate) fn open(at: At<'n>, known: &[&str], problems: &mut Problems) -> Option<Self> {
        Self::open_with_more(at, known, &[], problems)
    }

    /// Like [`Object::open`]; fields in `unnamed` are no problems either, but no message speaks of them.
    pub(crate) fn open_with_more(
        at: At<'n>,
        known: &[&str],
        unnamed: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let fields = at.entries(problems)?;
        let Value::Object(written) = &at.node.value else {
            return None;
        };
        let mut meant = Vec::new();
        for field in written {
            if are_enough(problems) {
                break;
            }
            let name = field.name.as_str();
            if known.contains(&name) || unnamed.contains(&name) {
                continue;
            }
            meant.extend(closest(&field.name, known.iter().copied()).map(str::to_owned));
            problems.push(at.unknown_field(&field.name, field.position, known));
        }
        Some(Object { at, fields, meant })
    }

    /// Has every message name the metric or check that the object is.
    pub(crate) fn named(mut self, name: Option<String>) -> Self {
        for (_, field) in &mut self.fields {
            field.name.clone_from(&name);
        }
        self.at.name = name;
        self
    }

    /// A field as it is written, null among the values; the last where it repeats.
    pub(crate) fn field(&self, name: &str) -> Option<At<'n>> {
        self.fields
            .iter()
            .rfind(|(field, _)| *field == name)
            .map(|(_, at)| at.clone())
    }

    /// A field that may be left out or null.
    pub(crate) fn optional(&self, name: &str) -> Option<At<'n>> {
        self.field(name).filter(|at| at.node.value != Value::Null)
    }

    /// A field that must be there; `expected` says what belongs there.
    pub(crate) fn required(
        &self,
        name: &str,
        expected: &str,
        problems: &mut Problems,
    ) -> Option<At<'n>> {
        let field = self.field(name);
        let is_misspelt = self.meant.iter().any(|meant| meant == name);
        if field.is_none() && !is_misspelt {
            problems.push(self.missing(name, expected));
        }
        field
    }

    pub(crate) fn missing(&self, name: &str, expected: &str) -> Diagnostic {
        let mut problem = self
            .at
            .error(Code::MissingField, format!("field `{name}` is missing"))
            .expected(expected);
        problem.place.path = self.at.path_to(Step::Field(name.to_owned()));
        problem
    }

    /// Warns of a field that has no effect.
    pub(crate) fn unused(&self, name: &str, why: &str, problems: &mut Problems) {
        if let Some(field) = self.optional(name) {
            problems.push(
                field
                    .warning(Code::UnusedField, format!("`{name}` has no effect: {why}"))
                    .help(format!("leave `{name}` out")),
            );
        }
    }
}
