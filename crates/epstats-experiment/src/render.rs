//! Diagnostics as text for people.

use std::fmt::Write;

use epstats_formula::render_excerpt;

use crate::words::shorten;
use crate::{Diagnostic, Place, Severity, Step};

impl Diagnostic {
    /// The diagnostic as text for people, without a line break at the end.
    ///
    /// ```text
    /// error: unknown aggregation `units` [unknown-aggregation]
    ///   metrics[2] "Click-through rate", numerator, line 14, column 17
    ///   | count(user.units.click)
    ///   |            ^^^^^ expected `unit` or `global`
    ///   help: did you mean `unit`?
    /// ```
    #[must_use]
    pub fn render(&self) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut text = format!("{severity}: {} [{}]", self.message, self.code);
        let place = self.place.for_people();
        if !place.is_empty() {
            let _into_memory = write!(text, "\n  {place}");
        }
        let details = match &self.place.formula {
            Some((formula, span)) => render_excerpt(formula, *span, &self.label()),
            None => self.expectation(),
        };
        for line in details.lines() {
            let _into_memory = write!(text, "\n  {line}");
        }
        if let Some(help) = &self.help {
            let _into_memory = write!(text, "\n  help: {help}");
        }
        text
    }

    /// The words beside the carets, which themselves show what was found.
    fn label(&self) -> String {
        match &self.expected {
            Some(expected) => format!("expected {expected}"),
            None => String::new(),
        }
    }

    /// `expected …, found …`
    fn expectation(&self) -> String {
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) => format!("expected {expected}, found {found}"),
            (Some(expected), None) => format!("expected {expected}"),
            (None, Some(found)) => format!("found {found}"),
            (None, None) => String::new(),
        }
    }
}

impl Place {
    /// `metrics[2] "Click-through rate", numerator, line 14, column 17`
    fn for_people(&self) -> String {
        let entry_steps = match self.path.as_slice() {
            [Step::Field(_), Step::Index(_), ..] => 2,
            steps => steps.len(),
        };
        let (entry, rest) = self.path.split_at(entry_steps);
        let mut parts = Vec::new();
        if !entry.is_empty() {
            let name = match &self.name {
                Some(name) if !name.is_empty() => format!(" \"{}\"", shorten(name)),
                _ => String::new(),
            };
            parts.push(format!("{}{name}", path(entry)));
        }
        if !rest.is_empty() {
            parts.push(match path(rest).as_str() {
                "nominator" => "numerator".to_owned(),
                path => path.to_owned(),
            });
        }
        if let Some((line, column)) = self.line_column {
            parts.push(format!("line {line}, column {column}"));
        }
        parts.join(", ")
    }
}

fn path(steps: &[Step]) -> String {
    let place = Place {
        path: steps.to_vec(),
        ..Place::default()
    };
    shorten(&place.to_string())
}
