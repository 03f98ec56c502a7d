//! Walking a document: values with their places, and what is wrong with them.

use std::borrow::Cow;

use epstats_experiment::{
    Code, Diagnostic, Place, Severity, Step, closest, did_you_mean, one_of, shorten,
};
use jiff::civil::Date;

use crate::document::{Node, Position, Value};
use crate::variables::{Lookup, fill_in};

/// What was found wrong so far.
pub(crate) type Problems = Vec<Diagnostic>;

/// A value and its place: the path to it, and the name of the metric or check that it belongs to.
#[derive(Clone)]
pub(crate) struct At<'n> {
    pub(crate) node: &'n Node,
    path: Vec<Step>,
    name: Option<String>,
    variables: Option<Lookup<'n>>,
}

impl<'n> At<'n> {
    /// The whole document.
    pub(crate) fn root(node: &'n Node) -> Self {
        At {
            node,
            path: Vec::new(),
            name: None,
            variables: None,
        }
    }

    /// The same value, with `${NAME}` in texts standing for environment variables.
    pub(crate) fn with_variables(mut self, lookup: Lookup<'n>) -> Self {
        self.variables = Some(lookup);
        self
    }

    /// The same value, as part of the metric or check of this name.
    pub(crate) fn named(mut self, name: Option<String>) -> Self {
        self.name = name;
        self
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            path: self.path.clone(),
            name: self.name.clone(),
            formula: None,
            line_column: self.node.position,
        }
    }

    /// An error at this value.
    pub(crate) fn error(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            place: self.place(),
            ..Diagnostic::error(code, Vec::new(), message)
        }
    }

    /// A warning at this value.
    pub(crate) fn warning(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..self.error(code, message)
        }
    }

    /// What the value is called in messages: the last part of its path.
    pub(crate) fn label(&self) -> String {
        let from = self
            .path
            .iter()
            .rposition(|step| matches!(step, Step::Field(_)))
            .unwrap_or(0);
        let place = Place {
            path: self.path[from..].to_vec(),
            ..Place::default()
        };
        match self.path.as_slice() {
            [] => "the document".to_owned(),
            _ => format!("`{}`", shorten(&place.to_string())),
        }
    }

    pub(crate) fn wrong_type(&self, expected: &str) -> Diagnostic {
        self.error(
            Code::WrongType,
            format!("{} has the wrong type", self.label()),
        )
        .expected(expected)
        .found(self.node.describe())
    }

    /// A text, its variables filled in. Messages show it by [`At::written`], lest they tell a secret.
    pub(crate) fn text(&self, problems: &mut Problems) -> Option<Cow<'n, str>> {
        match &self.node.value {
            Value::Text(text) => match self.variables {
                None => Some(Cow::Borrowed(text.as_str())),
                Some(lookup) => match fill_in(text, lookup) {
                    Ok(text) => Some(text),
                    Err(variable) => {
                        problems.push(self.unset(variable));
                        None
                    }
                },
            },
            value => {
                let mut problem = self.wrong_type("a text");
                if let Value::Number(text) = value {
                    problem.help = Some(format!("put it in quotes: \"{}\"", shorten(text)));
                } else if let Value::Boolean(value) = value {
                    problem.help = Some(format!("put it in quotes: \"{value}\""));
                }
                problems.push(problem);
                None
            }
        }
    }

    /// The text as it is written, fit for a message.
    pub(crate) fn written(&self) -> String {
        match &self.node.value {
            Value::Text(text) => format!("`{}`", shorten(text)),
            _ => self.node.describe(),
        }
    }

    fn unset(&self, variable: &str) -> Diagnostic {
        self.error(
            Code::UnsetVariable,
            format!(
                "the environment variable `{}` is not set",
                shorten(variable)
            ),
        )
        .found(self.written())
    }

    /// A text that is not empty.
    pub(crate) fn filled_text(&self, problems: &mut Problems) -> Option<Cow<'n, str>> {
        let text = self.text(problems)?;
        if text.is_empty() {
            problems.push(self.error(
                Code::EmptyValue,
                format!("{} must not be empty", self.label()),
            ));
            return None;
        }
        Some(text)
    }

    /// The digits of an integer of any size, without leading zeros.
    pub(crate) fn integer(&self, problems: &mut Problems) -> Option<String> {
        if let Value::Number(text) = &self.node.value
            && let Some(digits) = integer_digits(text)
        {
            return Some(digits);
        }
        let mut problem = self.wrong_type("an integer");
        if let Value::Text(text) = &self.node.value
            && integer_digits(text).is_some()
        {
            problem.help = Some("leave out the quotes".to_owned());
        }
        problems.push(problem);
        None
    }

    pub(crate) fn number(&self, problems: &mut Problems) -> Option<f64> {
        if let Value::Number(text) = &self.node.value
            && let Some(number) = number(text)
        {
            return Some(number);
        }
        let mut problem = self.wrong_type("a number");
        if let Value::Text(text) = &self.node.value {
            if number(text).is_some() {
                problem.help = Some("leave out the quotes".to_owned());
            } else if text.trim().ends_with('%') {
                problem.help = Some("write shares as numbers: 5% is 0.05".to_owned());
            }
        }
        problems.push(problem);
        None
    }

    /// A number for which `is_sound` holds; `range` says in words which those are.
    pub(crate) fn number_in(
        &self,
        range: &str,
        is_sound: impl Fn(f64) -> bool,
        problems: &mut Problems,
    ) -> Option<f64> {
        let number = self.number(problems)?;
        if is_sound(number) {
            return Some(number);
        }
        problems.push(
            self.error(
                Code::OutOfRange,
                format!("{} is out of range", self.label()),
            )
            .expected(range)
            .found(format!("`{number}`")),
        );
        None
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(
        &self,
        choices: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let words = || choices.iter().map(|(word, _)| *word);
        if !matches!(self.node.value, Value::Text(_)) {
            problems.push(self.wrong_type(&one_of(words())));
            return None;
        }
        let text = self.text(problems)?;
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*choice);
        }
        let mut problem = self
            .error(
                Code::UnknownChoice,
                format!("{} cannot be {}", self.label(), self.written()),
            )
            .expected(one_of(words()))
            .found(self.written());
        problem.help = did_you_mean(&text, words());
        problems.push(problem);
        None
    }

    /// A day: `2026-09-01`, also `2026-9-1`.
    pub(crate) fn date(&self, problems: &mut Problems) -> Option<Date> {
        let text = self.text(problems)?;
        let date = date(&text);
        if date.is_none() {
            problems.push(
                self.error(Code::InvalidDate, format!("{} is not a date", self.label()))
                    .expected("a day such as `2026-09-01`")
                    .found(self.written()),
            );
        }
        date
    }

    pub(crate) fn list(&self, problems: &mut Problems) -> Option<Vec<At<'n>>> {
        let Value::List(nodes) = &self.node.value else {
            problems.push(self.wrong_type("a list"));
            return None;
        };
        let entry = |(index, node)| At {
            node,
            path: self.path_to(Step::Index(index)),
            ..self.clone()
        };
        Some(nodes.iter().enumerate().map(entry).collect())
    }

    /// A list of texts that are not empty; `None` where any entry is wrong.
    pub(crate) fn texts(&self, problems: &mut Problems) -> Option<Vec<String>> {
        let entries = self.list(problems)?;
        let texts: Vec<_> = entries.iter().map(|entry| entry.text(problems)).collect();
        texts
            .into_iter()
            .map(|text| text.map(Cow::into_owned))
            .collect()
    }

    /// The fields of an object whose names are data, such as the weights of variants.
    pub(crate) fn entries(&self, problems: &mut Problems) -> Option<Vec<(&'n str, At<'n>)>> {
        let Value::Object(fields) = &self.node.value else {
            problems.push(self.wrong_type("an object"));
            return None;
        };
        for (index, field) in fields.iter().enumerate() {
            if fields[..index].iter().any(|other| other.name == field.name) {
                problems.push(self.duplicate_field(&field.name, field.position));
            }
        }
        let entry = |field: &'n crate::document::Field| {
            let at = At {
                node: &field.value,
                path: self.path_to(Step::Field(field.name.clone())),
                ..self.clone()
            };
            (field.name.as_str(), at)
        };
        Some(fields.iter().map(entry).collect())
    }

    fn path_to(&self, step: Step) -> Vec<Step> {
        let mut path = self.path.clone();
        path.push(step);
        path
    }

    fn duplicate_field(&self, name: &str, position: Option<Position>) -> Diagnostic {
        let mut problem = self.error(
            Code::DuplicateField,
            format!("field `{}` is given twice", shorten(name)),
        );
        problem.place.path = self.path_to(Step::Field(name.to_owned()));
        problem.place.line_column = position;
        problem.help("keep one of the two")
    }

    fn unknown_field(&self, name: &str, position: Option<Position>, known: &[&str]) -> Diagnostic {
        let mut problem = self
            .error(
                Code::UnknownField,
                format!("unknown field `{}`", shorten(name)),
            )
            .expected(one_of(known.iter().copied()));
        problem.place.path = self.path_to(Step::Field(name.to_owned()));
        problem.place.line_column = position;
        problem.help = did_you_mean(name, known.iter().copied());
        problem
    }
}

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

/// The digits of an integer with its minus sign, without plus sign and leading zeros.
fn integer_digits(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    })
}

/// A number as YAML and JSON write it; infinite where it is said or overflows.
fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned.to_ascii_lowercase().as_str() {
        ".inf" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        ".inf" => Some(f64::INFINITY),
        ".nan" => Some(f64::NAN),
        "inf" | "infinity" | "nan" => None,
        _ => text.parse().ok(),
    }
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_sound = digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2);
    if !is_sound || parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
