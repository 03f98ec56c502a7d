//! The functions of `epstats` itself: definitions and sources to scorecards.

use std::sync::Arc;
use std::sync::mpsc::channel;

use epstats::EvaluationError;
use epstats::plan::for_experiment;
use epstats_api::{DefinitionFormat, read_definition};
use epstats_experiment::{Diagnostic, Experiment, one_of};
use epstats_plan::Dialect;
use epstats_sources::Progress;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure;
use crate::opening::SourceWords;
use crate::scorecard::Scorecard;
use crate::waiting::Waiting;

/// Evaluates a definition (text, and whether it is JSON) on a source, which [`SourceWords`] describe.
///
/// `progress` is called a few times a second with rows read and rows in all, where it is known.
#[pyfunction]
#[pyo3(signature = (definition, is_json, source, inference = None, date_for = None, progress = None))]
pub(crate) fn evaluate(
    py: Python<'_>,
    definition: &str,
    is_json: bool,
    source: SourceWords<'_>,
    inference: Option<&str>,
    date_for: Option<&str>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Scorecard> {
    let experiment = understand(py, definition, is_json, inference, date_for)?;
    let (report, reported) = channel::<Progress>();
    let report = Arc::new(move |progress| {
        let _nobody_listens = report.send(progress);
    });
    let waiting = Waiting::new();
    let source = source.open(py, &experiment, report, waiting.caller())?;
    let work = async move { epstats::evaluate(&experiment, source.as_source()).await };
    let answer = waiting.run(py, work, || {
        let last = reported.try_iter().last();
        match (&progress, last) {
            (Some(progress), Some(last)) => progress
                .call1(py, (last.rows_read, last.rows_total))
                .map(drop),
            _ => Ok(()),
        }
    })?;
    answer.map(Scorecard).map_err(|error| match error {
        EvaluationError::Definition(problems) => failure::wrong_definition(py, &problems),
        EvaluationError::Source(error) => failure::source_failed(py, &error),
    })
}

/// The statement that an evaluation would run, in the dialect of the source or in another.
#[pyfunction]
#[pyo3(signature = (definition, is_json, source, dialect = None, date_for = None))]
pub(crate) fn sql(
    py: Python<'_>,
    definition: &str,
    is_json: bool,
    source: SourceWords<'_>,
    dialect: Option<&str>,
    date_for: Option<&str>,
) -> PyResult<String> {
    let dialect = dialect.map(dialect_of).transpose()?;
    let experiment = understand(py, definition, is_json, None, date_for)?;
    let waiting = Waiting::new();
    let source = source.open(py, &experiment, Arc::new(|_| ()), waiting.caller())?;
    let plan = for_experiment(&experiment);
    let work = async move { source.statements(&plan, dialect).await };
    let statements = waiting
        .run(py, work, || Ok(()))?
        .map_err(|error| failure::source_failed(py, &error))?;
    Ok(joined(&statements))
}

/// The statements of an evaluation on tables as they usually are.
#[pyfunction]
#[pyo3(signature = (definition, is_json, source, date_for = None))]
pub(crate) fn assumed_sql(
    py: Python<'_>,
    definition: &str,
    is_json: bool,
    source: SourceWords<'_>,
    date_for: Option<&str>,
) -> PyResult<String> {
    let experiment = understand(py, definition, is_json, None, date_for)?;
    Ok(joined(&source.assumed(py, &experiment)?))
}

fn joined(statements: &[String]) -> String {
    let texts: Vec<&str> = statements.iter().map(|text| text.trim_end()).collect();
    format!("{}\n", texts.join(";\n\n"))
}

/// The dialect of that name.
fn dialect_of(word: &str) -> PyResult<Dialect> {
    word.parse().map_err(|_| {
        let known = one_of(Dialect::ALL.iter().map(|dialect| dialect.as_str()));
        PyValueError::new_err(format!("unknown dialect `{word}`, expected {known}"))
    })
}

pub(crate) fn understand(
    py: Python<'_>,
    text: &str,
    is_json: bool,
    inference: Option<&str>,
    date_for: Option<&str>,
) -> PyResult<Experiment> {
    let format = if is_json {
        DefinitionFormat::Json
    } else {
        DefinitionFormat::Yaml
    };
    let definition = read_definition(text, format);
    let Some(mut experiment) = definition.experiment else {
        return Err(failure::wrong_definition(py, &definition.diagnostics));
    };
    if let Some(word) = inference {
        use epstats_experiment::Inference::{EpStats, Standard};
        experiment.inference = [Standard, EpStats]
            .into_iter()
            .find(|profile| profile.as_str() == word)
            .ok_or_else(|| {
                PyValueError::new_err(format!(
                    "unknown inference `{word}`, expected `standard` or `ep-stats`"
                ))
            })?;
    }
    if let Some(day) = date_for {
        let day = day
            .parse()
            .map_err(|_| PyValueError::new_err(format!("`{day}` is no day")))?;
        experiment.dates.evaluated_for = Some(day);
    }
    experiment.set_today(jiff::ZonedDateTime::now().date());
    let problems = experiment.diagnose();
    if problems.iter().any(Diagnostic::is_error) {
        return Err(failure::wrong_definition(py, &problems));
    }
    Ok(experiment)
}
