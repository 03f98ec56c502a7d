//! Walking a document: values with their places, and what is wrong with them.

mod literals;
mod object;

use std::borrow::Cow;
use std::collections::BTreeSet;

use epstats_experiment::{Code, Diagnostic, Place, Severity, Step, did_you_mean, one_of, shorten};
use jiff::civil::Date;

use crate::document::{Node, Position, Value};
use crate::variables::{Lookup, fill_in};

pub(crate) use object::Object;

pub(crate) use literals::date;

use literals::{integer_digits, number};

/// What was found wrong so far.
pub(crate) type Problems = Vec<Diagnostic>;

/// With so many problems, nothing more is looked for; the reader says so.
pub(crate) const MOST_PROBLEMS: usize = 1000;

/// Is it time to stop?
pub(crate) fn are_enough(problems: &Problems) -> bool {
    problems.len() >= MOST_PROBLEMS
}

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

    /// A text, its variables filled in; or the digits of a number, or `true` or `false`, as they are written.
    pub(crate) fn scalar(&self, problems: &mut Problems) -> Option<Cow<'n, str>> {
        match &self.node.value {
            Value::Number(text) => Some(Cow::Borrowed(text)),
            Value::Boolean(true) => Some(Cow::Borrowed("true")),
            Value::Boolean(false) => Some(Cow::Borrowed("false")),
            _ => self.text(problems),
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
        let message = match variable.strip_prefix("file:") {
            None => format!(
                "the environment variable `{}` is not set",
                shorten(variable)
            ),
            Some(path) => format!("the file `{}` cannot be read as text", shorten(path)),
        };
        self.error(Code::UnsetVariable, message)
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

    pub(crate) fn boolean(&self, problems: &mut Problems) -> Option<bool> {
        if let Value::Boolean(value) = self.node.value {
            return Some(value);
        }
        let mut problem = self.wrong_type("`true` or `false`");
        if let Value::Text(text) = &self.node.value
            && matches!(text.as_str(), "true" | "false")
        {
            problem.help = Some("leave out the quotes".to_owned());
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
        let mut texts = Some(Vec::new());
        for entry in self.list(problems)? {
            if are_enough(problems) {
                return None;
            }
            match (entry.text(problems), &mut texts) {
                (Some(text), Some(texts)) => texts.push(text.into_owned()),
                _ => texts = None,
            }
        }
        texts
    }

    /// The fields of an object whose names are data, such as the weights of variants.
    pub(crate) fn entries(&self, problems: &mut Problems) -> Option<Vec<(&'n str, At<'n>)>> {
        let Value::Object(fields) = &self.node.value else {
            problems.push(self.wrong_type("an object"));
            return None;
        };
        let mut seen = BTreeSet::new();
        for field in fields {
            if !seen.insert(field.name.as_str()) && !are_enough(problems) {
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
        // Several forms of an object may have a field in common.
        let mut listed: Vec<&str> = Vec::new();
        for &name in known {
            if !listed.contains(&name) {
                listed.push(name);
            }
        }
        let mut problem = self
            .error(
                Code::UnknownField,
                format!("unknown field `{}`", shorten(name)),
            )
            .expected(one_of(listed));
        problem.place.path = self.path_to(Step::Field(name.to_owned()));
        problem.place.line_column = position;
        problem.help = did_you_mean(name, known.iter().copied());
        problem
    }
}
