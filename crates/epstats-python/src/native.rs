//! The functions of `epstats` itself: definitions and sources to scorecards.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use epstats::EvaluationError;
use epstats::plan::{Dialect, for_experiment};
use epstats_api::{
    DefinitionFormat, Engine, SourceDefinition, read_definition, read_sources, source_from_fields,
};
use epstats_experiment::{Diagnostic, Experiment};
use epstats_source::sql::statements;
use epstats_sources::{AnySource, Bounds, Progress, open, variable};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::failure;
use crate::frame::batches;
use crate::scorecard::Scorecard;
use crate::serve::locked;

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
    let source = source.open(py, &experiment)?;
    let (tell, told) = channel();
    let told = Mutex::new(told);
    let (report, reported) = channel::<Progress>();
    let source = match progress {
        Some(_) => source.with_progress(Arc::new(move |progress| {
            let _nobody_listens = report.send(progress);
        })),
        None => source,
    };
    let runtime = runtime()?;
    let task = runtime.spawn(async move {
        let answer = epstats::evaluate(&experiment, &source).await;
        let _nobody_waits = tell.send(answer);
    });
    let answer = loop {
        match py.detach(|| locked(&told).recv_timeout(PATIENCE)) {
            Ok(answer) => break answer,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(
                    "the evaluation failed; this is a bug",
                ));
            }
            Err(RecvTimeoutError::Timeout) => {
                let goes_on = py.check_signals().and_then(|()| {
                    let last = reported.try_iter().last();
                    match (&progress, last) {
                        (Some(progress), Some(last)) => progress
                            .call1(py, (last.rows_read, last.rows_total))
                            .map(drop),
                        _ => Ok(()),
                    }
                });
                if let Err(error) = goes_on {
                    task.abort();
                    runtime.shutdown_background();
                    return Err(error);
                }
            }
        }
    };
    answer.map(Scorecard).map_err(|error| match error {
        EvaluationError::Definition(problems) => failure::wrong_definition(py, &problems),
        EvaluationError::Source(error) => failure::source_failed(py, &error),
    })
}

/// How often it is looked whether Python was interrupted.
const PATIENCE: Duration = Duration::from_millis(100);

/// The statement that an evaluation would run.
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
    let dialect = dialect.map(str::parse::<Dialect>).transpose();
    let dialect = dialect.map_err(|error| {
        let known: Vec<&str> = Dialect::ALL
            .iter()
            .map(|dialect| dialect.as_str())
            .collect();
        PyValueError::new_err(format!(
            "unknown dialect `{}`, expected one of: {}",
            error.0,
            known.join(", ")
        ))
    })?;
    let experiment = understand(py, definition, is_json, None, date_for)?;
    let source = source.open(py, &experiment)?;
    let plan = for_experiment(&experiment);
    let runtime = runtime()?;
    let statements = py
        .detach(|| runtime.block_on(statements(&source, &plan, dialect)))
        .map_err(|error| failure::source_failed(py, &error))?;
    let texts: Vec<&str> = statements.iter().map(|text| text.trim_end()).collect();
    Ok(format!("{}\n", texts.join(";\n\n")))
}

fn runtime() -> PyResult<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
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

/// Where the data are.
#[derive(FromPyObject)]
pub(crate) struct SourceWords<'py> {
    /// The configuration, and the name of its source.
    named: Option<(String, String, String)>,
    /// Fields of a definition of a source, as flags give them.
    fields: Vec<(String, Vec<String>)>,
    /// Frames by the name of their table.
    frames: BTreeMap<String, Bound<'py, PyAny>>,
}

impl<'py> SourceWords<'py> {
    fn open(self, py: Python<'_>, experiment: &Experiment) -> PyResult<AnySource> {
        let (definition, folder) = match &self.named {
            Some((text, folder, name)) => (named(py, text, name)?, folder.clone()),
            None => {
                let mut fields: Vec<(&str, Vec<String>)> = self
                    .fields
                    .iter()
                    .map(|(name, values)| (name.as_str(), values.clone()))
                    .collect();
                let is_given = |name: &str| fields.iter().any(|(known, _)| *known == name);
                let is_events = fields
                    .iter()
                    .any(|(name, values)| *name == "layout" && values == &["events"]);
                if is_events && !is_given("unit_type") {
                    fields.push(("unit_type", vec![experiment.unit_type.clone()]));
                }
                let (definition, problems) = source_from_fields("source", &fields, None);
                match definition {
                    Some(definition) if !problems.iter().any(Diagnostic::is_error) => {
                        (definition, String::new())
                    }
                    _ => return Err(failure::wrong_definition(py, &problems)),
                }
            }
        };
        let mut definition = definition;
        if let Engine::Files { tables, .. } = &mut definition.engine {
            tables.retain(|name, _| !self.frames.contains_key(name));
        }
        let source = open(definition, Path::new(&folder), &Bounds::default())
            .map_err(|error| failure::source_failed(py, &error))?;
        let mut frames = Vec::new();
        for (name, frame) in &self.frames {
            frames.push((name.clone(), batches::read(frame)?));
        }
        Ok(source.with_batches(frames))
    }
}

fn named(py: Python<'_>, text: &str, name: &str) -> PyResult<SourceDefinition> {
    let mut sources = read_sources(text, &variable);
    if sources.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(failure::wrong_definition(py, &sources.diagnostics));
    }
    sources.sources.remove(name).ok_or_else(|| {
        let known: Vec<&str> = sources.sources.keys().map(String::as_str).collect();
        PyValueError::new_err(format!(
            "there is no source `{name}`; there are: {}",
            known.join(", ")
        ))
    })
}
