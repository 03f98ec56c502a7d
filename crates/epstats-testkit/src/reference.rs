//! Files of reference values.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::Case;
use crate::json::{JsonError, number};

/// A file of reference values: cases with one tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceFile {
    /// Name of the file.
    pub name: String,
    /// What the file says about its tolerance.
    pub tolerance_text: String,
    /// The relative tolerance of cases that have none of their own: the first number after `rel` in that text.
    pub relative_tolerance: f64,
    /// The cases, in the order of the file.
    pub cases: Vec<Case>,
}

impl ReferenceFile {
    /// Reads a file; `None` where it is JSON with neither `meta` nor `cases`, and so is no file of this form.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is no JSON, or its cases are malformed.
    pub fn read(path: &Path) -> Result<Option<Self>, ReadError> {
        let fail = |problem: String| ReadError {
            path: path.to_owned(),
            problem,
        };
        let text = fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        Self::parse(&name, &text).map_err(fail)
    }

    /// Reads the text of a file; see [`ReferenceFile::read`].
    ///
    /// # Errors
    ///
    /// Where the text is no JSON or its cases are malformed.
    pub fn parse(name: &str, text: &str) -> Result<Option<Self>, String> {
        let document = JsonError::read(text).map_err(|error| error.to_string())?;
        let document = document
            .as_object()
            .ok_or("expected an object with `meta` and `cases`")?;
        if !document.contains_key("cases") && !document.contains_key("meta") {
            return Ok(None);
        }
        let cases = document.get("cases").and_then(Value::as_array);
        let cases = cases.ok_or("`cases`: expected a list")?;
        let tolerance_text = document
            .get("meta")
            .and_then(|meta| meta.get("tolerance"))
            .and_then(Value::as_str)
            .ok_or("`meta.tolerance`: expected a text such as `rel 1e-10`")?;
        Ok(Some(Self {
            name: name.to_owned(),
            tolerance_text: tolerance_text.to_owned(),
            relative_tolerance: relative_tolerance(tolerance_text).ok_or_else(|| {
                format!("`meta.tolerance`: expected `rel` and a number, found `{tolerance_text}`")
            })?,
            cases: cases
                .iter()
                .enumerate()
                .map(|(at, case)| {
                    read_case(case).map_err(|problem| format!("`cases[{at}]`: {problem}"))
                })
                .collect::<Result<_, _>>()?,
        }))
    }
}

/// A reference file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for ReadError {}

fn read_case(case: &Value) -> Result<Case, String> {
    let text = |name: &str| {
        let value = case.get(name).and_then(Value::as_str);
        value
            .map(str::to_owned)
            .ok_or(format!("`{name}`: expected a text"))
    };
    let object = |name: &str| {
        let value = case.get(name).filter(|value| value.is_object());
        value
            .cloned()
            .ok_or(format!("`{name}`: expected an object"))
    };
    let rel_tol = match case.get("rel_tol") {
        None | Some(Value::Null) => None,
        Some(value) => Some(
            number(value)
                .filter(|&tolerance| tolerance >= 0.0)
                .ok_or("`rel_tol`: expected a number of at least 0")?,
        ),
    };
    Ok(Case {
        id: text("id")?,
        kind: text("kind")?,
        input: object("input")?,
        expected: object("expected")?,
        rel_tol,
    })
}

/// The number after the first `rel` of a text.
fn relative_tolerance(text: &str) -> Option<f64> {
    let (_, after) = text.split_once("rel ")?;
    let digits = after.split([' ', ',', ';', '(', ')']).next()?;
    digits
        .parse()
        .ok()
        .filter(|&tolerance: &f64| tolerance > 0.0)
}
