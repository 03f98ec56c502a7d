//! What is wrong, as exceptions of `epstats.errors`.

use epstats_api::ep_stats::reason_of;
use epstats_experiment::formula::{Diagnostic as FormulaDiagnostic, Severity as FormulaSeverity};
use epstats_experiment::{Diagnostic, Place, Severity, Step};
use epstats_source::{Refusal, SourceError};
use pyo3::prelude::*;
use pyo3::types::PyList;

/// The exception for a formula that cannot be read: `FormulaError(text, problems)`.
pub(crate) fn wrong_formula(py: Python<'_>, text: &str, found: &[FormulaDiagnostic]) -> PyErr {
    let errors = found
        .iter()
        .filter(|problem| problem.severity == FormulaSeverity::Error)
        .map(|problem| Diagnostic::in_formula(problem.clone(), text, Place::default()));
    let errors: Vec<Diagnostic> = errors.collect();
    exception(py, "FormulaError", |class| {
        class.call1((text, problems(py, &errors)?))
    })
}

/// The exception for a definition that cannot be evaluated: `DefinitionError(message, problems)`.
pub(crate) fn wrong_definition(py: Python<'_>, found: &[Diagnostic]) -> PyErr {
    exception(py, "DefinitionError", |class| {
        class.call1((reason_of(found), problems(py, found)?))
    })
}

/// The exception for data that refuse.
pub(crate) fn refused(py: Python<'_>, refusal: Refusal) -> PyErr {
    source_failed(py, &refusal.of("frame"))
}

/// The exception for a source that refuses: `source_error(code, message, help, source)`; an exception of Python below it is its cause.
pub(crate) fn source_failed(py: Python<'_>, error: &SourceError) -> PyErr {
    let failed = exception(py, "source_error", |make| {
        make.call1((
            error.kind.code(),
            &error.message,
            error.help.as_deref(),
            &error.source_name,
        ))
    });
    let cause = error
        .cause
        .as_deref()
        .and_then(|cause| cause.downcast_ref());
    if let Some(cause) = cause.map(|cause: &PyErr| cause.clone_ref(py)) {
        failed.set_cause(py, Some(cause));
    }
    failed
}

/// What `make` makes of the named thing in `epstats.errors`, to be raised.
fn exception<'py>(
    py: Python<'py>,
    name: &str,
    make: impl FnOnce(Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>,
) -> PyErr {
    let made = py
        .import("epstats.errors")
        .and_then(|errors| make(errors.getattr(name)?));
    match made {
        Ok(value) => PyErr::from_value(value),
        Err(error) => error,
    }
}

/// The problems as `epstats.errors.Problem`.
fn problems<'py>(py: Python<'py>, found: &[Diagnostic]) -> PyResult<Bound<'py, PyList>> {
    let class = py.import("epstats.errors")?.getattr("Problem")?;
    let list = PyList::empty(py);
    for problem in found {
        let (formula, span) = match &problem.place.formula {
            Some((text, span)) => {
                let place = |byte: usize| text[..text.floor_char_boundary(byte)].chars().count();
                (Some(text), Some((place(span.start), place(span.end))))
            }
            None => (None, None),
        };
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        list.append(class.call1((
            severity,
            problem.code.as_str(),
            &problem.message,
            path(py, &problem.place.path)?,
            formula,
            span,
            problem.expected.as_deref(),
            problem.found.as_deref(),
            problem.help.as_deref(),
            problem.render(),
        ))?)?;
    }
    Ok(list)
}

/// Names of fields and places in lists.
fn path<'py>(py: Python<'py>, steps: &[Step]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for step in steps {
        match step {
            Step::Field(name) => list.append(name)?,
            Step::Index(place) => list.append(place)?,
        }
    }
    Ok(list)
}
