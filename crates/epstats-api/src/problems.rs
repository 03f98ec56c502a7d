//! What is wrong with a definition, for programs.

use epstats_experiment::formula::Span;
use epstats_experiment::{Diagnostic, Severity};
use serde::Serialize;

/// Problems of a definition as a JSON list, in the order given; each is a [`ProblemDocument`].
///
/// ```
/// use epstats_api::{DefinitionFormat, problems_json, read_definition};
///
/// let definition = read_definition("id: checkout", DefinitionFormat::Yaml);
/// let problems = problems_json(&definition.diagnostics);
/// assert_eq!(problems[0]["code"], "missing-field");
/// assert_eq!(problems[0]["path"], "control_variant");
/// ```
#[must_use]
pub fn problems_json(problems: &[Diagnostic]) -> serde_json::Value {
    let documents: Vec<ProblemDocument<'_>> = problems.iter().map(ProblemDocument::from).collect();
    serde_json::to_value(documents).expect("texts and numbers can always be written")
}

/// A problem of a definition in its wire form, for any serde format. What is not known is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProblemDocument<'d> {
    code: &'static str,
    severity: &'static str,
    message: &'d str,
    path: String,
    name: Option<&'d str>,
    line: Option<usize>,
    column: Option<usize>,
    formula: Option<FormulaDocument<'d>>,
    expected: Option<&'d str>,
    found: Option<&'d str>,
    help: Option<&'d str>,
}

/// A formula and the place in it, in characters from zero, the end excluded.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct FormulaDocument<'d> {
    text: &'d str,
    start: usize,
    end: usize,
}

impl<'d> From<&'d Diagnostic> for ProblemDocument<'d> {
    fn from(problem: &'d Diagnostic) -> Self {
        let place = &problem.place;
        let (line, column) = place.line_column.unzip();
        ProblemDocument {
            code: problem.code.as_str(),
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: &problem.message,
            path: place.to_string(),
            name: place.name.as_deref(),
            line,
            column,
            formula: place
                .formula
                .as_ref()
                .map(|(text, span)| FormulaDocument::new(text, *span)),
            expected: problem.expected.as_deref(),
            found: problem.found.as_deref(),
            help: problem.help.as_deref(),
        }
    }
}

impl<'d> FormulaDocument<'d> {
    fn new(text: &'d str, span: Span) -> Self {
        let characters_before =
            |byte: usize| text[..text.floor_char_boundary(byte)].chars().count();
        FormulaDocument {
            text,
            start: characters_before(span.start),
            end: characters_before(span.end),
        }
    }
}
