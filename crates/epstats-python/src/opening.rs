//! Sources, as the Python side tells where the data are.

use std::collections::BTreeMap;
use std::path::Path;

use epstats::plan::for_experiment;
use epstats_api::{Engine, SourceDefinition, read_sources, source_from_fields};
use epstats_experiment::{Diagnostic, Experiment};
use epstats_plan::{Dialect, Plan, Tables, lower};
use epstats_source::sql::{SqlSource, statements};
use epstats_source::{Refusal, Source, SourceError};
use epstats_sources::{Bounds, ProgressReport, open, variable};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::connection::ConnectionSource;
use crate::failure;
use crate::frame::batches;
use crate::unit_goals::UnitGoals;
use crate::waiting::Caller;

/// Where the data are.
#[derive(FromPyObject)]
pub(crate) struct SourceWords<'py> {
    /// The configuration, and the name of its source.
    named: Option<(String, String, String)>,
    /// Fields of a definition of a source, as flags give them.
    fields: Vec<(String, Vec<String>)>,
    /// Frames by the name of their table.
    frames: BTreeMap<String, Bound<'py, PyAny>>,
    /// Goals by unit, as a Dao tells them.
    units: Option<Bound<'py, PyAny>>,
    /// A connection; the fields describe it as a database with a driver, which it is.
    connection: Option<Bound<'py, PyAny>>,
}

/// A source to be asked.
pub(crate) enum Opened {
    /// Its questions are SQL.
    Sql(Box<dyn SqlSource>),
    /// What a Dao told by unit.
    Units(Box<UnitGoals>),
}

impl Opened {
    pub(crate) fn as_source(&self) -> &dyn Source {
        match self {
            Opened::Sql(source) => source.as_ref(),
            Opened::Units(goals) => goals.as_ref(),
        }
    }

    /// The statements that answer a plan.
    pub(crate) async fn statements(
        &self,
        plan: &Plan,
        dialect: Option<Dialect>,
    ) -> Result<Vec<String>, SourceError> {
        match self {
            Opened::Sql(source) => statements(source.as_ref(), plan, dialect).await,
            Opened::Units(goals) => goals.statements(plan, dialect).await,
        }
    }
}

impl SourceWords<'_> {
    /// Opens the source; `report` is told how far it has come, where it can tell.
    pub(crate) fn open(
        self,
        py: Python<'_>,
        experiment: &Experiment,
        report: ProgressReport,
        caller: Caller,
    ) -> PyResult<Opened> {
        if let Some(units) = &self.units {
            let plan = for_experiment(experiment);
            let goals = UnitGoals::read("dao", units, &plan)?;
            return Ok(Opened::Units(Box::new(goals)));
        }
        let (mut definition, folder) = self.definition(py, experiment)?;
        if let Some(connection) = &self.connection {
            let (dialect, names) = definition.engine.speaks();
            let layout = definition.layout;
            let source = ConnectionSource::new(connection, caller, dialect, layout, names)?;
            return Ok(Opened::Sql(Box::new(source)));
        }
        if let Engine::Files { tables, .. } = &mut definition.engine {
            tables.retain(|name, _| !self.frames.contains_key(name));
        }
        let source = open(definition, Path::new(&folder), &Bounds::default())
            .map_err(|error| failure::source_failed(py, &error))?;
        let mut frames = Vec::new();
        for (name, frame) in &self.frames {
            frames.push((name.clone(), batches::read(frame)?));
        }
        let source = source.with_batches(frames).with_progress(report);
        Ok(Opened::Sql(Box::new(source)))
    }

    /// The statements that answer a plan on tables as they usually are; nothing is asked.
    pub(crate) fn assumed(&self, py: Python<'_>, experiment: &Experiment) -> PyResult<Vec<String>> {
        let (definition, _) = self.definition(py, experiment)?;
        let plan = for_experiment(experiment);
        let tables = Tables::assumed(&definition.layout, &plan);
        let lowered = lower(&plan, &definition.layout, &tables)
            .map_err(|error| failure::source_failed(py, &Refusal::from(error).of("source")))?;
        let (dialect, names) = definition.engine.speaks();
        let statements = lowered.statements();
        Ok(statements
            .map(|query| dialect.render(query, &names))
            .collect())
    }

    /// The definition of the source, and the folder in which its paths begin.
    fn definition(
        &self,
        py: Python<'_>,
        experiment: &Experiment,
    ) -> PyResult<(SourceDefinition, String)> {
        if let Some((text, folder, name)) = &self.named {
            return Ok((named(py, text, name)?, folder.clone()));
        }
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
        let (definition, problems) = source_from_fields("source", &fields, Some(&variable));
        match definition {
            Some(definition) if !problems.iter().any(Diagnostic::is_error) => {
                Ok((definition, String::new()))
            }
            _ => Err(failure::wrong_definition(py, &problems)),
        }
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
