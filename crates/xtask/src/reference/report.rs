//! Comparing the cases, and telling about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use epstats_testkit::{Case, Comparison, Errors, ReferenceFile, Tolerance, Value, number};

use super::answer::{Answer, Got};
use super::{errata, kinds};

/// What a folder of reference files gave.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of cases that agree.
    pub passed: usize,
    /// Cases that do not agree, or whose inputs are not what their kind needs.
    pub failures: Vec<Failure>,
    /// Number of cases per file and kind that is not supported.
    pub unsupported: BTreeMap<Key, usize>,
    /// Expected fields that no answer has, per file and kind.
    pub ignored: BTreeMap<Key, BTreeSet<String>>,
    /// Files that hold no cases.
    pub other_forms: Vec<String>,
    /// Expected values that are known to be wrong, with what was compared instead.
    pub corrected: Vec<String>,
    cases: BTreeMap<Key, usize>,
    errors: Errors<Key>,
}

/// File and kind.
type Key = (String, String);

/// A case that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Name of the file.
    pub file: String,
    /// Id of the case.
    pub case: String,
    /// What is wrong, one line per field.
    pub problems: Vec<String>,
}

impl Report {
    /// Compares all cases of a file.
    pub(super) fn check_file(&mut self, file: &ReferenceFile) {
        for case in &file.cases {
            let key = (file.name.clone(), case.kind.clone());
            let Some(compute) = kinds::find(&case.kind) else {
                *self.unsupported.entry(key).or_default() += 1;
                continue;
            };
            *self.cases.entry(key.clone()).or_default() += 1;
            let problems = match compute(case) {
                Ok(answers) => self.compare(&key, file, case, &answers.0),
                Err(error) => vec![error.to_string()],
            };
            if problems.is_empty() {
                self.passed += 1;
            } else {
                self.failures.push(Failure {
                    file: file.name.clone(),
                    case: case.id.clone(),
                    problems,
                });
            }
        }
    }

    /// Notes a file that holds no cases.
    pub(super) fn note_other_form(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default();
        self.other_forms.push(name.to_string_lossy().into_owned());
    }

    fn compare(
        &mut self,
        key: &Key,
        file: &ReferenceFile,
        case: &Case,
        answers: &[Answer],
    ) -> Vec<String> {
        let mut problems = Vec::new();
        let mut compared = BTreeSet::new();
        for answer in answers {
            let Some(expected) = case.expected.pointer(&format!("/{}", answer.field)) else {
                continue;
            };
            let right = errata::correction(case, &answer.field, expected);
            if let Some(right) = right {
                let row = format!("{} {} `{}`", file.name, case.id, answer.field);
                let note = format!("{row}: the file has {expected}, compared with {right:e}");
                self.corrected.push(note);
            }
            let relative = case.rel_tol.unwrap_or(file.relative_tolerance);
            let comparison = compare_value(answer, expected, right, relative);
            if !comparison.is_equal() {
                problems.push(format!(
                    "`{}`: expected {expected}, got {} ({:.3e} relative, {:.3e} tolerances)",
                    answer.field,
                    Shown(&answer.value),
                    comparison.relative,
                    comparison.in_tolerances,
                ));
            }
            self.errors.note(key.clone(), comparison, || {
                format!("{} {}", case.id, answer.field)
            });
            compared.insert(answer.field.as_str());
        }
        let offered: BTreeSet<String> = answers.iter().map(|a| without_places(&a.field)).collect();
        for field in leaves(&case.expected) {
            if compared.contains(field.as_str()) {
                continue;
            }
            let field_of_list = without_places(&field);
            if offered.contains(&field_of_list) {
                problems.push(format!("`{field}`: expected a value, got a shorter list"));
            } else {
                self.ignored
                    .entry(key.clone())
                    .or_default()
                    .insert(field_of_list);
            }
        }
        if compared.is_empty() {
            problems.push("no expected field that could be compared".to_owned());
        }
        problems
    }
}

/// Below this a p-value need only be as small.
const SMALLEST_COMPARED: f64 = 1e-300;

fn compare_value(
    answer: &Answer,
    expected: &Value,
    right: Option<f64>,
    relative: f64,
) -> Comparison {
    let equal = |is: bool| {
        if is {
            Comparison::EQUAL
        } else {
            Comparison::APART
        }
    };
    match (&answer.value, expected) {
        (Got::Missing, Value::Null) => Comparison::EQUAL,
        (Got::Flag(got), Value::Bool(expected)) => equal(got == expected),
        (Got::Text(got), Value::String(expected)) => equal(got == expected),
        (Got::Number(got), expected) => match right.or_else(|| number(expected)) {
            Some(expected) if expected > 0.0 && expected < SMALLEST_COMPARED => {
                equal((0.0..=SMALLEST_COMPARED).contains(got))
            }
            Some(expected) => Tolerance {
                relative: if answer.exact { 0.0 } else { relative },
                absolute: answer.absolute,
                scale: answer.scale,
            }
            .compare(*got, expected),
            None => Comparison::APART,
        },
        _ => Comparison::APART,
    }
}

/// Paths of all values that are no lists or objects.
fn leaves(value: &Value) -> Vec<String> {
    let below = |name: &str, value: &Value| -> Vec<String> {
        let inner = leaves(value);
        let path = |inner: String| match inner.as_str() {
            "" => name.to_owned(),
            inner => format!("{name}/{inner}"),
        };
        inner.into_iter().map(path).collect()
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| below(name, value))
            .collect(),
        Value::Array(values) => {
            let places = values.iter().enumerate();
            places
                .flat_map(|(at, value)| below(&at.to_string(), value))
                .collect()
        }
        _ => vec![String::new()],
    }
}

/// A path with `[]` in place of every number.
fn without_places(field: &str) -> String {
    let is_place = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = field
        .split('/')
        .map(|part| if is_place(part) { "[]" } else { part })
        .collect();
    parts.join("/")
}

/// A value as a message shows it.
struct Shown<'a>(&'a Got);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Got::Number(number) => write!(f, "{number:?}"),
            Got::Missing => f.write_str("nothing"),
            Got::Flag(flag) => write!(f, "{flag}"),
            Got::Text(text) => write!(f, "`{text}`"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<44} {:>6} {:>11} {:>11}  worst",
            "file, kind", "cases", "tolerances", "relative"
        )?;
        for (key, cases) in &self.cases {
            let name = format!("{} {}", key.0, key.1);
            write!(f, "{name:<44} {cases:>6}")?;
            match self.errors.largest(key) {
                Some(largest) => writeln!(
                    f,
                    " {:>11.1e} {:>11.1e}  {}",
                    largest.error.in_tolerances, largest.error.relative, largest.at
                )?,
                None => writeln!(f, "           -           -  -")?,
            }
        }
        if !self.ignored.is_empty() {
            writeln!(f, "\nexpected fields that are not offered:")?;
        }
        for ((file, kind), fields) in &self.ignored {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            writeln!(f, "  {file} {kind}: {}", fields.join(", "))?;
        }
        if !self.unsupported.is_empty() {
            writeln!(f, "\nkinds not yet supported:")?;
        }
        for ((file, kind), cases) in &self.unsupported {
            writeln!(f, "  {file} {kind}: {cases} cases")?;
        }
        for file in &self.other_forms {
            writeln!(f, "\n{file}: no file of cases, not checked")?;
        }
        if !self.corrected.is_empty() {
            writeln!(f, "\nexpected values that are known to be wrong:")?;
        }
        for note in &self.corrected {
            writeln!(f, "  {note}")?;
        }
        for failure in &self.failures {
            writeln!(f, "\nFAILED {} {}", failure.file, failure.case)?;
            for problem in &failure.problems {
                writeln!(f, "  {problem}")?;
            }
        }
        writeln!(
            f,
            "\n{} passed, {} failed",
            self.passed,
            self.failures.len()
        )
    }
}
